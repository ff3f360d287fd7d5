package drivers

import (
	"context"
	"strings"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/zmtp"
	"zbench/results"
)

// publish sends bodies in turn, each as often a second as pause allows, and
// falls silent once, after which the test ends it.
func publish(t *testing.T, bodies []string, pause, silence time.Duration) (endpoint string) {
	t.Helper()
	s, err := zmtp.New().Open(context.Background(), engines.PUB, engines.Options{Use: engines.SendOnly})
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err = s.Bind("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			body := bodies[i%len(bodies)]
			m, err := s.Alloc([][]byte{[]byte("topic " + body)}, len(body))
			if err != nil {
				return
			}
			copy(m.Body(), body)
			s.Send(m)
			s.Flush()
			if time.Sleep(pause); s.(engines.Attended).Peers() > 0 && i%100 == 99 {
				time.Sleep(silence)
			}
		}
	}()
	t.Cleanup(func() { s.Close(); <-done })
	return endpoint
}

func TestSubscribingToAPublisher(t *testing.T) {
	at := publish(t, []string{"a", "bbbb", "cc"}, time.Millisecond, 200*time.Millisecond)
	r := runCellOn(t, zmtp.New(), func(c *results.Cell) {
		c.Engine, c.Pattern, c.Endpoints, c.Listen, c.DurationS = "zmtp", "pub-sub", []string{at}, "peer", 1
	})
	a := r.Arrivals
	if a == nil || a.Count < 100 || a.Count != r.Accounting.Received || a.MsgsPerS == nil || a.Gaps.P50NS == nil {
		t.Fatalf("arrivals %+v, accounting %+v", a, r.Accounting)
	}
	if a.SizeMin != 8 || a.SizeMax != 14 || a.SizeMean < 9 || a.SizeMean > 12 { // topic and body
		t.Errorf("sizes %d to %d, mean %g", a.SizeMin, a.SizeMax, a.SizeMean)
	}
	if a.Silences == 0 || a.SilentS < 0.2 {
		t.Errorf("%d silences, %g s", a.Silences, a.SilentS)
	}
	if r.Latency.Kind != "none" || r.Verdict != results.Valid || r.Cell.Subscribe != AllTopics {
		t.Errorf("verdict %s %v, latency %+v, cell %+v", r.Verdict, r.Reasons, r.Latency, r.Cell)
	}
}

func TestSubscribingToPrefixes(t *testing.T) {
	at := publish(t, []string{"a", "bbbb", "cc"}, time.Millisecond, 0)
	r := runCellOn(t, zmtp.New(), func(c *results.Cell) {
		c.Engine, c.Pattern, c.Endpoints, c.Listen = "zmtp", "pub-sub", []string{at}, "peer"
		c.Subscribe, c.Count, c.Clients = "topic a+topic c", 100, 2
	})
	if a := r.Arrivals; a == nil || a.SizeMax != 10 || a.SizeMin != 8 || a.Count < 100 || len(r.PerPeer) != 2 {
		t.Errorf("arrivals %+v, %d peers", a, len(r.PerPeer))
	}
}

func TestSubscribingToNobody(t *testing.T) {
	c := cellOf(func(c *results.Cell) {
		c.Engine, c.Pattern, c.Endpoints, c.Listen, c.DurationS = "zmtp", "pub-sub", []string{"tcp://127.0.0.1:1"}, "peer", 1
	})
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	again := c
	if err := Resolve(&again); err != nil || again.Subscribe != c.Subscribe || again.Engine != c.Engine || again.PeerEngine != c.PeerEngine {
		t.Errorf("%v: resolved again %+v", err, again)
	}
	r, err := Run(context.Background(), Setup{ID: t.Name(), Cell: c, Peer: zmtp.New(), Seed: 1, Timeout: 50 * time.Millisecond}, Output{})
	if err == nil || !strings.Contains(err.Error(), "is a publisher there") || r.Verdict != results.Failed {
		t.Errorf("%v, verdict %s", err, r.Verdict)
	}
}

func TestWhoSubscribes(t *testing.T) {
	for _, c := range []struct {
		change func(*results.Cell)
		want   string // in the error; "" is none
	}{
		{func(c *results.Cell) { c.Pattern, c.Subscribe = "pub-sub", "a" }, "add connect"},
		{func(c *results.Cell) { c.Pattern, c.Subscribe = "push-pull", "a" }, "use pub-sub"},
		{func(c *results.Cell) {
			c.Pattern, c.Subscribe, c.Endpoints, c.RateMsgsPerS = "pub-sub", "a", []string{"tcp://127.0.0.1:1"}, 5
		}, "makes no load"},
		{func(c *results.Cell) {
			c.Pattern, c.Endpoints, c.Listen, c.RateMsgsPerS = "pub-sub", []string{"tcp://127.0.0.1:1"}, "peer", 5
		}, ""},
	} {
		cell := cellOf(func(cell *results.Cell) { cell.Engine = "zmtp"; c.change(cell) })
		err := Resolve(&cell)
		if c.want == "" && (err != nil || cell.Subscribe != "" || cell.Placement != "external") {
			t.Errorf("%v: a publisher became %+v", err, cell)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
