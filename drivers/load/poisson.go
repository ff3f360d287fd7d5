package load

import (
	"math/rand/v2"
	"time"
)

// poisson are arrivals with exponential gaps. Where the rate changes they are
// made at the higher rate and thinned (Lewis and Shedler 1979); between
// segments the process starts anew, which it may since it has no memory.
type poisson struct {
	segments []segment // those that are not over
	rand     *rand.Rand
	clients  float64
	counted  uint64 // messages that the last segment still has

	// Time since the segment's start: whole ns and the fraction, so that an
	// hour of gaps adds up without losing digits.
	ns       int64
	fraction float64
}

func newPoisson(segments []segment, seed, count uint64, i, n int) *poisson {
	// The first generator only spreads (seed, client) over all 128 bits of
	// state of the second.
	spread := rand.NewPCG(seed, uint64(i))
	return &poisson{
		segments: segments,
		rand:     rand.New(rand.NewPCG(spread.Uint64(), spread.Uint64())),
		clients:  float64(n),
		counted:  count,
	}
}

func (p *poisson) Next() (time.Duration, bool) {
	for len(p.segments) > 0 {
		g := &p.segments[0]
		last := len(p.segments) == 1
		if !(last && p.counted == 0) && p.step(g) {
			if last {
				p.counted--
			}
			return time.Duration(g.start + p.ns), true
		}
		p.segments = p.segments[1:]
		p.ns, p.fraction = 0, 0
	}
	return 0, false
}

// step moves to the next message of the segment; false where it has none.
func (p *poisson) step(g *segment) bool {
	from, to := g.from.PerSecond(), g.to.PerSecond()
	high := max(from, to)
	if high == 0 {
		return false
	}
	mean := p.clients / high * 1e9
	for {
		p.fraction += p.rand.ExpFloat64() * mean
		whole := int64(p.fraction)
		if whole >= g.length-p.ns {
			return false
		}
		p.ns += whole
		p.fraction -= float64(whole)
		if from == to {
			return true
		}
		now := from + (to-from)*float64(p.ns)/float64(g.length)
		if p.rand.Float64()*high < now {
			return true
		}
	}
}
