package null

import (
	"bytes"
	"sync/atomic"
	"unsafe"

	"zbench/engines"
)

// segment is a run of a lane's slots with the memory of their bodies, and the
// owner of their messages.
type segment struct {
	lane   *lane
	slots  []slot
	bodies []byte
	keeps  []keep
	plain  []int // by slot: what it holds, where that is a body alone, see plainly; else 0

	_      [padBytes]byte
	back   atomic.Int32 // messages that have come back
	blocks atomic.Bool  // some have, or had, a block
	_      [padBytes]byte
}

// slot is a message as its receiver gets it.
type slot struct {
	msg   engines.Msg // Ref is the block of the body, nil if that lies in the segment
	table [3][]byte   // frames, if they are no more
}

// keep is what the sender alone knows of a slot.
type keep struct {
	frames [][]byte // as they were laid out
	table  [][]byte // where there are more than the slot has room for
	env    []byte   // bytes of all frames but the prefix and the body
	filled int      // bytes of the body, if that lies in the segment, that are the payload's
}

func newSegment(l *lane) *segment {
	g := &segment{
		lane: l, slots: make([]slot, l.per), keeps: make([]keep, l.per), plain: make([]int, l.per),
		bodies: make([]byte, l.per*l.stride),
	}
	for i := range g.slots {
		g.slots[i].msg.Owner = g
	}
	g.back.Store(int32(l.per))
	return g
}

// Free takes messages back.
func (g *segment) Free(ms []*engines.Msg) {
	if g.blocks.Load() {
		for _, m := range ms {
			if b, ok := m.Ref.(*block); ok {
				m.Ref = nil
				b.drop()
			}
		}
	}
	if g.back.Add(int32(len(ms))) == int32(g.lane.per) {
		g.lane.freed()
	}
}

// plainly stands for a slot whose message is the lane's prefix and a body of so
// many bytes; filled: it holds the payload.
func plainly(size int, filled bool) int {
	if filled {
		return 2*size + 1
	}
	return 2*size + 2
}

// make lays out the next message as the prefix, copies of env, and a body that
// begins with the payload. It returns all frames.
func (l *lane) make(env [][]byte, size int) [][]byte {
	if len(env) == 0 {
		if f := l.again(size); f != nil {
			return f
		}
	}
	f := l.shape(env, size, nil)
	g, i := l.seg, l.at
	k := &g.keeps[i]
	if b := blockOf(&g.slots[i].msg); b != nil {
		b.begin(l.payload, size)
		return f
	}
	if k.filled < size {
		k.filled += copy(f[len(f)-1][k.filled:], l.payload[min(k.filled, len(l.payload)):])
	}
	if len(env) == 0 {
		g.plain[i] = plainly(size, true)
	}
	return f
}

// again is make for a body alone where the slot held one of that size before;
// nil: it did not.
func (l *lane) again(size int) [][]byte { return l.holds(plainly(size, true)) }

// holds returns the next slot's frames if that is what it holds.
func (l *lane) holds(plain int) [][]byte {
	s := &l.seg.slots[l.at]
	f := s.msg.Frames
	if l.seg.plain[l.at] != plain || len(f) != len(l.prefix)+1 || unsafe.SliceData(f) != &s.table[0] {
		return nil
	}
	return f
}

// copy lays out the next message as the prefix, copies of env, and the last
// frame of m, which is copied too unless it lies in a block.
func (l *lane) copy(env [][]byte, m *engines.Msg) {
	body := m.Body()
	plain := plainly(len(body), false)
	if len(env) == 0 {
		if f := l.holds(plain); f != nil {
			copy(f[len(f)-1], body)
			return
		}
	}
	shared := blockOf(m)
	f := l.shape(env, len(body), shared)
	if shared != nil {
		return
	}
	copy(f[len(f)-1], body)
	if b := blockOf(&l.seg.slots[l.at].msg); b != nil {
		b.filled = 0
		return
	}
	l.seg.keeps[l.at].filled = 0
	if len(env) == 0 {
		l.seg.plain[l.at] = plain
	}
}

// shape gives the next message the prefix, copies of env, and a body of size
// bytes: that of shared, if there is one. What was so before is not written
// again, so that its memory stays in the receiver's cache too.
func (l *lane) shape(env [][]byte, size int, shared *block) [][]byte {
	g, i := l.seg, l.at
	m, k := &g.slots[i].msg, &g.keeps[i]
	g.plain[i] = 0
	f := k.frames
	if len(m.Frames) != len(f) || unsafe.SliceData(m.Frames) != unsafe.SliceData(f) {
		m.Frames = f
	}
	n := len(l.prefix) + len(env)
	if m.Ref == nil && size <= l.stride && len(f) == n+1 && len(f[n]) == size && fits(f[len(l.prefix):n], env) {
		return f
	}
	return g.layOut(i, env, g.body(i, size, shared))
}

// fits makes frames the same as env, if they have the same lengths.
func fits(frames, env [][]byte) bool {
	for i := range env {
		if len(frames[i]) != len(env[i]) {
			return false
		}
	}
	for i := range env {
		if !bytes.Equal(frames[i], env[i]) {
			copy(frames[i], env[i])
		}
	}
	return true
}

// layOut is shape for a slot that has another one.
func (g *segment) layOut(i int, env [][]byte, body []byte) [][]byte {
	s, k := &g.slots[i], &g.keeps[i]
	n := len(g.lane.prefix) + len(env) + 1
	table := s.table[:]
	if n > len(table) {
		if n > len(k.table) {
			k.table = make([][]byte, n)
		}
		table = k.table
	}
	f := append(table[:0], g.lane.prefix...)
	k.env = k.env[:0]
	for _, frame := range env {
		k.env = append(k.env, frame...)
	}
	at := 0
	for _, frame := range env {
		end := at + len(frame)
		f = append(f, k.env[at:end:end])
		at = end
	}
	f = append(f, body)
	k.frames = f[:n:n]
	s.msg.Frames = k.frames
	return k.frames
}

// body is memory for a slot's body: in the segment, in the block given, or in a
// new one.
func (g *segment) body(i, size int, shared *block) []byte {
	m := &g.slots[i].msg
	b, _ := m.Ref.(*block) // of a message that was not sent, or went to others
	if b != nil && (shared != nil || size <= g.lane.stride || size > len(b.bytes) || b.refs.Load() > 1) {
		m.Ref = nil
		b.drop()
		b = nil
	}
	switch {
	case shared != nil:
		shared.refs.Add(1)
		b = shared
	case size <= g.lane.stride:
		at := i * g.lane.stride
		return g.bodies[at : at+size : at+size]
	case b == nil:
		b = g.lane.from.engine.blocks.get(size)
	}
	m.Ref = b
	g.blocks.Store(true)
	return b.bytes[:size:size]
}

// take moves pointers to the oldest messages into ms, as many as fit and are
// known to be there; it is the receiver's.
func (l *lane) take(ms []*engines.Msg) (n int) {
	if l.empty() {
		return 0
	}
	for n < len(ms) && l.head != l.seen {
		at := int(l.head % uint64(l.per))
		if at == 0 {
			l.cur = l.queue[l.head/uint64(l.per)%uint64(l.most)]
		}
		slots := l.cur.slots[at:min(l.per, at+min(len(ms)-n, int(l.seen-l.head)))]
		for i := range slots {
			ms[n+i] = &slots[i].msg
		}
		n += len(slots)
		l.head += uint64(len(slots))
	}
	return n
}
