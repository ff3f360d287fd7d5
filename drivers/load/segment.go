package load

import (
	"math"
	"math/big"
	"math/bits"
)

// segment is a phase with its arithmetic. Its message 0 is due at its start,
// so that a stage of 10 s at 1,000/s has 10,000 messages wherever it stands.
type segment struct {
	name          string
	start, length int64 // ns since the run's start; length MaxInt64: no end in time
	from, to      Rate
	burst         uint64 // messages that are due at once
	first         uint64 // index of its message 0 among those of the run
	count         uint64 // MaxUint64: no end, or not known
	ramp          ramp
}

// segments are the phases of a valid Spec.
func (s Spec) segments() []segment {
	_, burst, _ := s.Arrival.parse()
	stages := s.Stages
	if len(stages) == 0 {
		stages = []StageSpec{{s.Duration, s.Rate, s.Rate}}
	}
	gs := make([]segment, 0, len(stages)+1)
	if s.Warmup > 0 {
		gs = append(gs, segment{name: WarmupPhase, length: int64(s.Warmup), from: stages[0].From, to: stages[0].From})
	}
	for _, st := range stages {
		g := segment{name: st.String(), length: int64(st.Duration), from: st.From, to: st.To}
		if len(s.Stages) == 0 {
			g.name = MeasuredPhase
		}
		gs = append(gs, g)
	}
	var start int64
	var first uint64
	for i := range gs {
		g := &gs[i]
		g.start, g.first, g.burst = start, first, burst
		g.setCount()
		start += g.length
		first += g.count
	}
	if len(s.Stages) == 0 {
		gs[len(gs)-1].limit(s)
	}
	return gs
}

// setCount counts the messages that the length has room for: those whose exact
// time is before its end, in whole bursts.
func (g *segment) setCount() {
	if g.length == 0 {
		g.length, g.count = math.MaxInt64, math.MaxUint64
		return
	}
	// The area under the line from one rate to the other, in messages.
	area := new(big.Rat).Add(g.from.rat(), g.to.rat())
	area.Mul(area, big.NewRat(g.length, 2e9))
	if g.from != g.to {
		g.ramp = newRamp(g.from, g.to, g.length, area)
	}
	bursts := area.Quo(area, new(big.Rat).SetInt(new(big.Int).SetUint64(g.burst)))
	n := ceil(bursts)
	n.Mul(n, new(big.Int).SetUint64(g.burst))
	g.count = math.MaxUint64
	if n.IsUint64() {
		g.count = n.Uint64()
	}
}

// limit ends the measured segment by count, and its time where that follows.
func (g *segment) limit(s Spec) {
	if s.Count == 0 || g.from.IsZero() {
		return
	}
	g.count = min(g.count, s.Count)
	if kind, burst, _ := s.Arrival.parse(); kind != Poisson {
		bursts := (s.Count-1)/burst + 1
		g.length = min(g.length, g.from.ns(bursts*burst))
	}
}

// at is the due time of message j, in ns since the segment's start, rounded
// down.
func (g *segment) at(j uint64) int64 {
	if g.burst > 1 {
		j -= j % g.burst
	}
	if g.from == g.to {
		return g.from.ns(j)
	}
	return g.ramp.at(j)
}

// ns is the time that n messages take at the rate, in ns, rounded down and at
// most MaxInt64. The product n·10⁹ alone is above 64 bits after an hour and
// a half at 3 M/s, so it has 128.
func (r Rate) ns(n uint64) int64 {
	hi, lo := bits.Mul64(n, r.den*1e9)
	if hi >= r.num {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, r.num)
	return int64(min(q, math.MaxInt64))
}

func (r Rate) rat() *big.Rat {
	if r.num == 0 {
		return new(big.Rat)
	}
	num, den := new(big.Int).SetUint64(r.num), new(big.Int).SetUint64(r.den)
	return new(big.Rat).SetFrac(num, den)
}

// ceil is the smallest integer that is not below x ≥ 0.
func ceil(x *big.Rat) *big.Int {
	n := new(big.Int).Add(x.Num(), x.Denom())
	n.Sub(n, big.NewInt(1))
	return n.Quo(n, x.Denom())
}
