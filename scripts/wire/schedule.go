package wire

import "math/bits"

// due is when message i is due, in ns on the clock of start: start + i/rate
// seconds, from i alone, so that no rounding adds up.
func due(start int64, i, rate uint64) int64 {
	high, low := bits.Mul64(i, 1e9)
	ns, _ := bits.Div64(high%rate, low, rate) // the counts that are allowed leave high at 0
	return start + int64(ns)
}
