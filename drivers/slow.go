package drivers

import (
	"sync/atomic"

	"zbench/drivers/load"
)

// Slow takes the time that a slow peer takes, for one goroutine. A nil Slow is
// as quick as it can be.
type Slow struct {
	server *server
	pacer  *load.Pacer
}

// NewSlow makes n peers of that delay and stall, which begins now. They give up
// waiting soon after stop becomes true. Seed says how exponential delays fall.
func NewSlow(n int, d Delay, s Stall, seed uint64, stop *atomic.Bool) []*Slow {
	all := make([]*Slow, n)
	if d.Mean == 0 && s.For == 0 {
		return all
	}
	now := load.Now()
	for i, pacer := range load.NewPacers(n, stop) {
		all[i] = &Slow{newServer(d, s, seed, uint64(i)), pacer}
		all[i].server.origin = now
	}
	return all
}

// Take takes up a message and returns when it is done. Before it waits it
// calls flush. A message with zbench's stamp that was sent before the previous
// one was done has waited since.
func (s *Slow) Take(body []byte, flush func() error) {
	if s == nil {
		return
	}
	now := load.Now()
	arrival := now
	if st, ok := plausible(body, now); ok && st.sent <= s.server.previous {
		arrival = s.server.previous
	}
	if done := s.server.depart(arrival); done > now {
		_ = flush() // what it could not send is the next Send's to report
		s.pacer.Wait(done)
	}
}
