package drivers

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// run is one run while it goes on.
type run struct {
	*plan
	clients []*client
	middles []*middle
	peers   []*peer
	barrier *barrier
	col     *results.Collector

	recorders []*results.Recorder // of everybody, each once

	clock    func() int64 // the clock that machines read
	hosts    hosts
	canary   canary       // of goroutines that receive
	start    atomic.Int64 // clock reading; 0 until every path is open
	end      int64        // when unscheduled loops stop sending; set with start
	stop     atomic.Bool  // no more is to be sent
	halted   sync.Once
	haltedAt int64         // clock reading; the supervisor alone reads it
	closing  atomic.Bool   // sockets are being closed: their errors mean nothing
	errors   atomic.Uint64 // failed operations

	loads     sync.WaitGroup // clients that are not over
	others    sync.WaitGroup // goroutines that play machines
	errMu     sync.Mutex
	err       error        // the first that ends the run
	longest   atomic.Int64 // largest latency so far, ns
	sink      *adoption    // of a sink that serves
	shared    atomic.Bool  // several peers of somebody else took a client's load
	links     []*link      // of peers that answer nothing; the supervisor's
	lastReply int64        // clock reading; the supervisor's
	gaps      []gap        // between replies; the supervisor's
}

// Run makes one run. The result is complete even where it failed; the error
// says why nothing could be measured, or nil. When ctx ends, the run ends
// cleanly with what was measured so far.
func Run(ctx context.Context, s Setup, out Output) (results.Run, error) {
	if s.Cell.Subscribe != "" {
		return follow(ctx, s, out)
	}
	r, result, err := newRun(s)
	if err != nil {
		return results.Run{}, err
	}
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	if err := r.openAll(opened, &result.Cell); err != nil {
		return r.fail(result, err), err
	}
	r.launch()
	if err := r.join(ctx); err != nil {
		r.finish()
		return r.fail(result, err), err
	}
	return r.measure(ctx, result, out)
}

// newRun works a setup out and asks the engines about it; what they could not
// do as asked is a warning of the result.
func newRun(s Setup) (*run, results.Run, error) {
	p, err := newPlan(s)
	if err != nil {
		return nil, results.Run{}, err
	}
	if !p.serving() { // whose load decides what bodies hold
		if p.payload, err = newPayload(s.Cell.Payload, max(p.sizes.Max(), StampSize), p.run); err != nil {
			return nil, results.Run{}, err
		}
	}
	warnings, err := p.settle()
	if err != nil {
		return nil, results.Run{}, err
	}
	r := &run{plan: p, clock: load.Now}
	r.barrier = newBarrier(p)
	result := r.header()
	result.Warnings = append(result.Warnings, warnings...)
	return r, result, nil
}

// openAll opens every socket; what it could not open is closed again.
func (r *run) openAll(ctx context.Context, cell *results.Cell) error {
	err := r.startTeam()
	if err == nil {
		err = r.open(ctx, cell)
	}
	if err != nil {
		r.closing.Store(true)
		r.close()
		r.hosts.free()
	}
	return err
}

func (r *run) header() results.Run {
	return results.Run{
		ID: r.ID, Scenario: r.Scenario, Repeat: r.Repeat, Seed: r.Seed,
		StartedAt: time.Now(), Cell: r.Cell, Environment: r.Environment,
		Reasons: []results.Reason{}, Warnings: []results.Warning{},
		Resources: []results.Resources{}, Series: []results.Point{},
		Latency: results.Latency{Kind: "none", MatchedBy: "none"},
	}
}

func (r *run) fail(result results.Run, err error) results.Run {
	signals := results.Signals{Failure: err}
	if errors.Is(err, context.Canceled) {
		signals = results.Signals{Interrupted: true}
	}
	results.Judge(&result, signals)
	return result
}

// launch lets everybody play.
func (r *run) launch() {
	r.loads.Add(len(r.clients))
	if r.hosts.team != nil {
		r.hosts.team.Start()
	}
	r.launchAlone()
	r.wakeAll()
}

// wakeAll has every machine look at what is new.
func (r *run) wakeAll() {
	for _, m := range r.middles {
		m.host.Wake()
	}
	for _, p := range r.peers {
		p.host.Wake()
	}
	for _, c := range r.clients {
		c.host.Wake()
	}
}

