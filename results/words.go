package results

import (
	"math"
	"strconv"
)

// inWords is a time of some ns as people write it, with three digits.
func inWords(ns float64) string {
	units := [...]string{" ns", " µs", " ms", " s"}
	i := 0
	for ; i < len(units)-1 && math.Abs(ns) >= 999.5; i++ {
		ns /= 1e3
	}
	return threeDigits(ns) + units[i]
}

// perSecond is a rate as people write it, with three digits: "141 k/s".
func perSecond(rate float64) string {
	units := [...]string{"/s", " k/s", " M/s", " G/s"}
	i := 0
	for ; i < len(units)-1 && math.Abs(rate) >= 999.5; i++ {
		rate /= 1e3
	}
	return threeDigits(rate) + units[i]
}

// threeDigits writes three digits, and of larger numbers all before the point:
// never an exponent.
func threeDigits(v float64) string {
	if math.Abs(v) >= 999.5 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
