package zmtp

import (
	"sync/atomic"
	"unsafe"

	"zbench/engines"
)

// burstMsgs is how many messages a burst has room for.
const burstMsgs = 256

// burst is a slab of received messages and the owner of each: those that came
// out of one read, or that an inproc sender wrote between two flushes. It
// keeps the memory in which their frames lie until all have come back, so
// that references are counted once a burst and once a Release, not once a
// message.
//
// A producer fills it, alone, holding one count in out; each message handed
// to a receiver is another count. At zero the burst is empty again.
type burst struct {
	out    atomic.Int32
	n      int // messages made
	nf     int // frames used
	msgs   []engines.Msg
	frames [][]byte
	res    []*chunk // memory that frames lie in, a reference each
	from   *peer
	pools  *pools
	guard  guard
}

// newBurst returns an empty burst that its producer holds.
func (p *pools) newBurst(from *peer) *burst {
	b, _ := p.bursts.Get().(*burst)
	if b == nil {
		b = newSlab(burstMsgs)
		b.pools = p
	}
	b.from = from
	b.out.Store(1)
	return b
}

// newSlab returns an empty burst for so many messages that its producer holds.
// It belongs to no pool.
func newSlab(msgs int) *burst {
	b := &burst{msgs: make([]engines.Msg, msgs), frames: make([][]byte, 2*msgs)}
	for i := range b.msgs {
		b.msgs[i].Owner = b
	}
	b.out.Store(1)
	return b
}

// fits reports whether a message of so many frames can be added, growing the
// frames' slab where the burst has no message yet.
func (b *burst) fits(frames int) bool {
	if b.n == len(b.msgs) {
		return false
	}
	if b.nf+frames <= len(b.frames) {
		return true
	}
	if b.n > 0 {
		return false
	}
	b.frames = make([][]byte, frames)
	return true
}

// add makes a message of the frames that lie in b.frames[b.nf:b.nf+n].
func (b *burst) add(n int) *engines.Msg {
	m := &b.msgs[b.n]
	end := b.nf + n
	// As a rule the slot's last message had the same place. Not to write it
	// again leaves its cache line with the receiver.
	if len(m.Frames) != n || unsafe.SliceData(m.Frames) != &b.frames[b.nf] {
		m.Frames = b.frames[b.nf:end:end]
	}
	b.guard.made(b.n)
	b.nf = end
	b.n++
	return m
}

// keep holds c for as long as b has messages.
func (b *burst) keep(c *chunk) {
	if n := len(b.res); n > 0 && b.res[n-1] == c {
		return
	}
	c.hold()
	b.res = append(b.res, c)
}

// adopt takes over a reference to c.
func (b *burst) adopt(c *chunk) { b.res = append(b.res, c) }

// Free takes messages back; it implements engines.Owner.
func (b *burst) Free(ms []*engines.Msg) {
	b.guard.freed(b, ms)
	if b.out.Add(-int32(len(ms))) == 0 {
		b.recycle()
	}
}

// letGo gives up the producer's count.
func (b *burst) letGo() {
	if b.out.Add(-1) == 0 {
		b.recycle()
	}
}

// idle reports whether every message has come back; only the producer, who
// holds its count, may ask.
func (b *burst) idle() bool { return b.out.Load() == 1 }

// reset empties b for its producer.
func (b *burst) reset() {
	for i, c := range b.res {
		c.drop()
		b.res[i] = nil
	}
	b.res = b.res[:0]
	b.n, b.nf = 0, 0
	b.guard.reset()
}

func (b *burst) recycle() {
	b.reset()
	b.from = nil
	if b.pools != nil {
		b.pools.bursts.Put(b)
	}
}
