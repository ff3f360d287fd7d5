package worker

import "sync/atomic"

// Seat is a member's place at its worker. Sockets of the member call it
// (engines.Host), from any goroutine.
type Seat struct {
	worker *worker
	member Member
	rung   atomic.Bool // it is among those woken, or about to be
	below  *Seat       // there

	// The worker's thread alone.
	queued bool
	called bool
	unread bool  // it has not found its sockets empty
	since  int64 // what it finds came at this instant or later
	at     int64 // its time
	index  int   // in timers, from 1 on; 0: it is not there
}

// Wake implements engines.Host: the member is attended to soon.
func (s *Seat) Wake() {
	if s.rung.Load() || !s.rung.CompareAndSwap(false, true) {
		return
	}
	w := s.worker
	for {
		top := w.woken.Load()
		s.below = top
		if w.woken.CompareAndSwap(top, s) {
			break
		}
	}
	if w.asleep.Load() {
		w.poller.wake()
	}
}
