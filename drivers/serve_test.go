package drivers

import (
	"context"
	"testing"
	"time"

	"zbench/engines/null"
	"zbench/results"
)

// serveCell runs a service and a load that know nothing of each other.
func serveCell(t *testing.T, change func(*results.Cell)) (load, service results.Run) {
	t.Helper()
	e := null.New()
	const endpoint = "tcp://127.0.0.1:5555"
	served := cellOf(func(c *results.Cell) {
		change(c)
		c.Listen, c.Endpoints, c.PeerEngine, c.Placement = "peer", []string{endpoint}, "null", Served
		c.Count, c.RateMsgsPerS, c.Window, c.WarmupS, c.Loop = 0, 0, 0, -1, ""
	})
	if err := Resolve(&served); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		defer close(done)
		var err error
		service, err = Serve(ctx, Setup{ID: "service", Cell: served, Peer: e}, Service{OnReady: func([]string) { close(ready) }})
		if err != nil {
			t.Error(err)
		}
	}()
	<-ready
	load = runCellOn(t, e, func(c *results.Cell) {
		change(c)
		c.Engine, c.Endpoints, c.Listen = "null", []string{endpoint}, "peer"
	})
	if findRoundTrip(load.Cell) {
		cancel()
	}
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the service did not end")
	}
	return load, service
}

func findRoundTrip(c results.Cell) bool {
	p, _ := findPattern(c.Pattern)
	return p.roundTrip(c.Loop)
}

func TestSinkMeasuresTheLoadOfOthers(t *testing.T) {
	for _, pattern := range []string{"push-pull", "pub-sub"} {
		for _, size := range []string{"64", "64:50%+1KiB:50%", "8"} {
			load, sink := serveCell(t, func(c *results.Cell) { c.Pattern, c.Count, c.Size = pattern, 5000, size })
			if load.Verdict != results.Valid || load.Accounting.Sent != 5000 || load.Accounting.Expected != 0 {
				t.Errorf("%s %s: load %s %v %+v", pattern, size, load.Verdict, load.Reasons, load.Accounting)
			}
			a := sink.Accounting
			if sink.Verdict != results.Valid || a.Received != 5000 || a.Lost+a.Corrupted+a.Duplicated+a.Reordered != 0 {
				t.Errorf("%s %s: sink %s %v %+v", pattern, size, sink.Verdict, sink.Reasons, a)
			}
			if stamped := size != "8"; stamped && (sink.Latency.Kind != "one_way" || sink.Latency.Service.Count != 5000) {
				t.Errorf("%s %s: latency %+v", pattern, size, sink.Latency)
			}
		}
	}
}

func TestEchoServesTheLoadOfOthers(t *testing.T) {
	for _, pattern := range []string{"req-rep", "dealer-router", "pair"} {
		load, echo := serveCell(t, func(c *results.Cell) { c.Pattern, c.Count, c.Frames = pattern, 500, 2 })
		wantClean(t, load)
		if load.Cell.Placement != "external" || load.Cell.PeerEngine != "external" {
			t.Errorf("%s: cell %+v", pattern, load.Cell)
		}
		if echo.Accounting.Received < 500 {
			t.Errorf("%s: echoed %d", pattern, echo.Accounting.Received)
		}
	}
}

func TestServiceThatNobodyLoads(t *testing.T) {
	c := cellOf(func(c *results.Cell) {
		c.Pattern, c.Listen, c.Endpoints, c.PeerEngine, c.Placement = "push-pull", "peer", []string{"tcp://127.0.0.1:0"}, "null", Served
	})
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := Serve(ctx, Setup{Cell: c, Peer: null.New()}, Service{}); err != ErrNothingCame {
		t.Errorf("error %v", err)
	}
}
