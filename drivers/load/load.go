// Package load makes arrival schedules and waits for them.
//
// A schedule says when each message is due, as an offset from the run's start,
// and says so by arithmetic from the message's index: never by adding rounded
// intervals, never by looking at what was sent. Three rules follow, and every
// caller keeps them:
//
//   - Latency starts at the due time, whenever the message really left.
//   - No message is skipped. One that is late goes out at once and keeps its
//     due time.
//   - The schedule is never re-based: a stall leaves a backlog that is worked
//     off, and its whole cost is seen.
//
// The same Spec gives the same schedule every time, Poisson arrivals included.
package load

import (
	"fmt"
	"math"
	"time"
)

// Arrivals are the due times of one client. One goroutine calls Next.
type Arrivals interface {
	// Next is the due time of the next message, an offset from the run's start
	// (warm-up included) that never decreases; ok is false after the last one.
	Next() (due time.Duration, ok bool)
}

// Spec is the load of all clients together. The zero value is as fast as it
// goes, without end.
type Spec struct {
	Rate     Rate          // messages per second of all clients; zero: as fast as it goes
	Arrival  Arrival       // zero: constant
	Stages   []StageSpec   // instead of Rate and Duration
	Warmup   time.Duration // comes before the measured part, at its first rate
	Duration time.Duration // of the measured part; 0: by Count
	Count    uint64        // measured messages; 0: by Duration; with both the first that is reached
	Seed     uint64        // of Poisson arrivals
}

// NoEnd is the end of a phase that no time ends.
const NoEnd = time.Duration(math.MaxInt64)

// Scheduled reports whether messages have due times of their own.
func (s Spec) Scheduled() bool { return len(s.Stages) > 0 || !s.Rate.IsZero() }

// Peak is the highest rate of the schedule, zero where there is none.
func (s Spec) Peak() Rate {
	most := s.Rate
	for _, st := range s.Stages {
		for _, r := range []Rate{st.From, st.To} {
			if most.IsZero() || r.PerSecond() > most.PerSecond() {
				most = r
			}
		}
	}
	return most
}

// Validate says what contradicts itself, in the words of the command line.
func (s Spec) Validate() error {
	if _, _, err := s.Arrival.parse(); err != nil {
		return err
	}
	switch {
	case s.Warmup < 0:
		return fmt.Errorf("warmup %v: negative; give a duration like 2s, or 0s for none", s.Warmup)
	case s.Duration < 0:
		return fmt.Errorf("duration %v: negative; give a duration like 10s", s.Duration)
	case len(s.Stages) > 0 && !s.Rate.IsZero():
		return fmt.Errorf("rate %v and stages %q: each stage has its own rate; give one of the two", s.Rate, FormatStages(s.Stages))
	case len(s.Stages) > 0 && s.Duration > 0:
		return fmt.Errorf("duration %v and stages %q: each stage has its own duration; give one of the two", s.Duration, FormatStages(s.Stages))
	case len(s.Stages) > 0 && s.Count > 0:
		return fmt.Errorf("count %d and stages %q: stages end by time; leave the count out", s.Count, FormatStages(s.Stages))
	case !s.Scheduled() && s.Arrival != "" && s.Arrival != Constant:
		return fmt.Errorf("arrival %q without a rate: there is no schedule; give a rate or stages", s.Arrival)
	case len(s.Stages) == 0 && s.Duration == 0 && s.Count == 0:
		return fmt.Errorf("neither duration nor count: the load would never end; give a duration like 10s")
	}
	return s.validateLength()
}

// validateLength looks for what does not fit in a schedule's arithmetic.
func (s Spec) validateLength() error {
	total := float64(s.Warmup) + float64(s.Duration)
	for _, st := range s.Stages {
		if st.Duration <= 0 {
			return fmt.Errorf("stage %q: lasts no time; give a duration like 10s@1k", st)
		}
		total += float64(st.Duration)
	}
	if s.Duration == 0 && !s.Rate.IsZero() {
		total += float64(s.Count) / s.Rate.PerSecond() * 1e9
	}
	if total > maxSchedule {
		return fmt.Errorf("the load lasts %.0f years; give a shorter duration or a smaller count", total/float64(365*24*time.Hour))
	}
	return nil
}

// maxSchedule is the longest schedule in ns: a hundred years.
const maxSchedule = float64(100 * 365 * 24 * time.Hour)
