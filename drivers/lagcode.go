package drivers

import "math/bits"

// A stamp has eight bits for how late its message left. A lag code is a small
// floating-point number in units of 8 ns: below 16 it is the number of units,
// from there on its upper five bits e and lower three m stand for (8+m)·2^(e−1).
// So 0 is exactly 0, as it is where nothing is due, the error is at most
// 1/16 from 64 ns on, and all codes follow one another. The highest is 129 s
// and stands for all that is longer.
const (
	lagUnitBits = 3 // 8 ns
	lagFraction = 3 // bits of m
	lagMost     = 0xff
)

// lagCode is the nearest code to a lag in ns; 0 where there is none.
func lagCode(ns int64) uint64 {
	if ns <= 0 {
		return 0
	}
	// The bits that do not fit are rounded once; a carry out of the fraction
	// into the exponent makes the next code.
	n := uint64(ns)
	spare := max(bits.Len64(n)-lagFraction-1, lagUnitBits)
	m := (n + 1<<(spare-1)) >> spare
	return min(uint64(spare-lagUnitBits)<<lagFraction+m, lagMost)
}

// lagOf is the lag in ns that a code stands for.
func lagOf(code uint8) int64 {
	e, m := code>>lagFraction, int64(code&(1<<lagFraction-1))
	if e > 0 {
		m = (m + 1<<lagFraction) << (e - 1)
	}
	return m << lagUnitBits
}
