package drivers

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/null"
	"zbench/results"
)

// serveCell runs a service and a load that know nothing of each other.
func serveCell(t *testing.T, change func(*results.Cell)) (load, service results.Run) {
	t.Helper()
	e := null.New()
	const endpoint = "tcp://127.0.0.1:5555"
	listens := "peer" // a socket, but several cannot share an endpoint
	served := cellOf(func(c *results.Cell) {
		change(c)
		if c.Peers > 1 {
			listens = "load"
		}
		c.Listen, c.Endpoints, c.PeerEngine, c.Placement = listens, []string{endpoint}, "null", Served
		c.Count, c.RateMsgsPerS, c.Window, c.WarmupS, c.Loop = 0, 0, 0, -1, results.Max
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
		c.Engine, c.Endpoints, c.Listen = "null", []string{endpoint}, listens
	})
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the service did not end")
	}
	return load, service
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

// TestSinkOfSeveralLoads: two loads at once are told apart, and the sink ends
// with the last of them.
func TestSinkOfSeveralLoads(t *testing.T) {
	e := null.New()
	const endpoint = "tcp://127.0.0.1:5555"
	served := cellOf(func(c *results.Cell) {
		c.Pattern, c.Listen, c.Endpoints, c.PeerEngine, c.Placement = "push-pull", "peer", []string{endpoint}, "null", Served
		c.Loop = results.Max
	})
	if err := Resolve(&served); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan struct{}), make(chan results.Run)
	go func() {
		r, err := Serve(context.Background(), Setup{ID: "service", Cell: served, Peer: e}, Service{OnReady: func([]string) { close(ready) }})
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	<-ready
	var both sync.WaitGroup
	for _, id := range []string{"one", "two"} {
		c := cellOf(func(c *results.Cell) {
			c.Pattern, c.Count, c.Engine, c.Endpoints, c.Listen = "push-pull", 3000, "null", []string{endpoint}, "peer"
		})
		if err := Resolve(&c); err != nil {
			t.Fatal(err)
		}
		both.Go(func() {
			if _, err := Run(context.Background(), Setup{ID: id, Cell: c, Load: e, Seed: 1}, Output{}); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	select {
	case r := <-done:
		if a := r.Accounting; r.Verdict != results.Valid || a.Received != 6000 || a.Lost+a.Corrupted+a.Duplicated+a.Reordered != 0 {
			t.Errorf("%s %v %+v", r.Verdict, r.Reasons, a)
		}
		if !slices.ContainsFunc(r.Warnings, func(w results.Warning) bool { return w.Code == "several_loads" }) {
			t.Errorf("no warning that there were two: %v", r.Warnings)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the sink did not end")
	}
}

// TestSinkOfFanOut: a message that reaches two subscribers is one message.
func TestSinkOfFanOut(t *testing.T) {
	_, sink := serveCell(t, func(c *results.Cell) { c.Pattern, c.Count, c.Peers = "pub-sub", 5000, 2 })
	f := sink.Throughput
	if sink.Accounting.Received != 10000 || f.AchievedMsgsPerS == nil || f.DeliveredMsgsPerS == nil {
		t.Fatalf("%s %v %+v", sink.Verdict, sink.Reasons, sink)
	}
	if ratio := *f.DeliveredMsgsPerS / *f.AchievedMsgsPerS; math.Abs(ratio-2) > 1e-6 {
		t.Errorf("delivered %g, achieved %g", *f.DeliveredMsgsPerS, *f.AchievedMsgsPerS)
	}
}

// TestSinkOfStrangers: what has no stamp is counted, whatever its parts.
func TestSinkOfStrangers(t *testing.T) {
	e := null.New()
	c := cellOf(func(c *results.Cell) {
		c.Pattern, c.Listen, c.Endpoints, c.PeerEngine, c.Placement = "push-pull", "peer", []string{"tcp://127.0.0.1:5556"}, "null", Served
		c.Loop = results.Max
	})
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan struct{}), make(chan results.Run)
	go func() {
		r, err := Serve(context.Background(), Setup{Cell: c, Peer: e}, Service{Count: 4, OnReady: func([]string) { close(ready) }})
		if err != nil {
			t.Error(err)
		}
		done <- r
	}()
	<-ready
	s, err := e.Open(context.Background(), engines.PUSH, engines.Options{Use: engines.SendOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Connect("tcp://127.0.0.1:5556"); err != nil {
		t.Fatal(err)
	}
	for _, parts := range [][]string{{"Z, and then some text that is longer than a stamp"}, {"a", "bc"}, {""}, {"", "x", ""}} {
		var frames [][]byte
		for _, p := range parts {
			frames = append(frames, []byte(p))
		}
		if err := s.Send(&engines.Msg{Frames: frames}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	select {
	case r := <-done:
		if a := r.Accounting; r.Verdict != results.Valid || a.Received != 4 || a.Corrupted+a.Lost != 0 || r.Latency.Kind != "none" {
			t.Errorf("%s %v %+v", r.Verdict, r.Reasons, a)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the sink did not end")
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
