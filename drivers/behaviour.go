package drivers

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Delay is how long a peer takes for one message: fixed, or exponential
// around a mean.
type Delay struct {
	Mean        time.Duration
	Exponential bool
}

// Stall is a server that does nothing for For at the start of every Every.
type Stall struct{ For, Every time.Duration }

// ParseDelay reads "1ms" or "exp:1ms"; "" is no delay.
func ParseDelay(s string) (Delay, error) {
	if s == "" {
		return Delay{}, nil
	}
	text, exp := strings.CutPrefix(s, "exp:")
	mean, err := time.ParseDuration(text)
	if err != nil || mean <= 0 || mean > time.Hour {
		return Delay{}, fmt.Errorf("%q: write a time up to 1h like 1ms, or exp:1ms", s)
	}
	return Delay{mean, exp}, nil
}

// ParseStall reads "100ms/1s": 100 ms of every second; "" is none.
func ParseStall(s string) (Stall, error) {
	if s == "" {
		return Stall{}, nil
	}
	text, every, ok := strings.Cut(s, "/")
	f, err1 := time.ParseDuration(text)
	e, err2 := time.ParseDuration(every)
	if !ok || err1 != nil || err2 != nil || f <= 0 || e <= f || e > time.Hour {
		return Stall{}, fmt.Errorf("%q: write it like 100ms/1s, the stall shorter than the period, the period at most 1h", s)
	}
	return Stall{f, e}, nil
}

// server is a virtual-time server: message i departs at
// max(arrival, previous departure) + D, and not while it stalls. Times are
// clock readings in ns.
type server struct {
	delay    Delay
	stall    Stall
	rng      *rand.Rand
	origin   int64 // a stall begins here and every period after
	previous int64
}

// newServer returns nil for a peer that is as quick as it can be.
func newServer(d Delay, s Stall, seed, peer uint64) *server {
	if d.Mean == 0 && s.For == 0 {
		return nil
	}
	return &server{delay: d, stall: s, rng: rand.New(rand.NewPCG(seed, peer))}
}

// depart is when a message that arrived at that instant is done.
func (s *server) depart(arrival int64) int64 {
	begin := s.awake(max(arrival, s.previous))
	d := int64(s.delay.Mean)
	if s.delay.Exponential {
		d = int64(float64(d) * s.rng.ExpFloat64())
	}
	s.previous = s.awake(begin + d)
	return s.previous
}

// arrival is when a message came that is taken up now. One that was sent before
// the previous departure has waited since: it begins where that one ended, not
// where this peer got round to it.
func (s *server) arrival(body []byte, run uint32, now int64) int64 {
	var st stamp
	if st.read(body, run) && st.sent <= s.previous {
		return s.previous
	}
	return now
}

// awake is t, or the end of the stall that t falls into.
func (s *server) awake(t int64) int64 {
	if s.stall.For == 0 || t < s.origin {
		return t
	}
	into := (t - s.origin) % int64(s.stall.Every)
	if into < int64(s.stall.For) {
		return t - into + int64(s.stall.For)
	}
	return t
}
