package zmtp

import "zbench/engines"

// copyMax is how many bytes of a received message are copied into the chunk
// rather than written from where they lie.
const copyMax = 16 << 10

func (o *outbox) pass(pre, frames [][]byte, m *engines.Msg) bool {
	if o.sent-o.written.Load() >= o.hwm && o.full() {
		return false
	}
	o.dropBig()
	head, total := framesLen(pre), framesLen(frames)
	if total > copyMax {
		o.passLarge(pre, frames, m, head)
		return true
	}
	if len(o.buf)-o.w < head+total {
		o.next(head + total)
	}
	o.ck.scribble()
	at := o.w
	for _, f := range pre {
		at, _ = o.put(at, flagMore, f)
	}
	for _, f := range frames[:len(frames)-1] {
		at, _ = o.put(at, flagMore, f)
	}
	at, _ = o.put(at, 0, frames[len(frames)-1])
	o.advance(at)
	o.ret.give(m)
	return true
}

// passLarge writes frames from where they lie if they are large. m goes back
// when the last of them is written.
func (o *outbox) passLarge(pre, frames [][]byte, m *engines.Msg, need int) {
	for _, f := range frames {
		need += headerLen(len(f))
		if len(f) < largeBody {
			need += len(f)
		}
	}
	if len(o.buf)-o.w < need {
		o.next(need)
	}
	o.ck.scribble()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stage(o.w, o.sent)
	at := o.w
	for _, f := range pre {
		at, _ = o.put(at, flagMore, f)
	}
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		if len(f) < largeBody {
			at, _ = o.put(at, flags, f)
			continue
		}
		at += putHeader(o.buf[at:], flags, len(f))
		o.queue.addChunk(o.ck, o.done, at, 0)
		o.done = at
		o.queue.add(span{b: f})
	}
	if at > o.done {
		o.queue.addChunk(o.ck, o.done, at, 0)
	}
	o.w, o.end, o.done = at, at, at
	o.sent++
	o.staged = o.sent
	o.published.store(uint64(o.sent)<<32 | uint64(at))
	o.queue.finish(m)
	o.queue.kick()
	o.rewind()
}
