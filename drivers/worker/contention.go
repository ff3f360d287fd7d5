package worker

import "sync/atomic"

// contention tells when cores are short: a worker that looked was preempted, again
// and again. (A machine that stands still for a while is none.) Then nobody looks
// for a while: who looks uses up its share of a core, and is preempted when
// something comes; who sleeps gets a core at once. While it goes on the whiles
// grow longer.
type contention struct {
	lost  atomic.Int64 // ns for which workers were preempted lately
	until atomic.Int64 // clock reading
	pause atomic.Int64 // ns, the latest
}

const (
	preemptedNS  = 50_000     // a look that took so long was preempted
	mostLostNS   = 3_000_000  // lost lately: more than hiccups of the host
	forgiven     = 20         // a part of the time that was looked is forgiven
	firstPauseNS = 20_000_000 // that nobody looks for
	mostPauseNS  = 500_000_000
)

// note takes down that a look that ended at the clock reading now took so long.
func (c *contention) note(now, took int64) {
	if took < preemptedNS {
		if lost := c.lost.Load(); lost > 0 {
			c.lost.Store(max(lost-max(took/forgiven, 1), 0))
		}
		return
	}
	if c.lost.Add(took) < mostLostNS {
		return
	}
	c.lost.Store(0)
	pause, last := int64(firstPauseNS), c.pause.Load()
	if now < c.until.Load()+last {
		pause = min(2*last, mostPauseNS)
	}
	c.pause.Store(pause)
	c.until.Store(now + pause)
}

// is reports whether cores are short at that clock reading.
func (c *contention) is(now int64) bool { return now < c.until.Load() }
