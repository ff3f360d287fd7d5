package drivers

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/engines/gozeromq"
	"zbench/engines/null"
	"zbench/engines/zmtp"
	"zbench/results"
)

// killFor takes a service away for so long in the middle of a run.
func killFor(f *fake, after, down time.Duration) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for f.n.Load() == 0 { // the run has not begun
			time.Sleep(time.Millisecond)
		}
		time.Sleep(after)
		f.kill()
		time.Sleep(down)
		f.start()
	}()
	return func() { <-done }
}

func TestServiceThatDiesAndComesBack(t *testing.T) {
	for _, c := range []struct {
		pattern string
		kind    engines.Kind
		hand    answerer
		window  int
		rate    float64
	}{
		{"dealer-router", engines.ROUTER, echo, 0, 500},
		{"dealer-router", engines.ROUTER, world, 0, 500},
		{"dealer-router", engines.ROUTER, echo, 8, 0},
		{"req-rep", engines.REP, echo, 0, 500},
		{"req-rep", engines.REP, world, 0, 0},
	} {
		hand := func(s engines.Socket, m *engines.Msg, n int) {
			time.Sleep(time.Millisecond) // so that something is on its way
			c.hand(s, m, n)
		}
		f := startFake(t, c.kind, hand)
		wait := killFor(f, 300*time.Millisecond, 400*time.Millisecond)
		r := loadFake(t, f, func(cell *results.Cell) {
			cell.Pattern, cell.DurationS, cell.Window, cell.RateMsgsPerS, cell.Clients = c.pattern, 1.6, c.window, c.rate, 2
		})
		wait()
		a := r.Accounting
		if r.Verdict != results.OutOfService || !a.Closed() || len(r.Outages) != 1 || a.Unmatched+a.Corrupted+a.Duplicated+a.Errors != 0 {
			t.Errorf("%s: verdict %s %v, outages %v, accounting %+v", c.pattern, r.Verdict, r.Reasons, r.Outages, a)
			continue
		}
		o := r.Outages[0]
		if o.RecoveredS == nil || *o.RecoveredS <= o.DiedS || *o.Lost != a.Lost || o.Connected || a.Timeouts != 0 {
			t.Errorf("%s: %v, lost %d, %d timed out", c.pattern, o, a.Lost, a.Timeouts)
		}
		if !strings.Contains(r.Reasons[0].Detail, "recovery after") {
			t.Errorf("reason %v", r.Reasons[0])
		}
		if l := r.Latency; l.Kind != "round_trip" || l.Service.Count != a.Received {
			t.Errorf("%s: latency %+v", c.pattern, l)
		}
	}
}

func TestServiceThatNeverComesBack(t *testing.T) {
	for pattern, kind := range map[string]engines.Kind{"dealer-router": engines.ROUTER, "req-rep": engines.REP} {
		f := startFake(t, kind, echo)
		time.AfterFunc(300*time.Millisecond, func() { f.sock.Close() })
		r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.DurationS, c.RateMsgsPerS = pattern, 0.6, 200 })
		if len(r.Outages) != 1 || r.Outages[0].RecoveredS != nil || r.Verdict != results.OutOfService || !r.Accounting.Closed() {
			t.Errorf("%s: verdict %s %v, outages %v", pattern, r.Verdict, r.Reasons, r.Outages)
		}
	}
}

// TestServiceThatIsSilent: its connection stays up.
func TestServiceThatIsSilent(t *testing.T) {
	f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		if n < 20 || n >= 400 {
			echo(s, m, n)
		}
	})
	r := loadFake(t, f, func(c *results.Cell) {
		c.Pattern, c.Count, c.RateMsgsPerS, c.TimeoutS = "dealer-router", 500, 200, 0.2
	})
	a := r.Accounting
	if len(r.Outages) != 1 || r.Outages[0].RecoveredS == nil || *r.Outages[0].Lost != a.Lost || !r.Outages[0].Connected || a.Lost < 380 || !a.Closed() {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, a)
	}
}

