package zmtp

import (
	"runtime"
	"sync/atomic"
)

const (
	spinRounds = 64  // after which to sleep
	spinLooks  = 500 // of a round, some 0.3 µs
	spinMost   = 256 // waits that are not spun after many that were in vain
)

// spin looks for a change for some 20 µs before its user sleeps, because to be
// woken costs the waker half as much. It is for one goroutine. Where looking
// was in vain it is left out for the next waits, for twice as many each time.
type spin struct {
	vain int // waits to leave out after the next that is in vain
	rest int // of them
}

// while looks as long as v is what has been seen.
func (s *spin) while(v *atomic.Uint32, seen uint32) {
	if s.rest > 0 {
		s.rest--
		return
	}
	for range spinRounds {
		for range spinLooks {
			if v.Load() != seen {
				s.vain = 0
				return
			}
		}
		runtime.Gosched()
	}
	s.vain = min(2*s.vain+1, spinMost)
	s.rest = s.vain
}
