package null

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"zbench/engines"
)

// group is 64 of the connections that a socket receives from. Its bits say in
// which of them there may be something: a sender sets its own when it publishes,
// and the receiver clears it when it has found nothing there, so that many
// connections cost no more than those that speak.
type group struct {
	ends [64]atomic.Pointer[end]
	used uint64 // bits; under engine.mu

	_     [padBytes]byte
	ready atomic.Uint64
	_     [padBytes]byte
}

// join adds a connection to receive from; the caller holds the engine's mutex.
func (s *socket) join(e *end) {
	groups := *s.groups.Load()
	at := slices.IndexFunc(groups, func(g *group) bool { return g.used != ^uint64(0) })
	if at < 0 {
		at = len(groups)
		groups = append(slices.Clip(groups), &group{})
		s.groups.Store(&groups)
	}
	g := groups[at]
	i := bits.TrailingZeros64(^g.used)
	g.used |= 1 << i
	s.sources++
	g.ends[i].Store(e)
	e.in.group, e.in.bit = g, 1<<i
}

// leave forgets an ended connection that was read empty.
func (s *socket) leave(e *end) {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	g := e.in.group
	g.ends[bits.TrailingZeros64(e.in.bit)].Store(nil)
	g.used &^= e.in.bit
	s.sources--
}

// arrived reports whether there may be something to receive.
func (s *socket) arrived() bool {
	for _, g := range *s.groups.Load() {
		if g.ready.Load() != 0 {
			return true
		}
	}
	return false
}

// gather fills ms with what is there, a share from one connection after the
// other. 0: there was nothing, or nothing acceptable.
func (s *socket) gather(ms []*engines.Msg) (n int) {
	groups := *s.groups.Load()
	speaking := 0
	for _, g := range groups {
		speaking += bits.OnesCount64(g.ready.Load())
	}
	if speaking == 0 {
		return 0
	}
	share := max((len(ms)+speaking-1)/speaking, segmentSlots) // a few of each would find all of them cold
	first, before := s.turnIn/64%len(groups), uint64(1)<<(s.turnIn%64)-1
	for k := 0; k <= len(groups); k++ { // the first group twice: its end, then its beginning
		at := (first + k) % len(groups)
		g := groups[at]
		w := g.ready.Load()
		switch k {
		case 0:
			w &^= before
		case len(groups):
			w &= before
		}
		for ; w != 0; w &= w - 1 {
			if n == len(ms) {
				return n
			}
			i := bits.TrailingZeros64(w)
			s.turnIn = at*64 + i + 1
			n += s.takeFrom(g, i, ms[n:min(n+share, len(ms))])
		}
	}
	return n
}

// takeFrom takes from one connection of a group.
func (s *socket) takeFrom(g *group, i int, ms []*engines.Msg) int {
	e := g.ends[i].Load()
	if e == nil { // its sender was the last to know
		g.ready.And(^(uint64(1) << i))
		return 0
	}
	n := e.in.take(ms)
	if n == 0 {
		s.rest(e)
	} else if s.do.accept != nil {
		n = s.do.accept(s, e, ms[:n])
	}
	return n
}

// rest turns away from a connection that has nothing, until it signals.
func (s *socket) rest(e *end) {
	l := e.in
	l.group.ready.And(^l.bit)
	// What was published before is seen now; what comes after signals.
	ended := l.closed.Load()
	switch {
	case !l.empty():
		l.group.ready.Or(l.bit)
	case ended:
		s.leave(e)
	default:
		l.from.sendBell.ring() // if it waits for more room than it will get
	}
}
