package zmtp

import "runtime"

const (
	spinRounds = 120 // looks before a sleep
	spinRest   = 64  // waits left out after many that were in vain
)

// spin is how a receiver looks for some 20 to 70 µs, yielding to other
// goroutines, before it sleeps: to be woken takes longer than most replies of
// a fast peer, and costs the waker as much. Where looking was in vain it is
// left out for the next waits, twice as many each time, so that a receiver of
// a slow peer sleeps. It is for one goroutine: begin a wait, look while again
// is true, and say so if something was found.
type spin struct {
	left int // looks
	vain int // waits that were left out last
	rest int // waits still to be left out
}

func (s *spin) begin() {
	if s.left = spinRounds; s.rest > 0 {
		s.left = 0
		s.rest--
	}
}

func (s *spin) again() bool {
	if s.left == 0 {
		return false
	}
	if s.left--; s.left == 0 {
		s.vain = min(2*s.vain+1, spinRest)
		s.rest = s.vain
		return false
	}
	runtime.Gosched()
	return true
}

func (s *spin) found() {
	if s.left > 0 {
		s.vain = 0
	}
}
