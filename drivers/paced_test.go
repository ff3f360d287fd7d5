package drivers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/engines/gozeromq"
	"zbench/engines/zmtp"
	"zbench/results"
)

// These hold paced loads against what must be true on any machine, busy or not:
// the schedule's shape does not show in the latencies, the number of clients does
// not matter, and where zbench is late itself it says so. (Replies that are only
// looked at when the next request is due have a service time of clients ÷ rate.)

// wantPaced checks a run of so many clients.
func wantPaced(t *testing.T, r results.Run) {
	t.Helper()
	l := r.Latency
	if r.Verdict == results.Failed || r.Verdict == results.Corrupted || l.Service == nil || l.Service.P50NS == nil {
		t.Fatalf("verdict %s %v", r.Verdict, r.Reasons)
	}
	if l.ReceiveLag == nil || l.ReceiveLag.Count == 0 || l.Lateness == nil {
		t.Fatal("nobody says how late the generator was")
	}
	if r.Verdict != results.Valid { // it says that it was late, or why not all came
		if most := l.Lateness.MaxNS; r.Verdict == results.GeneratorLimited && (most == nil || *most < int64(100*us)) {
			t.Errorf("%v, though it was never late by more than 100 µs: %+v", r.Reasons, l.Lateness)
		}
		return
	}
	between := float64(r.Cell.Clients) / r.Cell.RateMsgsPerS * 1e9
	if p50 := float64(*l.Service.P50NS); p50 > between/3 {
		t.Errorf("valid, and the service time is %v at p50, where a client sends every %v", time.Duration(p50), time.Duration(between))
	}
}

// paced is the load of these tests.
func paced(pattern, transport string, clients int, rate float64) func(*results.Cell) {
	return func(c *results.Cell) {
		c.Pattern, c.Transport, c.Clients, c.RateMsgsPerS = pattern, transport, clients, rate
		c.DurationS = 0.6
	}
}

func TestPacedOwnPeers(t *testing.T) {
	for _, c := range []struct {
		engine             engines.Engine
		pattern, transport string
		clients            int
	}{
		{zmtp.New(), "req-rep", "tcp", 4}, {zmtp.New(), "req-rep", "tcp", 8}, {zmtp.New(), "req-router", "ipc", 8},
		{zmtp.New(), "broker", "tcp", 8}, {zmtp.New(), "req-rep", "inproc", 4}, {zmtp.New(), "dealer-router", "tcp", 100},
		{gozeromq.New(), "req-rep", "tcp", 8},
	} {
		t.Run(fmt.Sprintf("%s %s over %s, %d clients", c.engine.Name(), c.pattern, c.transport, c.clients), func(t *testing.T) {
			wantPaced(t, runCellOn(t, c.engine, func(cell *results.Cell) {
				paced(c.pattern, c.transport, c.clients, 1000)(cell)
				cell.Engine = c.engine.Name()
			}))
		})
	}
}

func TestPacedService(t *testing.T) {
	for _, clients := range []int{1, 4, 8, 200} {
		t.Run(fmt.Sprint(clients, " clients"), func(t *testing.T) {
			f := startFake(t, engines.REP, echo)
			wantPaced(t, loadFake(t, f, func(cell *results.Cell) { paced("req-rep", "", clients, 1000)(cell) }))
		})
	}
}

// hog is a member that occupies its worker for a time, again and again.
type hog struct{ busy, every int64 }

func (h hog) Attend(now, _ int64) (next int64, did bool) {
	for end := now + h.busy; load.Now() < end; {
	}
	return now + h.every, true
}

func (hog) Unsettled() bool { return false }

// TestLatenessIsSaid: what a generator does that is late on purpose is not valid,
// and its lateness is in the figures that say so.
func TestLatenessIsSaid(t *testing.T) {
	f := startFake(t, engines.ROUTER, echo)
	c := NewCell()
	c.Engine, c.Endpoints, c.Listen, c.WarmupS = "zmtp", []string{f.at}, "peer", 0
	paced("dealer-router", "tcp", 2, 2000)(&c)
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	e := zmtp.New()
	r, result, err := newRun(Setup{ID: t.Name(), Cell: c, Load: e, Peer: e, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.openAll(context.Background(), &result.Cell); err != nil {
		t.Fatal(err)
	}
	if r.hosts.team == nil {
		r.finish()
		t.Skip("there are no workers on this system")
	}
	const busy = 20 * time.Millisecond
	r.hosts.team.Seat(0, hog{int64(busy), int64(2 * busy)}).Wake()
	r.launch()
	if err := r.join(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := r.measure(t.Context(), result, Output{})
	if err != nil {
		t.Fatal(err)
	}
	// Half of all messages are due, or come, while the thread does something else.
	if l := run.Latency; run.Verdict != results.GeneratorLimited || *l.Lateness.P99NS < int64(busy)/2 || *l.Response.P99NS < int64(busy)/2 {
		t.Errorf("verdict %s %v, lateness %+v", run.Verdict, run.Reasons, l.Lateness)
	}
}
