package drivers

import (
	"context"
	"fmt"
	"time"

	"zbench/drivers/load"
	"zbench/drivers/worker"
	"zbench/engines"
	"zbench/results"
)

// measure lets the load go, waits for its end, and makes the result.
func (r *run) measure(ctx context.Context, result results.Run, out Output) (results.Run, error) {
	r.decide()
	start := r.begin()
	wall := time.Now().Add(time.Duration(start - load.Now()))
	result.StartedAt = wall
	if err := r.collect(start, wall, out); err != nil {
		r.finish()
		return r.fail(result, err), err
	}
	r.start.Store(start)
	meter := newLateMeter(r)
	r.wakeAll()
	interrupted := r.supervise(ctx)
	usage := meter.stop()
	r.lookAround()
	stuck := r.finish()
	if stuck != nil { // its counts are still being written
		return r.fail(result, stuck), stuck
	}
	end := r.totals()
	if interrupted {
		end.Stopped = r.haltedAt
	}
	outcome, err := r.col.Stop(end)
	if failure := r.failure(); failure != nil {
		err = failure
	}
	if outcome == nil {
		return r.fail(result, err), err
	}
	outcome.Fill(&result)
	result.Accounting.Errors += r.errors.Load()
	r.report(&result)
	if r.external() && !r.roundTrip {
		r.forgetDeliveries(&result)
	}
	result.Resources = append(result.Resources, usage)
	signals := outcome.Signals()
	signals.Failure, signals.Interrupted = err, interrupted
	signals.Promise, signals.Senders = !r.drops, r.Cell.Clients
	signals.Unordered = r.unordered()
	if r.matching == byOrder && r.shared.Load() && r.use(roleLoad) != engines.Turns {
		result.Warnings = append(result.Warnings, results.Warning{Code: "several_peers",
			Detail: "a second peer joined while replies were matched by order: some latencies are those of other requests"})
	}
	results.Judge(&result, signals)
	return result, err
}

// collect makes the collector and hands every goroutine its recorder.
func (r *run) collect(start int64, wall time.Time, out Output) (err error) {
	r.col, err = results.NewCollector(results.Config{
		Start: start, StartWall: wall,
		Phases: r.phaseTable(), MeasuredTo: r.measuredTo(),
		Scheduled:    r.Cell.Loop.Scheduled(),
		Kind:         r.latencies,
		Flows:        r.flowCount(),
		ClockErrorNS: clockErrorNS(r.Cell), Side: "all",
		Begin: worker.LowerPriority,
		Log:   out.Log, ByOrder: r.matching == byOrder,
		OnInterval: func(p results.Point) {
			r.lookAround()
			if p.MaxNS != nil && *p.MaxNS > r.longest.Load() {
				r.longest.Store(*p.MaxNS)
			}
			if out.OnInterval != nil {
				out.OnInterval(p)
			}
		},
	})
	if err != nil {
		return err
	}
	r.recordClients()
	if !r.roundTrip {
		r.collectPeers()
	}
	r.col.Start()
	return nil
}

func (r *run) collectPeers() {
	for i, p := range r.peers {
		name := fmt.Sprintf("peer %d", i+1)
		p.recv.rec.Store(r.recorder(name))
		if !r.fanOut {
			continue
		}
		for flow := range r.flowCount() {
			if r.serving() || r.wants(i, flow%r.flowsEach) {
				r.col.Expect(name, uint32(flow))
			}
		}
	}
}

// forgetDeliveries takes back what only the peer could know: an external sink
// tells us nothing.
func (r *run) forgetDeliveries(result *results.Run) {
	a := &result.Accounting
	a.Expected, a.Received, a.Lost = 0, 0, 0
	result.Warnings = append(result.Warnings, results.Warning{
		Code:   "delivery_unknown",
		Detail: "the peer is not ours and sends nothing back: what arrived is known there alone",
	})
}

// flowCount is how many flows the receivers tell apart.
func (r *run) flowCount() int {
	if r.serving() {
		return serveFlows
	}
	return r.Cell.Clients * r.flowsEach
}

func (r *run) phaseTable() []results.Phase {
	var phases []results.Phase
	for _, p := range r.spec.Phases() {
		to := p.To
		if to == load.NoEnd {
			to = 1 << 62
		}
		phases = append(phases, results.Phase{Name: p.Name, From: p.From, To: to, Measured: p.Name != load.WarmupPhase})
	}
	if !r.Cell.Loop.Scheduled() || r.serving() { // what it sends in its last moment counts
		phases[len(phases)-1].To = 1 << 62
	}
	return phases
}

// measuredTo is where rates end, since the run's start; 0: where a count ends
// the load, or where it is made elsewhere.
func (r *run) measuredTo() time.Duration {
	phases := r.spec.Phases()
	if to := phases[len(phases)-1].To; to != load.NoEnd && !r.serving() {
		return to
	}
	return 0
}

// totals sums what was due. Without a schedule that is what the loops tried.
func (r *run) totals() results.Totals {
	phases := r.phaseTable()
	t := results.Totals{Now: load.Now()}
	byPhase := make([]uint64, len(phases))
	for _, c := range r.clients {
		for i, n := range c.offered {
			byPhase[i] += n
			t.Offered += n
		}
	}
	t.Counted = r.Cell.Count > 0 && t.Offered >= r.Cell.Count
	if !r.Cell.Loop.Scheduled() {
		return t
	}
	t.OfferedByPhase = byPhase
	for i, n := range byPhase {
		if phases[i].Measured {
			t.OfferedMeasured += n
		}
	}
	return t
}
