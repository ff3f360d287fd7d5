package load

import (
	"math"
	"time"
)

// PhaseSpec is a part of the run that is reported by itself: messages with
// From ≤ due < To.
type PhaseSpec struct {
	Name     string // "warmup", then "measured" or each stage like "10s@1k"
	From, To time.Duration
}

// Warm-up and measured part as PhaseSpec.Name.
const (
	WarmupPhase   = "warmup"
	MeasuredPhase = "measured"
)

// Phases are the parts of the run in order, without gaps. The last To is NoEnd
// where a count ends the run at a time that is not known beforehand.
func (s Spec) Phases() []PhaseSpec {
	segments := s.segments()
	phases := make([]PhaseSpec, len(segments))
	for i, g := range segments {
		phases[i] = PhaseSpec{Name: g.name, From: time.Duration(g.start), To: NoEnd}
		if g.length != math.MaxInt64 {
			phases[i].To = time.Duration(g.start + g.length)
		}
	}
	return phases
}

// Offered is the number of messages due in each of Phases. ok is false where
// arithmetic does not say it: without a schedule, for Poisson arrivals (which
// are counted by calling Next), and where nothing ends the load.
func (s Spec) Offered() (messages []uint64, ok bool) {
	kind, _, err := s.Arrival.parse()
	if err != nil || kind == Poisson || !s.Scheduled() {
		return nil, false
	}
	for _, g := range s.segments() {
		if g.count == math.MaxUint64 {
			return nil, false
		}
		messages = append(messages, g.count)
	}
	return messages, true
}

// Client is the share of client i of n, 0 ≤ i < n. Message k of all belongs to
// client k mod n. Poisson arrivals are a process of rate/n for each client,
// with a seed of its own, so that together they are Poisson at the rate; a
// count is dealt out evenly. Without a schedule every message is due at 0.
//
// Spec must be valid; Client panics where i is not a client.
func (s Spec) Client(i, n int) Arrivals {
	if i < 0 || i >= n {
		panic("load: no such client")
	}
	kind, _, _ := s.Arrival.parse()
	switch {
	case !s.Scheduled():
		return &asap{left: share(s.Count, i, n)}
	case kind == Poisson:
		return newPoisson(s.segments(), s.Seed, share(s.Count, i, n), i, n)
	}
	return &indexed{segments: s.segments(), k: uint64(i), step: uint64(n)}
}

// share is what client i of n has of a count, where 0 is no limit.
func share(count uint64, i, n int) uint64 {
	if count == 0 {
		return math.MaxUint64
	}
	each, rest := count/uint64(n), count%uint64(n)
	if uint64(i) < rest {
		return each + 1
	}
	return each
}

// asap are arrivals without a schedule.
type asap struct{ left uint64 }

func (a *asap) Next() (time.Duration, bool) {
	if a.left == 0 {
		return 0, false
	}
	a.left--
	return 0, true
}

// indexed are arrivals whose due times follow from the message's index.
type indexed struct {
	segments []segment // those that are not over
	k, step  uint64    // index of the next message, and what is added to it
}

func (a *indexed) Next() (time.Duration, bool) {
	for len(a.segments) > 0 {
		g := &a.segments[0]
		if j := a.k - g.first; j < g.count {
			a.k += a.step
			return time.Duration(g.start + g.at(j)), true
		}
		a.segments = a.segments[1:]
	}
	return 0, false
}
