package worker

import "sync/atomic"

// crowd tells when cores are short: a worker that could run had to wait for one.
// Then nobody looks for a while, for who looks holds a core that another one may
// wait for, and who sleeps gets one sooner when something comes than who has just
// used one up. While it goes on the whiles grow longer.
type crowd struct {
	until atomic.Int64 // clock reading
	pause atomic.Int64 // ns, the latest
}

const (
	crowdedNS    = 100_000   // a worker that ran so late had to wait
	firstPauseNS = 5_000_000 // that nobody looks for
	mostPauseNS  = 500_000_000
)

// note takes down that a worker ran at that clock reading, late by so much.
func (c *crowd) note(now, late int64) {
	until := c.until.Load()
	if late < crowdedNS || now < until {
		return
	}
	pause := int64(firstPauseNS)
	if last := c.pause.Load(); now < until+4*last {
		pause = min(2*last, mostPauseNS)
	}
	c.pause.Store(pause)
	c.until.Store(now + pause)
}

// is reports whether cores are short at that clock reading.
func (c *crowd) is(now int64) bool { return now < c.until.Load() }
