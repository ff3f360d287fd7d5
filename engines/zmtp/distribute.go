package zmtp

import "bytes"

// distribute gives messages [done, count) of the chunk, which end at byte w,
// to those who want them. s.mu is held.
func (s *publish) distribute(count, w int) {
	if count == s.done {
		return
	}
	s.update()
	if len(s.all) == len(s.peers) {
		for _, p := range s.peers {
			s.deliver(p, []run{{s.done, count}}[:])
		}
	} else {
		for i, to := s.done, 0; i < count; i = to {
			first := s.first(i)
			for to = i + 1; to < count && bytes.Equal(s.first(to), first); to++ {
			}
			s.match(first, i, func(k int) { s.extend(k, run{i, to}) })
		}
		for k, p := range s.peers {
			if len(s.spread[k]) > 0 {
				s.deliver(p, s.spread[k])
				s.spread[k] = s.spread[k][:0]
			}
			s.mark[k] = -1
		}
	}
	s.done, s.doneBytes = count, w
}

// update compiles the table anew where peers or subscriptions changed.
func (s *publish) update() {
	changes := s.c.changes.Load()
	if s.table.by != nil && changes == s.seen && !s.registry.changed.Load() {
		return
	}
	s.seen = changes
	s.table = s.registry.compile(s.c.list())
	s.spread = make([][]run, len(s.peers))
}

// extend adds messages to the burst of peer k.
func (s *publish) extend(k int, r run) {
	runs := s.spread[k]
	if n := len(runs); n > 0 && runs[n-1].to == r.from {
		runs[n-1].to = r.to
		return
	}
	s.spread[k] = append(runs, r)
}

// offset is where message i begins in the chunk.
func (s *publish) offset(i int) int {
	if i == 0 {
		return 0
	}
	return int(s.ends[i-1])
}

// first is the first frame of message i, which is what subscriptions match.
func (s *publish) first(i int) []byte {
	b := s.buf[s.offset(i):s.ends[i]]
	h, _ := parseHeader(b, maxInt) // our own
	return b[h.len : h.len+h.size]
}

// deliver gives runs to one peer, as far as its HWM has room.
func (s *publish) deliver(p *peer, runs []run) {
	if p.wire == nil {
		for _, r := range runs {
			for i := r.from; i < r.to; i++ {
				s.hand(p, s.buf[s.offset(i):s.ends[i]], nil)
			}
		}
		p.out.flush()
		return
	}
	o := &p.wire.out
	o.mu.Lock()
	defer o.mu.Unlock()
	room := s.c.set.SendHWM - o.queue.msgs
	whole := len(runs) == 1 && !o.queue.active
	for _, r := range runs {
		n := min(r.to-r.from, max(room, 0))
		room -= n
		s.c.stats.dropped.Add(uint64(r.to - r.from - n))
		if n == 0 {
			continue
		}
		from, to := s.offset(r.from), s.offset(r.from+n)
		if whole || to-from > len(s.buf)/4 {
			o.queue.addChunk(s.ck, from, to, uint32(n))
		} else {
			o.copyIn(s.buf[from:to], uint32(n))
		}
	}
	o.queue.kick()
}

// copyIn queues a copy of whole messages, where a reference would keep a chunk
// for little or be one of many. o.mu is held.
func (o *outbox) copyIn(b []byte, msgs uint32) {
	if o.queue.len() == 0 {
		o.w = 0
	}
	if len(o.buf)-o.w < len(b) {
		if o.ck != nil {
			o.ck.drop()
		}
		o.ck = o.pools.get(max(len(b), min(o.batch, max(firstChunk, 4*len(o.buf)))))
		o.buf, o.w = o.ck.buf, 0
	}
	o.ck.scribble()
	at := o.w
	o.w += copy(o.buf[at:], b)
	o.queue.addChunk(o.ck, at, o.w, msgs)
}

// sendLarge gives the reserved message, whose body lies outside the chunk, to
// those who want it, after everything before it.
func (s *publish) sendLarge() {
	body, head := s.msg.Body(), s.end
	big := s.big
	s.big = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.distribute(s.count, s.w)
	s.update()
	start := s.w
	s.match(s.msg.Frames[0], s.count, func(k int) {
		p := s.peers[k]
		if p.wire == nil {
			s.hand(p, s.buf[start:head], body)
			p.out.flush()
			return
		}
		o := &p.wire.out
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.queue.msgs >= s.c.set.SendHWM {
			s.c.stats.dropped.Add(1)
			return
		}
		o.copyIn(s.buf[start:head], 0)
		big.hold()
		o.queue.add(span{b: body, ck: big, msgs: 1})
		o.queue.kick()
	})
	for k := range s.mark {
		s.mark[k] = -1
	}
	big.drop()
	s.end = s.w
	s.dirty = false
}

// hand gives one message to a peer of this process. b is the message in wire
// format, but for its last body where large is not nil.
func (s *publish) hand(p *peer, b, large []byte) {
	s.scratch = s.scratch[:0]
	for len(b) > 0 {
		h, _ := parseHeader(b, maxInt) // our own
		if large != nil && len(b) == h.len {
			s.scratch = append(s.scratch, large)
			break
		}
		s.scratch = append(s.scratch, b[h.len:h.len+h.size])
		b = b[h.len+h.size:]
	}
	if !p.out.pass(nil, s.scratch, &s.copied) {
		s.c.stats.dropped.Add(1)
	}
}
