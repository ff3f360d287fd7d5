package results

import (
	"fmt"
	"math"
	"slices"
)

// Limits of a generator that keeps up: of what it measured no more is its own
// than max(so many ns, such a share of the whole) at p99.
const (
	ownLimitNS    = 100e3 // more is generator_limited
	ownLimitShare = 1. / 3
	ownWarnNS     = 50e3 // more is a warning
	ownWarnShare  = 0.1
	// Where messages are too few for a p99 no more of the largest latency is the
	// generator's than this.
	ownMostShare = 0.5
	// A percentile of the response is the generator's where it is so many times
	// what it would be without the messages that the generator made late.
	ownTimes = 1.5

	// A generator that stood still for so long met with no hiccup of the host.
	standstillNS = 250e6
)

// ownPart is what of a latency is the generator's.
type ownPart struct {
	of    string     // the part of a run; "" is all of it
	name  string     // what is known of the generator
	late  []*Summary // by the strictest it is judged
	whole *Summary   // the latency that it is part of; nil: there is none
	in    string     // its name
}

// ownParts are those of the run and of each of its stages.
func ownParts(r *Run) (parts []ownPart) {
	add := func(of string, l *Latency) {
		if p, ok := ownOf(r.Cell.Loop, l); ok {
			p.of = of
			parts = append(parts, p)
		}
	}
	add("", &r.Latency)
	for i := range r.Stages {
		add(r.Stages[i].Name+": ", &r.Stages[i].Latency)
	}
	return parts
}

// ownOf tells what is the generator's in l; false where that is unknown or says
// nothing.
//
// With a schedule it is the lateness, and the lag beside it: lost messages have
// a lag alone, and where no loop tells its receive lag that is all there is.
// Without one only the reading can be late, and service is what suffers. The
// max loop is not judged by it. It keeps the queue before its receiver full, so
// the receiver never finds its socket empty: its receive lag is the length of
// that queue, and so is its service. Which of the two ends is the slower one is
// what such a run measures; how much of its rate is zbench's own says the floor.
func ownOf(loop Loop, l *Latency) (p ownPart, ok bool) {
	switch {
	case loop.Scheduled() && l.Lateness != nil:
		p = ownPart{name: "lateness (lag + receive lag)", late: []*Summary{l.Lateness, l.Lag}, whole: l.Response, in: "response"}
	case loop.Scheduled() && l.Lag != nil:
		p = ownPart{name: "lag", late: []*Summary{l.Lag}, whole: l.Response, in: "response"}
	case loop != Max && l.ReceiveLag != nil && l.Service != nil:
		p = ownPart{name: "receive lag", late: []*Summary{l.ReceiveLag}, whole: l.Service, in: "service"}
	default:
		return p, false
	}
	return p, true
}

// p99 is the larger p99 of what is the generator's, and limit the larger of two
// limits, in ns. With doubt it is in the generator's favour: an unpublished p99
// of its own is taken as a lower percentile, one of the whole as the maximum, or
// +∞ where that was lost. ok is false where too few messages say anything.
func (p *ownPart) p99(limitNS, share float64) (own, limit float64, ok bool) {
	for _, s := range p.late {
		if v, known := p99Bound(s); known {
			own, ok = max(own, v), true
		}
	}
	return own, p.limit(limitNS, share), ok
}

func (p *ownPart) limit(ns, share float64) float64 {
	switch w := p.whole; {
	case w == nil:
	case w.judged != nil:
		return max(ns, share*float64(*w.judged))
	case w.P99NS != nil:
		return max(ns, share*float64(*w.P99NS))
	case w.MaxNS != nil:
		return max(ns, share*float64(*w.MaxNS))
	case w.Unpublished["max_ns"] == causeLost:
		return math.Inf(1)
	}
	return ns
}

// p99Bound is the 99th percentile, or the nearest one below that is published.
func p99Bound(s *Summary) (ns float64, ok bool) {
	if s == nil {
		return 0, false
	}
	for _, p := range []*int64{s.judged, s.P99NS, s.P90NS, s.P50NS} {
		if p != nil {
			return float64(*p), true
		}
	}
	return 0, false
}

// most is the largest that is the generator's of messages that are too few for
// a p99, and its limit, in ns.
func (p *ownPart) most() (own, limit float64, ok bool) {
	if p.whole == nil || p.whole.MaxNS == nil {
		return 0, 0, false
	}
	for _, s := range p.late {
		if s != nil && s.judged == nil && s.P99NS == nil && s.MaxNS != nil {
			own, ok = max(own, float64(*s.MaxNS)), true
		}
	}
	return own, max(ownLimitNS, ownMostShare*float64(*p.whole.MaxNS)), ok
}

