package drivers

import (
	"context"
	"errors"
	"time"

	"zbench/drivers/load"
	"zbench/results"
)

// Service is how Serve reports while it goes on. All may be nil.
type Service struct {
	Output
	OnReady func(bound []string)  // the endpoints stand
	OnEcho  func(messages uint64) // once a second, of an echo
}

// ErrNothingCame means that a service was ended before any load came.
var ErrNothingCame = errors.New("no message came")

const (
	// afterEnd is how long a sink waits for stragglers after it was told that
	// the load is over.
	afterEnd   = 300 * time.Millisecond
	serveEvery = 10 * time.Millisecond
)

// Serve plays the peer role for load that comes from elsewhere, at the
// endpoints of a cell whose placement is Served: it echoes until ctx ends, or
// it collects and measures until the load says that it is over, or ctx ends.
// What a sink misses follows from the sequences that it saw.
func Serve(ctx context.Context, s Setup, out Service) (results.Run, error) {
	p, err := newPlan(s)
	if err != nil {
		return results.Run{}, err
	}
	warnings, err := p.settle()
	if err != nil {
		return results.Run{}, err
	}
	r := &run{plan: p, began: make(chan struct{}), halt: make(chan struct{}), sink: &adoption{out: out.Output}}
	r.barrier = newBarrier(p)
	result := r.header()
	result.Warnings = append(result.Warnings, warnings...)
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	if err := r.open(opened, &result.Cell); err != nil {
		r.closing.Store(true)
		r.close()
		return r.fail(result, err), err
	}
	if out.OnReady != nil {
		out.OnReady(result.Cell.Binds)
	}
	r.launch()
	ended := r.attend(ctx, out)
	stuck := r.finish()
	if err := errors.Join(r.failure(), stuck); err != nil {
		return r.fail(result, err), err
	}
	return r.served(result, ended)
}

// attend waits for the end; it reports whether the load told it.
func (r *run) attend(ctx context.Context, out Service) (ended bool) {
	tick := time.NewTicker(serveEvery)
	defer tick.Stop()
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		if r.failure() != nil {
			return false
		}
		if _, end := r.sink.times(); end > 0 && load.Now()-end > int64(afterEnd) {
			return true
		}
		if out.OnEcho != nil && r.roundTrip && time.Since(told) >= time.Second {
			told = told.Add(time.Second)
			out.OnEcho(r.echoed.Load())
		}
	}
}

// served is the result of a sink; of an echo only the count.
func (r *run) served(result results.Run, ended bool) (results.Run, error) {
	if r.roundTrip {
		n := r.echoed.Load()
		result.Accounting = results.Accounting{Offered: n, Sent: n, Expected: n, Received: n, Errors: r.errors.Load()}
		results.Judge(&result, results.Signals{Promise: !r.drops})
		return result, nil
	}
	if r.col == nil {
		return r.fail(result, ErrNothingCame), ErrNothingCame
	}
	outcome, err := r.col.Stop(results.Totals{Now: load.Now()})
	if outcome == nil {
		return r.fail(result, err), err
	}
	binds := result.Cell.Binds
	result.Cell = r.Cell
	result.Cell.Binds = binds
	outcome.Fill(&result)
	result.Accounting.Errors += r.errors.Load()
	signals := outcome.Signals()
	signals.Failure, signals.Interrupted, signals.Promise = err, !ended, !r.drops
	results.Judge(&result, signals)
	return result, err
}
