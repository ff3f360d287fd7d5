package drivers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// Service is what a sink serves until, and how it reports while it goes on.
// Zero is no limit, and the functions may be nil.
type Service struct {
	Output
	Count    uint64        // messages, of all sockets together
	Duration time.Duration // from the first message on
	Wait     time.Duration // for the first message, and with a Count for any other
	OnReady  func(bound []string)
	OnTick   func(Tick) // once a second from OnReady on
}

// Tick is what a service has done so far.
type Tick struct {
	Elapsed  time.Duration
	Messages uint64 // that came, or of a source that went
	Errors   uint64 // operations of sockets that failed
	Peers    int    // connected now; -1: the engine does not know
}

var (
	// ErrNothingCame means that a service was ended before any load came.
	ErrNothingCame = errors.New("no message came")
	// ErrNotServed means that a service was ended before its count or duration.
	ErrNotServed = errors.New("ended before its count or duration was reached")
)

const (
	// afterEnd is how long nothing must come after a sink was told that the
	// load is over.
	afterEnd   = 300 * time.Millisecond
	serveEvery = 10 * time.Millisecond
	tickEvery  = time.Second
)

// Serve collects and measures what comes from elsewhere, at the endpoints of a
// cell whose placement is Served: until its count or duration is reached, else
// until all load says that it is over, or ctx ends. What it misses follows
// from the sequences that it saw. The result is complete where the error is
// ErrNotServed.
func Serve(ctx context.Context, s Setup, out Service) (results.Run, error) {
	r, result, err := newRun(s)
	if err != nil {
		return results.Run{}, err
	}
	r.sink = &adoption{out: out.Output}
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	if err := r.openAll(opened, &result.Cell); err != nil {
		return r.fail(result, err), err
	}
	if out.OnReady != nil {
		out.OnReady(result.Cell.Binds)
	}
	r.launch()
	complete := r.attend(ctx, out)
	stuck := r.finish()
	if err := errors.Join(r.failure(), stuck); err != nil {
		return r.fail(result, err), err
	}
	return r.served(result, complete)
}

// attend waits for the end; false: it came before the count or the duration.
func (r *run) attend(ctx context.Context, out Service) (complete bool) {
	tick := time.NewTicker(serveEvery)
	defer tick.Stop()
	began := time.Now()
	told := began
	limited := out.Count > 0 || out.Duration > 0
	quiet := idleWatch{at: began}
	for r.failure() == nil {
		select {
		case <-ctx.Done():
			return !limited
		case <-tick.C:
		}
		begun, over := r.sink.times()
		switch {
		case begun == 0 && out.Wait > 0 && time.Since(began) > out.Wait:
			return false
		case begun == 0:
		case out.Wait > 0 && out.Count > 0 && quiet.since(r) > max(out.Wait, idleTimeout):
			return false
		case out.Count > 0 && r.delivered() >= out.Count,
			out.Duration > 0 && load.Now()-begun >= int64(out.Duration),
			!limited && over && quiet.since(r) > afterEnd:
			return true
		case r.follows() && !over:
			r.watchLinks(load.Now())
		}
		if now := time.Now(); out.OnTick != nil && now.Sub(told) >= tickEvery {
			told = told.Add(tickEvery)
			out.OnTick(r.tick(now.Sub(began), begun > 0))
		}
	}
	return false
}

func (r *run) tick(elapsed time.Duration, begun bool) Tick {
	t := Tick{Elapsed: elapsed, Errors: r.errors.Load()}
	if begun {
		t.Messages = r.delivered()
	}
	for _, p := range r.peers {
		s, ok := p.sock.(engines.Attended)
		if !ok {
			t.Peers = -1
			break
		}
		t.Peers += s.Peers()
	}
	return t
}

// served is the result of a sink.
func (r *run) served(result results.Run, complete bool) (results.Run, error) {
	if r.col == nil {
		return r.fail(result, ErrNothingCame), ErrNothingCame
	}
	end := results.Totals{Now: load.Now()}
	if r.subscribes() && r.Cell.DurationS > 0 { // a publisher that falls silent has no rate for it
		end.Stopped = min(end.Now, r.start.Load()+int64(seconds(r.Cell.WarmupS)+seconds(r.Cell.DurationS)))
	}
	outcome, err := r.col.Stop(end)
	if outcome == nil {
		return r.fail(result, err), err
	}
	binds := result.Cell.Binds
	result.Cell = r.Cell
	result.Cell.Binds = binds
	outcome.Fill(&result)
	result.Accounting.Errors += r.errors.Load()
	r.shareOut(&result.Throughput)
	r.cut(&result)
	r.tellGuests(&result)
	result.Arrivals = r.arrivals(load.Now())
	r.report(&result)
	signals := outcome.Signals()
	signals.Failure, signals.Interrupted, signals.Promise = err, !complete, !r.drops
	results.Judge(&result, signals)
	if err == nil && !complete {
		err = ErrNotServed
	}
	return result, err
}

// cut takes back the losses that are none: without stamps nobody knows what a
// socket should have got. Where the load goes on when several sockets end, what
// was on its way to one of them looks lost, and a warning says so.
func (r *run) cut(result *results.Run) {
	a := &result.Accounting
	if _, over := r.sink.times(); !r.stamped {
		a.Sent, a.Expected, a.Offered, a.Lost, a.Unsent = a.Received, a.Received, a.Received, 0, 0
	} else if a.Lost > 0 && !over && r.Cell.Peers > 1 {
		result.Warnings = append(result.Warnings, results.Warning{Code: "cut",
			Detail: "the load went on when the sink ended: what was on its way to one of its sockets counts as lost"})
	}
}

// tellGuests warns where loads of several runs were measured as one.
func (r *run) tellGuests(result *results.Run) {
	if n := r.sink.others(); n > 0 {
		result.Warnings = append(result.Warnings, results.Warning{Code: "several_loads",
			Detail: fmt.Sprintf("loads of %d runs came and are measured together; the loop and the size are those of the first", n+1)})
	}
}

// shareOut counts a message of a publisher once, however many subscribers of
// this sink it reached: no sender is here that could say so.
func (r *run) shareOut(t *results.Throughput) {
	if !r.fanOut || t.DeliveredMsgsPerS == nil || t.AchievedMsgsPerS == nil {
		return
	}
	copies := max(1, float64(r.Cell.Peers)/float64(max(1, r.Cell.Topics)))
	size := *t.AchievedBytesPerS / *t.AchievedMsgsPerS
	rate := *t.DeliveredMsgsPerS / copies
	bytes := rate * size
	t.AchievedMsgsPerS, t.AchievedBytesPerS = &rate, &bytes
}
