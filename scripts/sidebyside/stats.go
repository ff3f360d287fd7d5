package main

import (
	"math"
	"slices"
)

// spread is the middle and the ends of some values; NaN where there are none.
type spread struct {
	median, min, max float64
	n                int
}

// newSpread leaves out what is not a number.
func newSpread(values []float64) spread {
	sorted := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(sorted)
	n := len(sorted)
	if n == 0 {
		return spread{math.NaN(), math.NaN(), math.NaN(), 0}
	}
	return spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1], n}
}

// ratios divides round by round: what disturbs a round disturbs both in it.
func ratios(of, to []float64) []float64 {
	out := make([]float64, min(len(of), len(to)))
	for i := range out {
		out[i] = of[i] / to[i]
	}
	return out
}

func (m measurement) find(contender string) *series {
	i := slices.IndexFunc(m.series, func(s *series) bool { return s.contender == contender })
	if i < 0 {
		return nil
	}
	return m.series[i]
}

// ratio is the spread of one contender's values as multiples of another's.
func (m measurement) ratio(of, to string) spread {
	a, b := m.find(of), m.find(to)
	if a == nil || b == nil {
		return newSpread(nil)
	}
	return newSpread(ratios(a.values, b.values))
}