// join waits until a probe has come through on every path.
func (r *run) join(ctx context.Context) error {
	deadline := time.NewTimer(r.timeout)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	since := time.Now()
	alone := func(c *client) bool { return !c.attended(time.Since(since)) }
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			if r.barrier.open() {
				return r.blame(fmt.Errorf("%s: no peer (or fewer than the %d to load) joined %s within %v; is it there, and of the right kind?",
					r.pattern.name, r.clients[0].end.need.Peers, strings.Join(r.Cell.Endpoints, ", "), r.timeout))
			}
			return r.blame(fmt.Errorf("%s: no probe came through %s within %v; is the peer there, of the right kind, and does it answer?",
				r.pattern.name, r.barrier.missing(r.plan), r.timeout))
		case <-tick.C:
			if err := r.failure(); err != nil {
				return err
			}
			if r.barrier.open() && !slices.ContainsFunc(r.clients, alone) {
				return nil
			}
		}
	}
}

// noSend ends all sending; loops see it at their next message.
func (r *run) noSend() {
	r.halted.Do(func() {
		r.haltedAt = r.clock()
		r.stop.Store(true)
		r.wakeAll()
	})
}

func (r *run) fatal(err error) {
	r.errMu.Lock()
	defer r.errMu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

func (r *run) failure() error {
	r.errMu.Lock()
	defer r.errMu.Unlock()
	return r.err
}

// goOn counts an error of a socket and lets others run, so that one that fails
// at once every time does not take a core; false: the socket is closed.
func (r *run) goOn(err error) bool {
	if errors.Is(err, engines.ErrClosed) {
		if !r.closing.Load() {
			r.fatal(err)
		}
		return false
	}
	r.errors.Add(1)
	runtime.Gosched()
	return true
}

// closeTimeout is how long sockets and goroutines may take to end.
const closeTimeout = 5 * time.Second

// finish ends whatever still runs; it reports what did not end.
func (r *run) finish() error {
	r.closing.Store(true)
	r.noSend()
	r.canary.stop()
	if !inTime(r.hosts.stopTeam) {
		r.hosts.restore()
		return fmt.Errorf("%s: a call of a hosted socket did not return within %v", r.pattern.name, closeTimeout)
	}
	r.close()
	if !inTime(r.others.Wait) {
		r.hosts.restore()
		return fmt.Errorf("%s: a socket did not unblock within %v of Close", r.pattern.name, closeTimeout)
	}
	r.hosts.free()
	for _, c := range r.clients {
		c.close()
	}
	return nil
}

// inTime reports whether do came to an end within closeTimeout.
func inTime(do func()) bool {
	ended := make(chan struct{})
	go func() {
		do()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(closeTimeout):
		return false
	}
}

// close closes all sockets at once, for one that lingers must not hold up the others.
func (r *run) close() {
	var socks []engines.Socket
	for _, c := range r.clients {
		socks = append(socks, c.socket())
	}
	for _, m := range r.middles {
		socks = append(socks, m.front, m.back)
	}
	for _, p := range r.peers {
		socks = append(socks, p.sock)
	}
	var wg sync.WaitGroup
	for _, s := range socks {
		if s != nil {
			wg.Go(func() { s.Close() })
		}
	}
	inTime(wg.Wait)
}

// noEnd is the end of a load that a count ends, at a time that nobody knows.
const noEnd = 1<<63 - 1

// What it takes until everybody knows of the start.
const (
	startAhead     = 2 * time.Millisecond
	startPerSocket = 50 * time.Microsecond
)

// begin fixes the start of the run a moment ahead, so that all loops are there
// when it comes. They are told by r.start, once there is where to record.
func (r *run) begin() int64 {
	start := load.Now() + int64(startAhead) + int64(len(r.clients)+len(r.peers))*int64(startPerSocket)
	r.end = start + int64(seconds(r.Cell.WarmupS)+seconds(r.Cell.DurationS))
	switch c := r.Cell; {
	case c.DurationS > 0:
	case c.RateMsgsPerS > 0: // when random arrivals are surely over
		r.end += int64(seconds(2*float64(c.Count)/c.RateMsgsPerS + 10))
	default:
		r.end = noEnd
	}
	return start
}
