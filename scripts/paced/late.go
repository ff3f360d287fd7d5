package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"zbench/scripts/process"
	"zbench/scripts/wire"
)

const (
	lateRate = 1000
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

// run gives what zbench found, and the truth.
func (c lateCase) run(ctx context.Context, k *kit, d time.Duration) (found figures, truth float64, err error) {
	up, err := plainEcho(c.pattern, c.echo).command(k).Serve(ctx)
	if err != nil {
		return found, 0, err
	}
	defer up.End()
	if c.busy {
		return c.beside(ctx, k, up, d)
	}
	before, err := c.truth(ctx, k, up)
	if err != nil {
		return found, 0, err
	}
	by := disturbance{env: c.env}
	if c.stopped {
		by.started = holdStill(ctx)
	}
	if found, err = zbench(c.engine).run(ctx, k, c.load, up.Endpoint, d, by); err != nil {
		return found, 0, err
	}
	after, err := c.truth(ctx, k, up)
	return found, max(before, after), err
}

// truth is what a plain client that nothing disturbs sees in a second.
func (c lateCase) truth(ctx context.Context, k *kit, up *process.Service) (float64, error) {
	f, err := plain(false).run(ctx, k, c.load, up.Endpoint, time.Second, disturbance{})
	return f.response99, err
}

// beside runs zbench and the witness together, with a busy thread on each core.
func (c lateCase) beside(ctx context.Context, k *kit, up *process.Service, d time.Duration) (found figures, truth float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := keepBusy(ctx, k)
	defer idle()
	witness := load{c.pattern, witnessRate, 1}
	var seen figures
	var failed error
	var both sync.WaitGroup
	both.Go(func() {
		seen, failed = plain(k.fifo()).run(ctx, k, witness, up.Endpoint, d, disturbance{})
	})
	found, err = zbench(c.engine).run(ctx, k, c.load, up.Endpoint, d, disturbance{})
	both.Wait()
	if err == nil {
		err = failed
	}
	return found, seen.response99, err
}

// tally counts runs.
type tally struct{ runs, valid, wrong, weak, failed int }

// measureLate counts the runs that are called valid though their p99 is far
// from the truth.
func measureLate(ctx context.Context, k *kit, o options, w io.Writer) (missed int, err error) {
	fmt.Fprintf(w, "\nlate: runs called valid whose response p99 is more than %g × the truth\n", tooMuch)
	var t tally
	cases := lateCases()
	for i := range o.runs {
		c := cases[i%len(cases)]
		found, truth, err := c.run(ctx, k, o.duration)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if t.count(found, truth, err) {
			fmt.Fprintf(w, "  wrong: %s: response p99 %s µs, truth %s µs\n", c.name(), micro(found.response99), micro(truth))
		}
		if err != nil {
			fmt.Fprintf(k.report, "run %d/%d: %s: %v\n", i+1, o.runs, c.name(), err)
			continue
		}
		fmt.Fprintf(k.report, "run %d/%d: %s: response p99 %s µs, truth %s µs, %s\n", i+1, o.runs, c.name(),
			micro(found.response99), micro(truth), found.verdict)
	}
	if !k.fifo() {
		fmt.Fprintln(w, "  the witness could not run before all other programs: start this as root")
	}
	return t.write(w, o.runs), nil
}

// count reports whether a run claims too much.
func (t *tally) count(found figures, truth float64, err error) (wrong bool) {
	t.runs++
	if err != nil {
		t.failed++
		return false
	}
	if !(truth >= truthLeast) {
		t.weak++
	}
	if !found.valid() {
		return false
	}
	t.valid++
	if math.IsNaN(found.response99) || found.response99 <= tooMuch*truth {
		return false
	}
	t.wrong++
	return true
}

func (t tally) write(w io.Writer, runs int) (missed int) {
	word := "reached"
	if t.wrong > 0 || t.failed == t.runs {
		word, missed = "missed", 1
	}
	fmt.Fprintf(w, "%s  %d of %d runs; wanted 0. Called valid: %d; failed: %d; true p99 below %s µs: %d\n",
		word, t.wrong, t.runs, t.valid, t.failed, micro(truthLeast), t.weak)
	return missed
}