func TestOutagesOfManyClientsAreOne(t *testing.T) {
	got := joinOutages([]outage{{died: 30, back: 50, lost: 1}, {died: 10, back: 20, lost: 2}, {died: 12, back: 25, lost: 4}, {died: 35, lost: 8}})
	want := []outage{{died: 10, back: 20, lost: 6}, {died: 30, back: 50, lost: 9}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestPatienceIsForWhoCan: engines that cannot be told keep their own pace.
func TestPatienceIsForWhoCan(t *testing.T) {
	n := engines.Need{Kind: engines.DEALER, Transport: "tcp", MaxFrame: 64, Frames: 1, Peers: 1}
	for _, e := range []engines.Engine{null.New(), gozeromq.New()} {
		n.Options = patient(e, n)
		if e.Supports(n) != nil && (n.Options.ReconnectMin != 0 || n.Options.ReconnectMax != 0) {
			t.Errorf("%s: %+v", e.Name(), n.Options)
		}
	}
}

// TestOneServiceOfTwoThatNeverComesBack: replies of the other end no outage.
func TestOneServiceOfTwoThatNeverComesBack(t *testing.T) {
	f, g := startFake(t, engines.REP, echo), startFake(t, engines.REP, echo)
	time.AfterFunc(300*time.Millisecond, func() { f.sock.Close() })
	r := loadFake(t, g, func(c *results.Cell) {
		c.Pattern, c.DurationS, c.RateMsgsPerS, c.TimeoutS = "dealer-rep", 1, 200, 0.5
		c.Endpoints = []string{f.at, g.at}
	})
	if len(r.Outages) != 1 || r.Outages[0].RecoveredS != nil || r.Accounting.Received == 0 || !r.Accounting.Closed() {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, r.Accounting)
	}
}

// TestSilenceOfOneClient: what is not answered is lost, and no outage as long
// as other clients have replies.
func TestSilenceOfOneClient(t *testing.T) {
	f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		if st, ok := plausible(m.Body(), load.Now()); n < 20 || ok && st.flow != 0 {
			echo(s, m, n)
		}
	})
	r := loadFake(t, f, func(c *results.Cell) {
		c.Pattern, c.DurationS, c.RateMsgsPerS, c.Clients, c.TimeoutS = "dealer-router", 2.5, 100, 4, 0.5
	})
	if a := r.Accounting; len(r.Outages) != 0 || a.Lost == 0 || !a.Closed() {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, a)
	}
}

// TestLastRequestLost: a request that a service drops at the end of a run is
// lost, and no outage.
func TestLastRequestLost(t *testing.T) {
	f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		if n < 20 {
			echo(s, m, n)
		}
	})
	r := loadFake(t, f, func(c *results.Cell) {
		c.Pattern, c.Count, c.RateMsgsPerS, c.TimeoutS = "dealer-router", 20, 200, 1.2 // the probe is the first
	})
	if a := r.Accounting; len(r.Outages) != 0 || a.Lost != 1 || r.Verdict != results.Lossy {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, a)
	}
}

// TestGarbageEndsNoOutage: only a reply does.
func TestGarbageEndsNoOutage(t *testing.T) {
	f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		if n < 20 {
			echo(s, m, n)
		} else {
			say(s, m, "nobody asked for this, and it has no stamp at all")
		}
	})
	r := loadFake(t, f, func(c *results.Cell) {
		c.Pattern, c.DurationS, c.RateMsgsPerS, c.TimeoutS = "dealer-router", 2, 100, 0.2
	})
	if len(r.Outages) != 1 || r.Outages[0].RecoveredS != nil || r.Accounting.Unmatched == 0 {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, r.Accounting)
	}
}

