package report

import (
	"math"
	"sort"

	"zbench/results"
)

// Quantity is one figure of a cell over its repeats. The run is the unit: each
// run gives one value, and the middle one of them is shown.
type Quantity struct {
	Median   float64 // has no meaning while Missing is set
	Min, Max float64 // least and most of the runs' values
	Runs     int     // runs that have a value
	// Missing says why there is no Median, in the words of
	// results.Summary.Unpublished; "" if there is one.
	Missing string
	// MaxLost is set where some run has lost so much that its value is beyond
	// every number.
	MaxLost bool
	// Interval is where a percentile lies within its run, of a sole run; nil:
	// not known.
	Interval *results.Interval
}

// Known reports whether there is a median.
func (q Quantity) Known() bool { return q.Missing == "" }

// Beyond reports whether it is beyond every number: lost, or never sent.
func (q Quantity) Beyond() bool { return q.Missing == "lost" || q.Missing == "unsent" }

// Spread reports whether there is a range to show beside the median.
func (q Quantity) Spread() bool { return q.Known() && (q.Runs > 1 && q.Min < q.Max || q.MaxLost) }

// sample gathers the runs' values of one figure.
type sample struct {
	values  []float64
	lost    int // or never sent
	unsent  int // of lost, those that lost nothing else
	reasons map[string]int
}

// add takes a run's value, or why it has none.
func (s *sample) add(v float64, ok bool, reason string) {
	switch {
	case ok:
		s.values = append(s.values, v)
	case reason == "lost":
		s.lost++
	case reason == "unsent":
		s.lost++
		s.unsent++
	default:
		if reason == "" {
			reason = "not_measured"
		}
		if s.reasons == nil {
			s.reasons = map[string]int{}
		}
		s.reasons[reason]++
	}
}

// addNS takes a field of results.Summary.
func (s *sample) addNS(v *int64, reason string) {
	if v == nil {
		s.add(0, false, reason)
		return
	}
	s.add(float64(*v), true, "")
}

// quantity is the median of the values, where a lost one ranks above every
// number and one missing for another reason does not count. With more runs
// missing than there, the figure is missing.
func (s *sample) quantity() Quantity {
	sort.Float64s(s.values)
	q := Quantity{Runs: len(s.values), MaxLost: s.lost > 0 && len(s.values) > 0}
	absent, reason := s.commonest()
	ranked := len(s.values) + s.lost
	if absent > ranked || ranked == 0 {
		q.Missing = reason
		return q
	}
	if q.Runs > 0 {
		q.Min, q.Max = s.values[0], s.values[q.Runs-1]
	}
	q.Median = (s.at((ranked-1)/2) + s.at(ranked/2)) / 2
	if math.IsInf(q.Median, 1) {
		q.Median, q.Missing = 0, "lost"
		if s.unsent == s.lost {
			q.Missing = "unsent"
		}
	}
	return q
}

func (s *sample) at(i int) float64 {
	if i < len(s.values) {
		return s.values[i]
	}
	return math.Inf(1)
}

// commonest is how many values are absent and the most frequent reason.
func (s *sample) commonest() (absent int, reason string) {
	reason = "not_measured"
	best := 0
	names := make([]string, 0, len(s.reasons))
	for r := range s.reasons {
		names = append(names, r)
	}
	sort.Strings(names)
	for _, r := range names {
		absent += s.reasons[r]
		if s.reasons[r] > best {
			best, reason = s.reasons[r], r
		}
	}
	return absent, reason
}

// in writes the median in its unit, or the short word for why there is none.
func (q Quantity) in(text func(float64) string) string {
	if !q.Known() {
		return missingText(q.Missing)
	}
	return text(q.Median)
}

// span writes least and most in the median's unit, without naming it.
func (q Quantity) span(of func(float64) unit) string {
	if !q.Spread() {
		return ""
	}
	u := of(q.Median)
	high := u.number(q.Max)
	if q.MaxLost {
		high = missingText("lost")
	}
	return u.number(q.Min) + "–" + high
}

// bounds writes the interval in the median's unit: "[28.1–33.0]", and "[?]"
// where too few events bear the percentile out.
func (q Quantity) bounds(of func(float64) unit) string {
	if !q.Known() || q.Interval == nil {
		return ""
	}
	if q.Interval.LowNS == nil {
		return "[?]"
	}
	u := of(q.Median)
	high := missingText("lost")
	if q.Interval.HighNS != nil {
		high = u.number(float64(*q.Interval.HighNS))
	}
	return "[" + u.number(float64(*q.Interval.LowNS)) + "–" + high + "]"
}
