// Package spread is the middle and the ends of a few values, and how such
// figures are written.
package spread

import (
	"fmt"
	"math"
	"slices"
)

// Spread is of some values; NaN where there are none.
type Spread struct {
	Median, Min, Max float64
	N                int
}

// Of leaves out what is not a number.
func Of(values []float64) Spread {
	sorted := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(sorted)
	n := len(sorted)
	if n == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN(), 0}
	}
	return Spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1], n}
}

// Digits rounds to three of them, and writes no exponent; a dash where v is
// not a number.
func Digits(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v == 0:
		return "0"
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	return fmt.Sprintf("%.*f", min(max(decimals, 0), 6), v)
}