// TestSinkThatDiesAndComesBack: it answers nothing, so its connection is all
// that tells.
func TestSinkThatDiesAndComesBack(t *testing.T) {
	for _, rate := range []float64{0, 500} {
		f := startFake(t, engines.PULL, func(_ engines.Socket, m *engines.Msg, _ int) { engines.Release([]*engines.Msg{m}) })
		wait := killFor(f, 300*time.Millisecond, 400*time.Millisecond)
		r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.DurationS, c.RateMsgsPerS = "push-pull", 1.6, rate })
		wait()
		if len(r.Outages) != 1 || r.Verdict != results.OutOfService || !r.Accounting.Closed() {
			t.Errorf("rate %v: verdict %s %v, outages %v", rate, r.Verdict, r.Reasons, r.Outages)
			continue
		}
		if o := r.Outages[0]; o.RecoveredS == nil || *o.RecoveredS <= o.DiedS || o.Lost != nil {
			t.Errorf("rate %v: %v", rate, o)
		}
	}
}

// TestPublisherThatDiesAndComesBack: what was missed nobody knows.
func TestPublisherThatDiesAndComesBack(t *testing.T) {
	e := zmtp.New()
	open := func(at string) (engines.Socket, string) {
		pub, err := e.Open(t.Context(), engines.PUB, engines.Options{Use: engines.SendOnly})
		if err != nil {
			t.Error(err)
			return nil, at
		}
		for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			if bound, err := pub.Bind(at); err == nil {
				return pub, bound
			} else if time.Now().After(end) {
				t.Error(err)
				return pub, at
			}
		}
	}
	publish := func(pub engines.Socket, last time.Duration) {
		defer pub.Close()
		for end := time.Now().Add(last); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if m, err := pub.Alloc(nil, 5); err == nil && pub.Send(m) == nil {
				_ = pub.Flush()
			}
		}
	}
	first, at := open("tcp://127.0.0.1:0")
	var done sync.WaitGroup
	done.Go(func() {
		publish(first, 800*time.Millisecond)
		time.Sleep(400 * time.Millisecond)
		second, _ := open(at)
		publish(second, 3*time.Second)
	})
	r := runCellOn(t, e, func(c *results.Cell) {
		c.Pattern, c.Engine, c.Endpoints, c.Listen, c.DurationS = "pub-sub", "zmtp", []string{at}, "peer", 1.8
	})
	done.Wait()
	if len(r.Outages) != 1 || r.Outages[0].RecoveredS == nil || r.Outages[0].Lost != nil || r.Verdict != results.OutOfService {
		t.Errorf("verdict %s %v, outages %v", r.Verdict, r.Reasons, r.Outages)
	}
}

// reticent is an engine that does not tell of connections.
type reticent struct{ engines.Engine }

func (e reticent) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	s, err := e.Engine.Open(ctx, k, o)
	return struct{ engines.Socket }{s}, err
}

// TestOutageWithoutWordOfConnections: a time without replies in which requests
// were lost is one. A lost request alone is none.
func TestOutageWithoutWordOfConnections(t *testing.T) {
	f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		time.Sleep(time.Millisecond)
		echo(s, m, n)
	})
	wait := killFor(f, 500*time.Millisecond, 1200*time.Millisecond)
	r := runCellOn(t, reticent{zmtp.New()}, func(c *results.Cell) {
		c.Engine, c.Endpoints, c.Listen = "zmtp", []string{f.at}, "peer"
		c.Pattern, c.DurationS, c.Window, c.TimeoutS = "dealer-router", 4, 8, 1.5
	})
	wait()
	if len(r.Outages) != 1 || r.Outages[0].RecoveredS == nil || *r.Outages[0].Lost != r.Accounting.Lost || r.Verdict != results.OutOfService {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, r.Accounting)
	}

	g := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
		if n != 2 {
			echo(s, m, n)
		}
	})
	r = runCellOn(t, reticent{zmtp.New()}, func(c *results.Cell) {
		c.Engine, c.Endpoints, c.Listen = "zmtp", []string{g.at}, "peer"
		c.Pattern, c.Count, c.RateMsgsPerS, c.TimeoutS = "dealer-router", 8, 1.6, 1.1
	})
	if len(r.Outages) != 0 || r.Accounting.Lost != 1 || r.Verdict != results.Lossy {
		t.Errorf("verdict %s %v, outages %v, accounting %+v", r.Verdict, r.Reasons, r.Outages, r.Accounting)
	}
}
