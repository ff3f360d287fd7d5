package drivers

import (
	"context"
	"fmt"
	"time"

	"zbench/drivers/load"
	"zbench/results"
)

const (
	superviseEvery = 5 * time.Millisecond
	// replyTimeout is how long a REQ waits before it is closed and opened anew.
	replyTimeout = 60 * time.Second
	// idleTimeout ends a run by count in which nothing moves any more.
	idleTimeout = 30 * time.Second
	minDrain    = 5 * time.Second
)

// measure lets the load go, waits for its end, and makes the result.
func (r *run) measure(ctx context.Context, result results.Run, out Output) (results.Run, error) {
	start := r.begin()
	wall := time.Now().Add(time.Duration(start - load.Now()))
	result.StartedAt = wall
	if err := r.collect(start, wall, out); err != nil {
		r.finish()
		return r.fail(result, err), err
	}
	meter := newLateMeter(r)
	close(r.began)
	interrupted := r.supervise(ctx)
	usage := meter.stop()
	stuck := r.finish()
	outcome, err := r.col.Stop(r.totals())
	if err == nil {
		err = stuck
	}
	if failure := r.failure(); failure != nil {
		err = failure
	}
	if outcome == nil {
		return r.fail(result, err), err
	}
	outcome.Fill(&result)
	result.Accounting.Errors += r.errors.Load()
	if r.external() && !r.roundTrip {
		r.forgetDeliveries(&result)
	}
	result.Resources = append(result.Resources, usage)
	signals := outcome.Signals()
	signals.Failure, signals.Interrupted = err, interrupted
	signals.Promise, signals.Senders = !r.drops, r.Cell.Clients
	results.Judge(&result, signals)
	return result, err
}

// collect makes the collector and hands every goroutine its recorder.
func (r *run) collect(start int64, wall time.Time, out Output) (err error) {
	r.col, err = results.NewCollector(results.Config{
		Start: start, StartWall: wall,
		Phases:    r.phaseTable(),
		Scheduled: r.Cell.Loop.Scheduled(),
		Kind:      r.latencies,
		Flows:     r.flows(),
		Log:       out.Log,
		OnInterval: func(p results.Point) {
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
	for i, c := range r.clients {
		name := fmt.Sprintf("client %d", i+1)
		switch {
		case !r.roundTrip:
			c.rec = r.col.Recorder("")
		case c.recv == nil:
			c.rec = r.col.Recorder(name)
		default:
			c.rec = r.col.Recorder("")
			c.recv.rec.Store(r.col.Recorder(name))
		}
	}
	if !r.roundTrip {
		r.collectPeers()
	}
	r.col.Start()
	return nil
}

func (r *run) collectPeers() {
	for i, p := range r.peers {
		name := fmt.Sprintf("peer %d", i+1)
		p.recv.rec.Store(r.col.Recorder(name))
		if !r.fanOut {
			continue
		}
		for flow := range r.flows() {
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

// flows is how many flows the receivers tell apart.
func (r *run) flows() int {
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
	// What an unscheduled loop sends in its last moment counts as measured.
	phases[len(phases)-1].To = 1 << 62
	return phases
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

// supervise waits until all is sent and nothing is missing, or until a
// deadline or ctx says that it is enough.
func (r *run) supervise(ctx context.Context) (interrupted bool) {
	sent := make(chan struct{})
	go func() { r.loads.Wait(); close(sent) }()
	tick := time.NewTicker(superviseEvery)
	defer tick.Stop()
	idle := idleWatch{at: time.Now()}
	var drainUntil int64
	for {
		select {
		case <-ctx.Done():
			if !interrupted {
				interrupted = true
				r.noSend()
			}
			ctx = context.WithoutCancel(ctx)
		case <-tick.C:
		}
		now := load.Now()
		if r.failure() != nil {
			return interrupted
		}
		select {
		case <-sent:
			if drainUntil == 0 {
				drainUntil = now + r.drainLimit()
				if interrupted {
					drainUntil = min(drainUntil, now+int64(interruptDrain))
				}
			}
			if now >= drainUntil || r.delivered() >= r.expected() {
				return interrupted
			}
		default:
			r.timeOutReplies(now)
			switch {
			case interrupted && idle.since(r) > interruptDrain,
				!interrupted && r.end != 1<<63-1 && now > r.end+r.drainLimit():
				r.noSend()
				return interrupted
			case r.end == 1<<63-1 && idle.since(r) > idleTimeout:
				r.fatal(fmt.Errorf("%s: nothing was sent or received for %v; is the peer still there?", r.pattern.name, idleTimeout))
			}
		}
	}
}

// interruptDrain is how long an interrupted run waits for what is in flight.
const interruptDrain = 2 * time.Second

// idleWatch tells how long no message was sent or received.
type idleWatch struct {
	total uint64
	at    time.Time
}

func (w *idleWatch) since(r *run) time.Duration {
	if total := r.moved(); total != w.total {
		w.total, w.at = total, time.Now()
	}
	return time.Since(w.at)
}

func (r *run) moved() (n uint64) {
	for _, c := range r.clients {
		n += c.rec.Sent()
	}
	return n + r.delivered()
}

// drainLimit is how long, in ns, to wait for what is missing.
func (r *run) drainLimit() int64 {
	limit := max(int64(minDrain), 2*r.longest.Load())
	if d := int64(seconds(r.Cell.DurationS)); d > 0 {
		limit = min(limit, d)
	}
	return limit
}

// delivered counts what the measuring side has received.
func (r *run) delivered() (n uint64) {
	for _, c := range r.clients {
		switch {
		case !r.roundTrip:
		case c.recv == nil:
			n += c.rec.Received()
		default:
			n += c.recv.rec.Load().Received()
		}
	}
	if !r.roundTrip {
		for _, p := range r.peers {
			n += p.recv.rec.Load().Received()
		}
	}
	return n
}

// expected counts the deliveries that are due for what was sent; all clients
// have ended.
func (r *run) expected() (n uint64) {
	if r.external() && !r.roundTrip {
		return 0
	}
	for _, c := range r.clients {
		for flow, sent := range c.seq {
			n += sent * uint64(r.copies(flow))
		}
	}
	return n
}

// copies is how many receivers get each message of a client's flow.
func (r *run) copies(flow int) int {
	if !r.fanOut {
		return 1
	}
	n := 0
	for i := range r.Cell.Peers {
		if r.wants(i, flow) {
			n++
		}
	}
	return n
}

// timeOutReplies closes every REQ that has waited too long; its loop opens
// another one.
func (r *run) timeOutReplies(now int64) {
	for _, c := range r.clients {
		if since := c.waiting.Load(); since > 0 && now-since > int64(replyTimeout) {
			c.waiting.Store(0)
			c.socket().Close()
		}
	}
}
