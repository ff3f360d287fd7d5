package load

import (
	"runtime"
	"sync/atomic"
	"time"
)

// Pacer waits for due times on behalf of one goroutine, which need not be, and
// for the sake of the engines should not be, locked to its thread.
//
// It comes closer in steps, each more exact and more costly than the one
// before: a Go timer, a sleep in the kernel that gives the scheduler's slot
// (the P) away, a short one that keeps it, and spinning on the clock. Each
// step ends early by what its overshoot was lately.
type Pacer struct {
	stop     *atomic.Bool
	threads  *seats // of all pacers that were made together
	spins    bool
	released margin // of sleeps that give the P away: includes getting one back
	held     margin // of sleeps that keep it
}

const (
	// A Go timer overshoots by a few milliseconds, so it is used where the due
	// time is further away than far, and ends near before it.
	far  = int64(20 * time.Millisecond)
	near = int64(6 * time.Millisecond)
	// longest is how long a sleep may go without a look at the stop flag.
	longest = int64(50 * time.Millisecond)
	// shortest is the least that is worth a sleep in the kernel.
	shortest = int64(10 * time.Microsecond)
	// maxHold bounds how long a sleeping goroutine may keep a P from others.
	maxHold = int64(250 * time.Microsecond)
	// leastCores are left to others by pacers that spin.
	leastCores = 2
	// maxThreads is how many pacers may block a thread at once, far below the
	// 10,000 threads that Go's runtime allows.
	maxThreads = 256
)

// NewPacers makes n pacers for as many goroutines. One that spins occupies a
// core. Where n would leave fewer than two of the host's cores to others, the engine
// and its peer, none spins: they sleep to the due time and are late by the
// overshoot, some 25 µs. They give up soon after stop becomes true; nil: never.
func NewPacers(n int, stop *atomic.Bool) []*Pacer {
	cores := min(runtime.NumCPU(), runtime.GOMAXPROCS(0))
	if stop == nil {
		stop = new(atomic.Bool)
	}
	threads := new(seats)
	threads.free.Store(maxThreads)
	ps := make([]*Pacer, n)
	for i := range ps {
		ps[i] = &Pacer{
			stop:     stop,
			threads:  threads,
			spins:    cores-n >= leastCores,
			released: minMargin,
			held:     minMargin,
		}
	}
	return ps
}

// Wait returns when Now() ≥ until, with that reading: at once and after a
// single reading where until has passed. ok is false when the pacer was
// stopped, within 50 ms of that; now may then be before until.
func (p *Pacer) Wait(until int64) (now int64, ok bool) {
	now = Now()
	if now < until {
		now = p.wait(now, until)
	}
	return now, !p.stop.Load()
}

func (p *Pacer) wait(now, until int64) int64 {
	for until-now > far {
		if p.stop.Load() {
			return now
		}
		time.Sleep(time.Duration(min(until-now-near, longest)))
		now = Now()
	}
	if !p.spins {
		return p.release(now, until)
	}
	if end := until - int64(p.released); end-now >= shortest {
		now = p.release(now, end)
	} else {
		p.released.relax()
	}
	now = p.hold(now, until)
	for now < until {
		now = Now()
	}
	return now
}

// release sleeps until end and gives the P away meanwhile.
func (p *Pacer) release(now, end int64) int64 {
	for now < end {
		if p.threads.take() {
			sleepReleased(end)
			p.threads.give()
		} else {
			time.Sleep(time.Duration(end - now))
		}
		now = Now()
	}
	p.released.add(now - end)
	return now
}

// hold sleeps until shortly before until and keeps the P meanwhile, so that it
// need not wait for one afterwards.
func (p *Pacer) hold(now, until int64) int64 {
	end := until - int64(p.held)
	if !canHold || end-now < shortest || end-now > maxHold {
		p.held.relax()
		return now
	}
	for now < end {
		sleepHeld(end)
		now = Now()
	}
	p.held.add(now - end)
	return now
}

// seats is a number of seats that nobody queues for.
type seats struct{ free atomic.Int32 }

func (s *seats) take() bool {
	if s.free.Add(-1) >= 0 {
		return true
	}
	s.free.Add(1)
	return false
}

func (s *seats) give() { s.free.Add(1) }
