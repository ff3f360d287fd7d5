package zmtp

import (
	"sync"

	"zbench/engines"
)

// maxPublished is how many messages one flush distributes at most.
const maxPublished = 4096

// publish is the sender of PUB and XPUB. Messages are encoded once, into a
// chunk that all subscribers' connections write from; who gets which is found
// out when they are flushed, for a whole burst at a time. A subscriber at its
// HWM misses messages, the others do not notice (RFC 29).
type publish struct {
	c        *core
	registry registry

	// The sender's alone.
	ck     *chunk
	buf    []byte
	w, end int // committed, reserved
	count  int // messages committed to ck
	allow  int // messages for which every subscriber has room, where none may be dropped
	dirty  bool
	big    *chunk // the body of the reservation, where it is large
	msg    engines.Msg
	frames [][]byte
	ret    returns

	ends      []uint32 // where each message of ck ends
	published mark     // count<<32 | w, for those who flush

	mu   sync.Mutex
	seen uint32 // of core.changes, for table
	*table
	spread    [][]run // of the burst, by peer
	done      int     // messages of ck distributed
	doneBytes int
	scratch   [][]byte
	copied    engines.Msg // what nobody owns
}

// run is messages [from, to) of the chunk.
type run struct{ from, to int }

func newPublish(c *core) *publish {
	s := &publish{c: c, table: &table{}, frames: make([][]byte, 4)}
	s.registry.core = c
	s.ends = make([]uint32, max(1, min(c.set.SendHWM, maxPublished)))
	s.msg.Owner = abandoned{}
	c.publisher = s
	c.left = s.forget
	return s
}

// Alloc implements engines.Sender. It waits where NoDrop is set alone.
func (s *publish) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.c.closed.Load() {
		return nil, s.c.errClosed("send")
	}
	if s.allow == 0 && s.c.set.NoDrop {
		if err := s.awaitRoom(); err != nil {
			return nil, err
		}
	}
	s.dropBig()
	large := size >= largeBody
	need := framesLen(env) + headerLen(size)
	if !large {
		need += size
	}
	if len(s.buf)-s.w < need || s.count == len(s.ends) {
		s.next(need)
	}
	if len(s.frames) <= len(env) {
		s.frames = make([][]byte, 2*len(env))
	}
	at := s.w
	for i, f := range env {
		at += putHeader(s.buf[at:], flagMore, len(f))
		n := at + copy(s.buf[at:], f)
		s.frames[i] = s.buf[at:n:n]
		at = n
	}
	at += putHeader(s.buf[at:], 0, size)
	var body []byte
	if large {
		s.big = s.c.set.pools.get(size)
		body = s.big.buf[:size:size]
		s.big.fill(0, size, 0, body, s.c.set.Payload)
		s.ck.scribble() // with headers and env alone
	} else {
		body = s.buf[at : at+size : at+size]
		at += size
		s.ck.fill(s.w, at-s.w, at-size-s.w, body, s.c.set.Payload)
	}
	s.end = at
	s.frames[len(env)] = body
	s.msg.Frames = s.frames[: len(env)+1 : len(env)+1]
	return &s.msg, nil
}

// Send implements engines.Sender.
func (s *publish) Send(m *engines.Msg) error {
	if m != &s.msg {
		return s.forward(m)
	}
	if s.end == s.w {
		return sendable(m)
	}
	s.allow = max(s.allow-1, 0)
	if s.big != nil {
		s.sendLarge()
		return nil
	}
	s.commit()
	return nil
}

// commit publishes the reserved message.
func (s *publish) commit() {
	s.ends[s.count] = uint32(s.end)
	s.w = s.end
	s.count++
	s.dirty = true
	s.published.move(uint64(s.count)<<32 | uint64(s.w))
	s.c.pacer.rouse()
}

// forward sends a message that was received: its frames are copied once, for
// all subscribers.
func (s *publish) forward(m *engines.Msg) error {
	if err := sendable(m); err != nil {
		return err
	}
	last := len(m.Frames) - 1
	if _, err := s.Alloc(m.Frames[:last], len(m.Frames[last])); err != nil {
		return err
	}
	if s.big != nil {
		s.big.scribble()
	}
	s.ck.scribble()
	copy(s.frames[last], m.Frames[last])
	if err := s.Send(&s.msg); err != nil {
		return err
	}
	s.ret.give(m)
	return nil
}

// Flush implements engines.Sender.
func (s *publish) Flush() error {
	s.ret.flush()
	if !s.dirty {
		return nil
	}
	s.dirty = false
	s.mu.Lock()
	s.distribute(s.count, s.w)
	s.rewind()
	s.mu.Unlock()
	return nil
}

// push is Flush for the pacer and Close.
func (s *publish) push() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.published.load()
	if int(p>>32) == s.done {
		return false
	}
	s.distribute(int(p>>32), int(uint32(p)))
	return true
}

// rewind starts the chunk again where no connection has to write from it any
// more. s.mu is held, by the sender.
func (s *publish) rewind() bool {
	if s.ck.refs.Load() > 1 || s.end > s.w {
		return false
	}
	s.reset()
	return true
}

func (s *publish) reset() {
	s.w, s.end, s.count, s.done, s.doneBytes = 0, 0, 0, 0, 0
	s.published.store(0)
}

// next makes room for need bytes and one more message.
func (s *publish) next(need int) {
	s.end = s.w
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ck != nil {
		s.dirty = false
		s.distribute(s.count, s.w)
		if s.rewind() && need <= len(s.buf) && len(s.buf) >= s.c.set.BatchBytes {
			return
		}
		s.ck.drop()
	}
	batch := s.c.set.BatchBytes
	s.ck = s.c.set.pools.get(max(firstChunk, need, min(batch, 4*len(s.buf))))
	s.buf = s.ck.buf[:max(need, min(len(s.ck.buf), batch))]
	s.reset()
}

func (s *publish) dropBig() {
	if s.big != nil {
		s.big.drop()
		s.big = nil
	}
}

// forget ends the subscriptions of a peer that left.
func (s *publish) forget(p *peer) {
	for _, t := range s.registry.forget(p) {
		s.announce(p, []byte(t), false)
	}
}
