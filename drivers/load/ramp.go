package load

import (
	"math"
	"math/big"
)

// ramp inverts the integral of a rate that changes linearly from a to b over
// the length T: message j is due at the t where a·t + (b−a)·t²/2T = j.
//
// The root is taken as 2j/(a + √(a² + 2(b−a)j/T)), which loses no digits while
// the rate grows. Where it falls the same is done backwards from the end. The
// error is a few units in the last place of a float64, below 0.01 ns in an
// hour; a root that is less than tie short of a whole ns counts as that.
type ramp struct {
	low, slope float64 // per ns, and per ns²: the lower of the two rates and how fast it grows
	length     int64   // ns
	falls      bool
	whole      uint64  // of the area in messages, and
	part       float64 // what is above that
}

const tie = 1. / 64 // ns

func newRamp(from, to Rate, length int64, area *big.Rat) ramp {
	r := ramp{length: length, falls: to.PerSecond() < from.PerSecond()}
	low, high := from, to
	if r.falls {
		low, high = to, from
	}
	rise := new(big.Rat).Sub(high.rat(), low.rat())
	rise.Quo(rise, new(big.Rat).SetInt64(length))
	slope, _ := rise.Float64()
	r.low, r.slope = low.PerSecond()/1e9, slope/1e9
	whole := new(big.Int).Quo(area.Num(), area.Denom())
	if whole.IsUint64() {
		r.whole = whole.Uint64()
	}
	r.part, _ = new(big.Rat).Sub(area, new(big.Rat).SetInt(whole)).Float64()
	return r
}

// at is the due time of message j in ns since the ramp's start, rounded down.
func (r *ramp) at(j uint64) int64 {
	var t int64
	if r.falls {
		left := float64(int64(r.whole-j)) + r.part
		t = r.length - int64(math.Ceil(r.root(left)-tie))
	} else {
		t = int64(r.root(float64(j)) + tie)
	}
	return max(0, min(t, r.length-1))
}

// root is the time in ns that the rising ramp takes for n messages.
func (r *ramp) root(n float64) float64 {
	if n <= 0 {
		return 0
	}
	return 2 * n / (r.low + math.Sqrt(r.low*r.low+2*r.slope*n))
}
