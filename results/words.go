package results

import (
	"math"
	"strconv"
)

// inWords is a time of some ns as people write it, with three digits.
func inWords(ns float64) string { return inUnits(ns, " ns", " µs", " ms", " s") }

// perSecond is a rate as people write it, with three digits: "141 k/s".
func perSecond(rate float64) string { return inUnits(rate, "/s", " k/s", " M/s", " G/s") }

// inUnits takes the unit, each a thousand of the one before, that leaves three
// digits before the point at most.
func inUnits(v float64, units ...string) string {
	i := 0
	for ; i < len(units)-1 && math.Abs(v) >= 999.5; i++ {
		v /= 1e3
	}
	return threeDigits(v) + units[i]
}

// threeDigits writes three digits, and of larger numbers all before the point:
// never an exponent.
func threeDigits(v float64) string {
	if math.Abs(v) >= 999.5 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
