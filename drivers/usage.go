package drivers

import (
	"time"

	"zbench/drivers/load"
	"zbench/results"
)

// lateMeter measures the process's resources from the end of the warm-up on.
type lateMeter struct {
	run    *run
	begin  chan struct{}
	timer  *time.Timer
	meter  *results.Meter
	before uint64 // messages sent when it began
}

func newLateMeter(r *run) *lateMeter {
	m := &lateMeter{run: r, begin: make(chan struct{})}
	wait := time.Duration(r.start.Load()-load.Now()) + seconds(r.Cell.WarmupS)
	m.timer = time.AfterFunc(wait, func() {
		m.before = r.sentSoFar()
		m.meter = results.StartMeter()
		close(m.begin)
	})
	return m
}

// stop gives the resources per message sent; none where the warm-up did not end.
func (m *lateMeter) stop() results.Resources {
	if m.timer.Stop() {
		return results.Resources{Side: "all"}
	}
	<-m.begin
	return m.meter.Stop(m.run.sentSoFar() - m.before)
}

func (r *run) sentSoFar() (n uint64) {
	for _, c := range r.clients {
		n += c.rec.Sent()
	}
	return n
}
