package main

import (
	"slices"

	"zbench/scripts/spread"
)

func (m measurement) find(contender string) *series {
	i := slices.IndexFunc(m.series, func(s *series) bool { return s.contender == contender })
	if i < 0 {
		return nil
	}
	return m.series[i]
}

// compared is the spread of one contender's values beside another's, as the
// metric compares them, round by round: what disturbs a round disturbs both in
// it.
func (m measurement) compared(of, to string) spread.Spread {
	a, b := m.find(of), m.find(to)
	if a == nil || b == nil {
		return spread.Of(nil)
	}
	x, y := a.values[m.metric], b.values[m.metric]
	out := make([]float64, min(len(x), len(y)))
	for i := range out {
		if m.metric.differs() {
			out[i] = x[i] - y[i]
		} else {
			out[i] = x[i] / y[i]
		}
	}
	return spread.Of(out)
}
