package zmtp

import (
	"sync/atomic"

	"zbench/engines"
)

// span is a piece of memory to write and what ends with it.
type span struct {
	b    []byte
	ck   *chunk       // whose reference is dropped, if any
	m    *engines.Msg // which goes back to its owner, if any
	msgs uint32       // messages that are complete with it
}

// queue is what a connection has yet to write, in order. The lock of its
// outbox guards it; only while active does its own goroutine write, and then
// nobody else.
type queue struct {
	wire    *wire
	written *atomic.Uint32
	spans   []span
	head    int  // of spans; those before are written
	msgs    int  // messages in spans
	active  bool // its own goroutine writes
	parked  bool // the socket's host waits until the kernel has room
	dead    bool
	drainFn func()
	one     [1]*engines.Msg
}

func (q *queue) init(w *wire, written *atomic.Uint32) {
	q.wire, q.written = w, written
	q.drainFn = q.drain
	q.spans = make([]span, 0, 8)
}

func (q *queue) len() int { return len(q.spans) - q.head }

// add appends a span, taking over its reference.
func (q *queue) add(s span) {
	if q.head > 64 && q.head > len(q.spans)/2 {
		n := copy(q.spans, q.spans[q.head:])
		clear(q.spans[n:])
		q.spans, q.head = q.spans[:n], 0
	}
	q.msgs += int(s.msgs)
	q.spans = append(q.spans, s)
}

// addChunk appends ck's bytes [from, to), which complete msgs messages,
// joining them to the last span where they follow it.
func (q *queue) addChunk(ck *chunk, from, to int, msgs uint32) {
	if n := q.len(); n > 0 {
		last := &q.spans[len(q.spans)-1]
		if last.ck == ck && last.m == nil && from > 0 && len(last.b) > 0 && &last.b[len(last.b)-1] == &ck.buf[from-1] {
			last.b = last.b[:len(last.b)+to-from]
			last.msgs += msgs
			q.msgs += int(msgs)
			return
		}
	}
	ck.hold()
	q.add(span{b: ck.buf[from:to], ck: ck, msgs: msgs})
}

// finish makes the last span complete one message, which goes back to its
// owner then.
func (q *queue) finish(m *engines.Msg) {
	last := &q.spans[len(q.spans)-1]
	last.m = m
	last.msgs++
	q.msgs++
}

// kick writes what the kernel takes now and leaves the rest to drain.
func (q *queue) kick() {
	for q.len() > 0 && !q.active && !q.parked {
		if q.dead {
			q.discard()
			return
		}
		want := q.gather()
		n, err := q.wire.io.tryWrite()
		if err != nil {
			q.fail(err)
			return
		}
		q.advance(n)
		if n < want {
			q.park()
		}
	}
}

// park leaves the rest until the kernel has room: to the socket's host, or to a
// goroutine.
func (q *queue) park() {
	if h := q.wire.core.set.Host; h != nil {
		q.parked = true
		_ = q.wire.io.with(func(fd int) error { return h.WatchRoom(fd, true) }) // one that has ended is told so otherwise
		return
	}
	q.active = true
	go q.drainFn()
}

// gather hands the first spans to the connection and returns their bytes.
func (q *queue) gather() int {
	n := 0
	for i := q.head; i < len(q.spans); i++ {
		n += len(q.spans[i].b)
		if !q.wire.io.gather(q.spans[i].b) {
			break
		}
	}
	return n
}

// drain writes until the queue is empty, waiting for the kernel without the
// lock.
func (q *queue) drain() {
	mu := &q.wire.out.mu
	mu.Lock()
	defer mu.Unlock()
	for q.len() > 0 && !q.dead {
		q.gather()
		mu.Unlock()
		n, err := q.wire.io.write()
		mu.Lock()
		if err != nil {
			q.fail(err)
			break
		}
		q.advance(n)
		q.wire.core.ring()
	}
	q.active = false
	if q.dead {
		q.discard()
	}
	q.wire.core.ring()
}

// advance takes n written bytes off the front.
func (q *queue) advance(n int) {
	msgs := uint32(0)
	for n > 0 {
		s := &q.spans[q.head]
		if n < len(s.b) {
			s.b = s.b[n:]
			break
		}
		n -= len(s.b)
		msgs += s.msgs
		q.drop(s)
		q.head++
	}
	if q.head == len(q.spans) {
		q.spans, q.head = q.spans[:0], 0
	}
	q.msgs -= int(msgs)
	if msgs > 0 {
		q.written.Add(msgs)
	}
}

// drop lets go of what a span refers to.
func (q *queue) drop(s *span) {
	if s.ck != nil {
		s.ck.drop()
	}
	if s.m != nil && s.m.Owner != nil {
		q.one[0] = s.m
		s.m.Owner.Free(q.one[:])
		q.one[0] = nil
	}
	*s = span{}
}

// shut makes the sender take a connection that has failed for one at its HWM,
// until it hears that it is gone: what it sent there would be lost.
const shut = 1 << 31

// fail ends the connection; what it still had to write is lost. The rest of
// the socket hears of it without the lock.
func (q *queue) fail(err error) {
	if !q.dead {
		q.written.Add(shut)
	}
	q.dead = true
	if !q.active {
		q.discard()
	}
	go q.wire.fail(err)
}

func (q *queue) discard() {
	q.wire.core.stats.unsent.Add(uint64(q.msgs))
	for i := q.head; i < len(q.spans); i++ {
		q.drop(&q.spans[i])
	}
	q.spans, q.head, q.msgs = q.spans[:0], 0, 0
}
