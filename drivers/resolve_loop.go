package drivers

import (
	"math"

	"zbench/drivers/load"
	"zbench/results"
)

// resolveLoop chooses the loop from what is set: stages or a rate make a
// schedule, a window a window, else the pattern's own.
func resolveLoop(c *results.Cell, p pattern) error {
	scheduled := c.RateMsgsPerS != 0 || c.Stages != ""
	switch {
	case c.RateMsgsPerS < 0 || c.RateMsgsPerS > maxRate || math.IsNaN(c.RateMsgsPerS):
		return invalid("rate %g: choose from above 0 to %g messages a second, or 0 for as fast as it goes", c.RateMsgsPerS, float64(maxRate))
	case c.Window < 0 || c.Window > 1<<20:
		return invalid("window %d: choose from 1 to %d messages in flight", c.Window, 1<<20)
	case c.RateMsgsPerS != 0 && c.Stages != "":
		return invalid("rate and stages contradict each other: leave one out")
	case c.Window > 0 && (scheduled || c.Loop == results.Max):
		return invalid("window and rate contradict each other: a window sends when a reply comes, a rate when it is due; leave one out")
	case c.Loop == results.Max && scheduled:
		return invalid("rate 0 and stages contradict each other: leave one out")
	case c.Arrival != "" && !scheduled:
		return invalid("arrival %q says how messages of a rate arrive: add rate or stages", c.Arrival)
	}
	switch {
	case scheduled && p.has(results.ScheduledLockstep):
		c.Loop = results.ScheduledLockstep
	case scheduled:
		c.Loop = results.Open
	case c.Window > 0:
		c.Loop = results.Window
	case c.Loop == "":
		c.Loop = p.loops[0]
		if !p.echo {
			c.Loop = results.Max
		}
	}
	if !p.has(c.Loop) && c.Placement != Served {
		return noLoop(c.Loop, p)
	}
	if c.Loop == results.Window {
		setDefault(&c.Window, 1)
	}
	if c.Loop.Scheduled() {
		setDefault(&c.Arrival, "constant")
	}
	return nil
}

func noLoop(l results.Loop, p pattern) error {
	switch l {
	case results.Max:
		return invalid("rate 0: %s has no max loop, its load side waits for replies; use rate above 0, or leave it out", p.name)
	case results.Window:
		mend := "leave it out or use rate"
		if p.inWindow != "" {
			mend = "a REQ has one request in flight; use pattern " + p.inWindow + ", or more clients"
		}
		return invalid("window: %s has no window loop; %s", p.name, mend)
	}
	return invalid("%s has no %s loop", p.name, l)
}

func resolveTime(c *results.Cell, _ pattern) error {
	if c.Stages != "" {
		stages, err := load.ParseStages(c.Stages)
		if err != nil {
			return invalid("%v", err)
		}
		var total float64
		for _, s := range stages {
			total += s.Duration.Seconds()
		}
		if c.Count > 0 || c.DurationS != 0 && c.DurationS != total {
			return invalid("stages say how long the load lasts: leave out count and duration")
		}
		c.DurationS = total
	}
	switch {
	case c.Count > 0 && c.DurationS > 0:
		return invalid("count and duration contradict each other: leave one out")
	case c.DurationS < 0 || c.DurationS > maxDurationS:
		return invalid("duration %gs: choose from above 0 to %d hours", c.DurationS, maxDurationS/3600)
	case c.Count > 0 && c.WarmupS > 0 && !c.Loop.Scheduled():
		return invalid("warmup with count: without a rate nobody knows how many messages it takes; use duration, or leave warmup out")
	case c.Count > 1<<47:
		return invalid("count %d: choose at most %d", c.Count, uint64(1)<<47)
	case c.WarmupS > maxDurationS:
		return invalid("warmup %gs: choose at most %d hours", c.WarmupS, maxDurationS/3600)
	}
	if c.Count == 0 {
		setDefault(&c.DurationS, defaultDurationS)
	}
	if c.WarmupS < 0 && c.Placement == Served {
		c.WarmupS = 0 // the load's is not known here
	}
	if c.WarmupS < 0 {
		c.WarmupS = min(maxWarmupS, c.DurationS/10)
	}
	if _, err := schedule(*c, 0); err != nil {
		return invalid("%v", err)
	}
	return nil
}
