package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"zbench/scripts/process"
	"zbench/scripts/wire"
)

const (
	lateRate = 600
	// witnessRate has no common measure with lateRate, so that the two loads of
	// one service meet in every phase.
	witnessRate = 487
	// tooMuch is by how many times a valid run may exceed the truth.
	tooMuch = 1.5
	// truthLeast is the true p99 that a service of this experiment has.
	truthLeast = 300e3
)

// lateness makes a generator late on purpose, and knows the truth about the
// service then.
type lateness struct {
	name    string
	stopped bool     // zbench is held still for 50 ms of every second
	busy    bool     // a thread works on each core
	env     []string // of zbench
}

// latenesses are three. The truth is always that of the service:
//
//   - busy: the threads that work also keep the service waiting, and its clients
//     do wait for that. So the truth is taken in the same seconds, on the same
//     service, by a plain client that runs before all other programs (SCHED_FIFO):
//     it is never late itself. Where that is not permitted it runs like the others,
//     and its own lateness makes the truth look larger than it is.
//   - stopped: only the generator is held, so the service is as fast as ever. The
//     truth is that of a plain client which nobody holds, right before and after.
//   - one P: only the generator is short of threads. The truth is found as before.
func latenesses() []lateness {
	return []lateness{
		{name: "busy", busy: true},
		{name: "stopped", stopped: true},
		{name: "GOMAXPROCS=1", env: []string{"GOMAXPROCS=1"}},
	}
}

// lateCase is one kind of run.
type lateCase struct {
	lateness
	engine string
	load
	echo wire.Echo
}

// lateCases are all combinations. Each service takes 250 µs, and 550 µs for one
// message in twenty, so that its true p99 is well above 300 µs.
func lateCases() []lateCase {
	var all []lateCase
	for _, pattern := range []string{"dealer-router", "req-rep"} {
		for _, engine := range []string{"zmtp", "go-zeromq"} {
			for _, spin := range []bool{false, true} {
				for _, l := range latenesses() {
					echo := wire.Echo{Delay: 250 * time.Microsecond, Tail: 300 * time.Microsecond, Every: 20, Spin: spin}
					all = append(all, lateCase{l, engine, load{pattern, lateRate, 1}, echo})
				}
			}
		}
	}
	return all
}

func (c lateCase) name() string {
	how := "sleeps"
	if c.echo.Spin {
		how = "works"
	}
	return fmt.Sprintf("%s, %s, %s, a service that %s", c.lateness.name, c.engine, c.pattern, how)
}

// truth is the service's own response p99, in ns, and how far that p99 may lie
// above it by chance: the 99.5th percentile, which is about the upper end of its
// 95 % interval.
type truth struct{ p99, high float64 }

func truthOf(f figures) truth { return truth{f.response99, f.response995} }

func (t truth) or(other truth) truth { return truth{max(t.p99, other.p99), max(t.high, other.high)} }

// run gives what zbench found, and the truth.
func (c lateCase) run(ctx context.Context, k *kit, d time.Duration) (found figures, t truth, err error) {
	up, err := plainEcho(c.pattern, c.echo).command(k).Serve(ctx)
	if err != nil {
		return found, t, err
	}
	defer up.End()
	d = c.lasts(d)
	if c.busy {
		return c.beside(ctx, k, up, d)
	}
	before, err := c.undisturbed(ctx, k, up)
	if err != nil {
		return found, t, err
	}
	by := disturbance{env: c.env}
	if c.stopped {
		by.started = holdStill(ctx)
	}
	if found, err = zbench(c.engine).run(ctx, k, c.load, up.Endpoint, d, by); err != nil {
		return found, t, err
	}
	after, err := c.undisturbed(ctx, k, up)
	return found, before.or(after), err
}

// undisturbed is what a plain client sees in a second.
func (c lateCase) undisturbed(ctx context.Context, k *kit, up *process.Service) (truth, error) {
	f, err := plain(false).run(ctx, k, c.load, up.Endpoint, time.Second, disturbance{})
	return truthOf(f), err
}

// beside runs zbench and the witness together, with a busy thread on each core.
func (c lateCase) beside(ctx context.Context, k *kit, up *process.Service, d time.Duration) (found figures, t truth, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := keepBusy(ctx, k)
	defer idle()
	var seen figures
	var failed error
	var both sync.WaitGroup
	both.Go(func() {
		seen, failed = plain(k.fifo()).run(ctx, k, load{c.pattern, witnessRate, 1}, up.Endpoint, d, disturbance{})
	})
	found, err = zbench(c.engine).run(ctx, k, c.load, up.Endpoint, d, disturbance{})
	both.Wait()
	return found, truthOf(seen), errors.Join(err, failed)
}

// measureLate counts the runs that are called valid though their p99 is far
// from the truth.
func measureLate(ctx context.Context, k *kit, o options, w io.Writer) (missed int, err error) {
	fmt.Fprintf(w, "\nlate: runs called valid whose response p99 is more than %g × the truth\n", tooMuch)
	var t tally
	cases := lateCases()
	for i := range o.runs {
		c := cases[i%len(cases)]
		found, is, err := c.run(ctx, k, o.duration)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if t.count(found, is, err) {
			fmt.Fprintf(w, "  wrong: %s: response p99 %s µs; truth %s µs, by chance %s µs\n", c.name(),
				micro(found.response99), micro(is.p99), micro(is.high))
		}
		if err != nil {
			fmt.Fprintf(k.report, "run %d/%d: %s: %v\n", i+1, o.runs, c.name(), err)
			continue
		}
		fmt.Fprintf(k.report, "run %d/%d: %s: response p99 %s µs, truth %s µs, %s\n", i+1, o.runs, c.name(),
			micro(found.response99), micro(is.p99), found.verdict)
	}
	if !k.fifo() {
		fmt.Fprintln(w, "  the witness could not run before all other programs: start this as root")
	}
	return t.write(w), nil
}

// mostFailed is the part of the runs that may fail.
const mostFailed = 0.05

// tally counts runs: all, those called valid, of those the wrong ones, of those
// the ones that chance in the truth does not explain; those whose service was
// faster than this experiment wants, and those that failed.
type tally struct{ runs, valid, wrong, sure, weak, failed int }

// count reports whether a run claims too much.
func (t *tally) count(found figures, is truth, err error) (wrong bool) {
	t.runs++
	if err != nil {
		t.failed++
		return false
	}
	if !(is.p99 >= truthLeast) {
		t.weak++
	}
	if !found.valid() {
		return false
	}
	t.valid++
	if !(found.response99 > tooMuch*is.p99) { // also where none is published
		return false
	}
	t.wrong++
	if found.response99 > tooMuch*is.high {
		t.sure++
	}
	return true
}

func (t tally) write(w io.Writer) (missed int) {
	word := "reached"
	if t.wrong > 0 || float64(t.failed) > mostFailed*float64(t.runs) {
		word, missed = "missed", 1
	}
	fmt.Fprintf(w, "%s  %d of %d runs, %d of them beyond chance; wanted 0. Called valid: %d; failed: %d; true p99 below %s µs: %d\n",
		word, t.wrong, t.runs, t.sure, t.valid, t.failed, micro(truthLeast), t.weak)
	return missed
}