// median is the median of what is the generator's, and its limit, in ns.
func (p *ownPart) median() (own, limit float64, ok bool) {
	if p.whole == nil || p.whole.P50NS == nil {
		return 0, 0, false
	}
	for _, s := range p.late {
		if s != nil && s.P50NS != nil {
			own, ok = max(own, float64(*s.P50NS)), true
		}
	}
	return own, max(ownLimitNS, ownLimitShare*float64(*p.whole.P50NS)), ok
}

// madeBy says that a percentile is made by messages that the generator sent or
// read late: they may be too few to show in its own percentile. "": it is not.
func (p *ownPart) madeBy(name string, whole, inTime *int64) string {
	if whole == nil || inTime == nil {
		return ""
	}
	w, rest := float64(*whole), float64(*inTime)
	if w-rest <= ownLimitNS || w <= ownTimes*rest {
		return ""
	}
	return fmt.Sprintf("%sthe %s's %s of %s comes from messages that the generator itself sent or read late: without those it is down to %s",
		p.of, p.in, name, inWords(w), inWords(rest))
}

// excess says by how much too much is the generator's; "": it keeps up.
func (p *ownPart) excess() string {
	if own, limit, ok := p.p99(ownLimitNS, ownLimitShare); ok && own > limit {
		return p.tooMuch(own, limit, "p99")
	}
	if own, limit, ok := p.median(); ok && own > limit {
		return p.tooMuch(own, limit, "p50")
	}
	if p.whole != nil {
		if why := p.madeBy("p99", p.whole.judged, p.whole.inTime99); why != "" {
			return why
		}
	}
	if own, limit, ok := p.most(); ok && own > limit {
		return fmt.Sprintf("%sthe generator's own %s is up to %s, more than half of the largest %s: %s",
			p.of, p.name, inWords(own), p.in, inWords(float64(*p.whole.MaxNS)))
	}
	return ""
}

func (p *ownPart) tooMuch(own, limit float64, percentile string) string {
	share := ""
	if limit > ownLimitNS {
		share = fmt.Sprintf(", a third of the %s's", p.in)
	}
	return fmt.Sprintf("%sthe generator's own %s is %s at %s, more than %s%s", p.of, p.name, inWords(own), percentile, inWords(limit), share)
}

// fallsBehind says how the generator does not keep up; "": it does.
func fallsBehind(r *Run) string {
	for _, p := range ownParts(r) {
		if why := p.excess(); why != "" {
			return why + sleepyCores(r)
		}
	}
	return ""
}

// sleepyCores says what may help a generator that is late; "": nothing known.
func sleepyCores(r *Run) string {
	if awake(r, AwakeRefused) {
		return " (run zbench as root, so that it can keep the cores awake)"
	}
	return ""
}

// awake reports whether that came of asking to keep the cores awake.
func awake(r *Run, became CoresAwake) bool {
	return slices.ContainsFunc(r.Resources, func(u Resources) bool { return u.CoresAwake == became })
}

// standstill says for how long the generator did nothing of a scheduled run, if
// that was long and not within what the peer took anyway.
func standstill(r *Run) string {
	ns := 0.0
	for _, s := range []*Summary{r.Latency.Lag, r.Latency.Lateness} {
		if s != nil && s.MaxNS != nil {
			ns = max(ns, float64(*s.MaxNS))
		}
	}
	if p := r.Latency.Response; ns < standstillNS || p != nil && p.P99NS != nil && ns <= ownLimitShare*float64(*p.P99NS) {
		return ""
	}
	return fmt.Sprintf("the generator stood still for %s: what was due then was late", inWords(ns))
}

// ownWarning says that some of a latency is the generator's; "": next to none.
func ownWarning(r *Run) string {
	for _, p := range ownParts(r) {
		if own, limit, ok := p.p99(ownWarnNS, ownWarnShare); ok && own > limit {
			return fmt.Sprintf("%sthe generator's own %s is %s at p99: it is part of the %s", p.of, p.name, inWords(own), p.in)
		}
	}
	return ""
}

// tailWarning says that the far tail of a response is the generator's; "": it is
// not, or not known to be.
func tailWarning(r *Run) string {
	for _, p := range ownParts(r) {
		if p.whole == nil {
			continue
		}
		if why := p.madeBy("p99.9", p.whole.P999NS, p.whole.inTime999); why != "" {
			return why
		}
	}
	return ""
}
