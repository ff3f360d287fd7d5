package results

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Phase is a part of the schedule, by due time (send time where nothing is
// due): the warm-up (Measured false), then stages, or one phase "measured".
type Phase struct {
	Name     string
	From, To time.Duration // since the run's start
	Measured bool
}

// endless is the least length that counts as open-ended: 1<<62 ns and what
// comes near it.
const endless = time.Duration(1 << 61)

// Kinds of latency.
const (
	RoundTrip = "round_trip"
	OneWay    = "one_way"
	NoLatency = "none" // nothing is stamped: counts only
)

// Config says what a Collector is to collect.
type Config struct {
	Start     int64         // clock reading (ns, CLOCK_MONOTONIC) of the run's start
	StartWall time.Time     // the same instant as time.Now gave it; zero: NewCollector's call
	Phases    []Phase       // in order and contiguous; the last may be open-ended (To = 1<<62)
	Scheduled bool          // response and lag exist
	Kind      string        // RoundTrip, OneWay or NoLatency
	ByOrder   bool          // replies carry no stamp: they were matched by their order
	Flows     int           // flow ids are 0..Flows-1
	Interval  time.Duration // 0: 1 s
	// MeasuredTo is where rates end, since the run's start, where the last phase
	// goes on: what is sent in the last moment is measured, and what comes after
	// it makes no rate. 0: a count ends the load.
	MeasuredTo time.Duration
	// ClockErrorNS is by how much a reading can be off, in ns.
	ClockErrorNS int64
	// Side is what this process plays, as in Resources: its memory is noted
	// once an interval. "": it is not.
	Side string
	// Begin, if set, is called first on the collector's goroutine.
	Begin      func()
	Log        io.Writer   // HdrHistogram interval log; nil: none
	OnInterval func(Point) // called from the collector's goroutine, the last time from Stop; nil: none
}

// ErrConfig means that a Config contradicts itself.
var ErrConfig = errors.New("results: invalid collector configuration")

func (c *Config) check() error {
	switch c.Kind {
	case RoundTrip, OneWay, NoLatency:
	default:
		return fmt.Errorf("%w: kind %q is none of %s, %s, %s", ErrConfig, c.Kind, RoundTrip, OneWay, NoLatency)
	}
	if c.Flows < 1 {
		return fmt.Errorf("%w: %d flows; a run has at least one", ErrConfig, c.Flows)
	}
	if c.Interval < 0 {
		return fmt.Errorf("%w: interval %v is negative", ErrConfig, c.Interval)
	}
	if len(c.Phases) == 0 {
		return fmt.Errorf("%w: no phase; a run has at least one", ErrConfig)
	}
	for i, p := range c.Phases {
		if p.To < p.From {
			return fmt.Errorf("%w: phase %q ends at %v, before its start at %v", ErrConfig, p.Name, p.To, p.From)
		}
		if i > 0 && p.From != c.Phases[i-1].To {
			return fmt.Errorf("%w: phase %q starts at %v but the one before ends at %v", ErrConfig, p.Name, p.From, c.Phases[i-1].To)
		}
	}
	return nil
}

// measured gives the bounds of the measured phases, since the run's start; to
// is zero where they have no end.
func (c *Config) measured() (from, to time.Duration) {
	first := true
	for _, p := range c.Phases {
		if !p.Measured {
			continue
		}
		if first {
			from, first = p.From, false
		}
		to = p.To
	}
	if to >= endless {
		to = 0
	}
	return from, to
}

// rated gives the clock readings between which arrivals make a rate where
// nothing is due.
func (c *Config) rated() (from, to int64) {
	begin, end := c.measured()
	if end == 0 {
		end = c.MeasuredTo
	}
	if end == 0 {
		end = endless
	}
	return c.Start + int64(begin), c.Start + int64(end)
}

// ends are the clock readings at which the phases end.
func (c *Config) ends() []int64 {
	ends := make([]int64, len(c.Phases))
	for i, p := range c.Phases {
		ends[i] = c.Start + int64(min(p.To, endless))
	}
	return ends
}
