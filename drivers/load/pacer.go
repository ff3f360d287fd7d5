package load

import (
	"sync/atomic"
	"time"
)

// Pacer waits for due times on behalf of one goroutine.
type Pacer struct {
	stop *atomic.Bool
	nap  nap
}

// far is how close a coarse timer brings the goroutine to the due time, and
// longest how long it may go without looking at the stop flag.
const (
	far     = int64(20 * time.Millisecond)
	near    = int64(8 * time.Millisecond)
	longest = int64(50 * time.Millisecond)
)

// NewPacer makes a pacer that gives up soon after stop becomes true; nil:
// never.
func NewPacer(stop *atomic.Bool) *Pacer {
	if stop == nil {
		stop = new(atomic.Bool)
	}
	return &Pacer{stop: stop, nap: newNap()}
}

// Wait returns when Now() ≥ until, with that reading: at once and with a single
// reading where until has passed. ok is false when the pacer was stopped,
// within 50 ms of that; now may then be before until.
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
	now = p.nap.until(now, until)
	for now < until {
		now = Now()
	}
	return now
}
