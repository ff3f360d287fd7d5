package worker

import "sync/atomic"

// crowd tells when cores are short: a worker that looked was put aside for other
// threads, again and again. (A machine that stands still for a while is no crowd.) Then nobody looks for a while. Who looks uses up its share of a
// core, and is put aside when something comes; who sleeps gets a core at once.
// While it goes on the whiles grow longer.
type crowd struct {
	lost  atomic.Int64 // ns for which workers were put aside lately
	until atomic.Int64 // clock reading
	pause atomic.Int64 // ns, the latest
}

const (
	asideNS      = 50_000      // a look that took so long was put aside
	mostLostNS   = 3_000_000   // lost lately: more than hiccups of the host
	forgiven     = 20          // a part of the time that was looked is forgiven
	firstPauseNS = 20_000_000  // that nobody looks for
	mostPauseNS  = 500_000_000 //
)

// note takes down that a look that ended at the clock reading now took so long.
func (c *crowd) note(now, took int64) {
	if took < asideNS {
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
func (c *crowd) is(now int64) bool { return now < c.until.Load() }
