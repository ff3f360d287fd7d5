package drivers

import (
	"context"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/null"
	"zbench/results"
)

// floorRun makes a run of one client and one peer on the null engine whose
// loops the test drives by hand.
func floorRun(t testing.TB, pattern string) (*client, *receiver) {
	t.Helper()
	c := NewCell()
	c.Pattern, c.Engine, c.Count = pattern, "null", 1<<40
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	e := null.New()
	p, err := newPlan(Setup{ID: t.Name(), Cell: c, Load: e, Peer: e, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if p.payload, err = newPayload("random", p.sizes.Max(), 1); err != nil {
		t.Fatal(err)
	}
	r := &run{plan: p, began: make(chan struct{}), halt: make(chan struct{}), barrier: newBarrier(p)}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { r.finish(); cancel() })
	if err := r.open(ctx, &results.Cell{}); err != nil {
		t.Fatal(err)
	}
	start := r.begin()
	r.barrier.expected = make([]bool, len(r.barrier.seen))
	if err := r.collect(start, time.Now(), Output{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.col.Stop(r.totals()) })
	return r.clients[0], r.peers[0].recv
}

// TestNothingIsAllocatedPerMessage sends, receives and records one message at a
// time, in the very functions that the loops are made of.
func TestNothingIsAllocatedPerMessage(t *testing.T) {
	c, v := floorRun(t, "push-pull")
	rec, ms := v.rec.Load(), make([]*engines.Msg, burst)
	one := func() {
		at := c.start.Load() + int64(c.sent)
		c.due(at)
		if !c.shoot(at, at, -1, true) {
			t.Fatal("a message was not sent")
		}
		c.rest()
		n, err := v.sock.Recv(ms)
		if err != nil || n != 1 {
			t.Fatalf("received %d, %v", n, err)
		}
		if v.takeBurst(rec, ms[:n], at+1000) != 1 {
			t.Fatal("a message was not recorded")
		}
		engines.Release(ms[:n])
	}
	for range 1000 {
		one()
	}
	if n := testing.AllocsPerRun(10_000, one); n != 0 {
		t.Errorf("%v allocations per message", n)
	}
}

// BenchmarkSendToRecord is the harness's floor: ns per message from the
// schedule to the histogram, with both goroutines at work.
func BenchmarkSendToRecord(b *testing.B) {
	for _, pattern := range []string{"push-pull", "pub-sub", "dealer-router"} {
		b.Run(pattern, func(b *testing.B) {
			c := NewCell()
			c.Pattern, c.Engine, c.Count, c.WarmupS = pattern, "null", uint64(b.N), 0
			if pattern == "dealer-router" {
				c.Window = 64
			}
			if err := Resolve(&c); err != nil {
				b.Fatal(err)
			}
			e := null.New()
			r, err := Run(context.Background(), Setup{ID: b.Name(), Cell: c, Load: e, Peer: e, Seed: 1}, Output{})
			if err != nil || r.Accounting.Received != uint64(b.N) {
				b.Fatalf("%+v, %v", r.Accounting, err)
			}
			if rate := r.Throughput.AchievedMsgsPerS; rate != nil {
				b.ReportMetric(1e9 / *rate, "ns/msg")
			}
		})
	}
}
