package zmtp

import (
	"sync"
	"sync/atomic"
	"time"

	"zbench/engines"
)

// inbox is where a socket's messages wait for its receiver, fairly queued by
// peer (RFC 28): who has been served goes to the back. Bursts are handed over,
// not messages.
//
// A socket with one connection has no use for that: its receiver reads the
// connection itself, which saves two changes of goroutine a round trip. When a
// second peer joins, the first is demoted: a pump of its own reads it from
// then on.
type inbox struct {
	core    *core
	hwm     int // messages, per peer
	direct  atomic.Pointer[reader]
	b       *burst        // of direct reads; the receiver's alone
	wake    chan struct{} // one token: look again
	puts    atomic.Uint32 // bursts that were queued
	spin    spin          // the receiver's alone
	emptied uint32        // puts as of which nothing was left; a hosted receiver's

	mu      sync.Mutex
	ready   []*peer // with messages, the next first
	asleep  bool
	closed  bool
	sources int       // peers that have joined and not left
	demoted []*reader // to be pumped, once the receiver is out of them
}

// feed is a peer's share of the inbox, under its lock.
type feed struct {
	entries []entry
	queued  int // messages
	listed  bool
	stuck   bool          // the pump waits on room
	room    chan struct{} // one token
	taken   atomic.Uint32 // messages that the receiver took, for inproc senders
}

// entry is a run of a burst's messages.
type entry struct {
	b        *burst
	from, to int
}

func (q *inbox) init(c *core, hwm int) {
	q.core, q.hwm = c, hwm
	q.wake = make(chan struct{}, 1)
}

// join decides who reads p: the receiver itself where p is the only one, and
// else a pump.
func (q *inbox) join(p *peer) {
	p.fed.room = make(chan struct{}, 1)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sources++
	if r := q.direct.Load(); r != nil {
		q.demote(r)
	}
	switch {
	case q.core.set.Host != nil: // which reads it
		q.rouse()
	case p.wire == nil:
	case q.sources == 1 && q.core.set.direct:
		q.direct.Store(&p.wire.reader)
		q.rouse()
	default:
		go p.wire.pump()
	}
}

// demote has r pumped as soon as the receiver lets go of it. q.mu is held.
func (q *inbox) demote(r *reader) {
	q.direct.Store(nil)
	q.demoted = append(q.demoted, r)
	_ = r.wire.io.nc.SetReadDeadline(time.Unix(1, 0)) // wakes the receiver; a closed connection wakes it anyway
	q.rouse()
}

// demotePumped makes r a pumped reader if it is the direct one, so that its
// peer's heartbeats are answered while the receiver does something else.
func (q *inbox) demotePumped(r *reader) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.direct.Load() == r {
		q.demote(r)
	}
}

// leave forgets a peer; what it sent is still received.
func (q *inbox) leave(p *peer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sources--
	if p.wire != nil && q.direct.Load() == &p.wire.reader {
		q.direct.Store(nil)
	}
	if p.fed.stuck {
		p.fed.stuck = false
		p.fed.room <- struct{}{}
	}
	q.rouse()
}

// rouse wakes the receiver. q.mu is held.
func (q *inbox) rouse() {
	if h := q.core.set.Host; h != nil {
		h.Wake()
	} else if q.asleep {
		q.asleep = false
		q.wake <- struct{}{}
	}
}

// stayAwake takes back that the receiver is asleep.
func (q *inbox) stayAwake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.rouse()
	<-q.wake
}

// put queues messages [from, to) of b, whose counts the caller has added.
func (q *inbox) put(p *peer, b *burst, from, to int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.append(p, b, from, to)
}

// offer is put for the one message of b, but false where nobody receives what
// comes from p.
func (q *inbox) offer(p *peer, b *burst) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p.fed.queued >= maxSubscriptions {
		return false
	}
	q.append(p, b, 0, 1)
	return true
}

// append is put under q.mu.
func (q *inbox) append(p *peer, b *burst, from, to int) {
	if q.closed {
		b.out.Add(-int32(to - from)) // the producer still holds its own
		return
	}
	f := &p.fed
	f.queued += to - from
	if n := len(f.entries); n > 0 && f.entries[n-1].b == b && f.entries[n-1].to == from {
		f.entries[n-1].to = to
	} else {
		f.entries = append(f.entries, entry{b, from, to})
	}
	if !f.listed {
		f.listed = true
		q.ready = append(q.ready, p)
	}
	q.puts.Add(1)
	q.rouse()
}

// waitRoom holds a pump up while its peer has its fill of messages queued.
func (q *inbox) waitRoom(p *peer) {
	if q.core.set.Host != nil {
		return // the host is who would make room
	}
	f := &p.fed
	q.mu.Lock()
	for f.queued >= q.hwm && !q.closed && !p.wire.ended.Load() {
		f.stuck = true
		q.mu.Unlock()
		<-f.room
		q.mu.Lock()
	}
	q.mu.Unlock()
}

// take moves what is there to ms. Where there is nothing for a while the
// receiver counts as asleep and must wait on wake.
func (q *inbox) take(ms []*engines.Msg) int {
	seen := q.puts.Load()
	if n := q.takeNow(ms, false); n > 0 {
		return n
	}
	for q.spin.begin(); q.puts.Load() == seen && q.spin.again(); {
	}
	if q.puts.Load() != seen {
		q.spin.found()
	}
	return q.takeNow(ms, true)
}

// takeNow is take without patience.
func (q *inbox) takeNow(ms []*engines.Msg, sleep bool) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.promoteDemoted()
	n := 0
	for len(q.ready) > 0 && n < len(ms) {
		p := q.ready[0]
		copy(q.ready, q.ready[1:])
		q.ready = q.ready[:len(q.ready)-1]
		n += q.takeFrom(p, ms[n:])
		if p.fed.listed = len(p.fed.entries) > 0; p.fed.listed {
			q.ready = append(q.ready, p)
		}
	}
	if n == 0 && sleep {
		q.asleep = true
		if q.closed || q.direct.Load() != nil {
			q.rouse()
		}
	}
	return n
}

// takeFrom moves messages of p's first burst to ms.
func (q *inbox) takeFrom(p *peer, ms []*engines.Msg) int {
	f := &p.fed
	e := &f.entries[0]
	n := min(len(ms), e.to-e.from)
	for i := range n {
		ms[i] = &e.b.msgs[e.from+i]
	}
	e.from += n
	if e.from == e.to {
		k := copy(f.entries, f.entries[1:])
		f.entries[k] = entry{}
		f.entries = f.entries[:k]
	}
	f.queued -= n
	f.taken.Add(uint32(n))
	if f.stuck && f.queued < q.hwm {
		f.stuck = false
		f.room <- struct{}{}
	}
	if p.inproc != nil {
		p.inproc.sender.ring()
	}
	return n
}

// promoteDemoted starts the pumps of readers that the receiver has left.
func (q *inbox) promoteDemoted() {
	for i, r := range q.demoted {
		_ = r.wire.io.nc.SetReadDeadline(time.Time{}) // a closed connection ends the pump
		go r.wire.pump()
		q.demoted[i] = nil
	}
	q.demoted = q.demoted[:0]
}

// close wakes everybody for the last time.
func (q *inbox) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.rouse()
}
