package drivers

import (
	"time"

	"zbench/drivers/load"
	"zbench/results"
)

// lateMeter measures the process's resources, and the target's, from the end of the warm-up on.
type lateMeter struct {
	run    *run
	begin  chan struct{}
	timer  *time.Timer
	meter  *results.Meter
	before uint64        // messages sent when it began
	looked time.Duration // by workers, then
}

func newLateMeter(r *run) *lateMeter {
	m := &lateMeter{run: r, begin: make(chan struct{})}
	wait := time.Duration(r.start.Load()-load.Now()) + seconds(r.Cell.WarmupS)
	m.timer = time.AfterFunc(wait, func() {
		m.before, m.looked = r.sentSoFar(), r.hosts.looked()
		m.meter = results.StartMeter()
		if r.Target != nil {
			r.Target.Begin(seconds(r.Cell.WarmupS))
		}
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
	sent := m.run.sentSoFar() - m.before
	if m.run.Target != nil {
		m.run.Target.End(sent)
	}
	used := m.meter.Stop(sent)
	used.LookedS = (m.run.hosts.looked() - m.looked).Seconds()
	used.CoresAwake = m.run.hosts.awake
	return used
}
