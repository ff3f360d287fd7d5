package drivers

import (
	"context"
	"testing"
	"time"

	"zbench/drivers/load"
	"zbench/engines/null"
	"zbench/results"
)

// floorRun makes a run of one client and one peer on the null engine whose
// machines the test steps by hand.
func floorRun(t testing.TB, pattern string) (*client, *peer) {
	t.Helper()
	c := NewCell()
	c.Pattern, c.Engine, c.RateMsgsPerS, c.Count = pattern, "null", 1e6, 1<<40
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
	r := &run{plan: p, clock: load.Now, barrier: newBarrier(p)}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { r.finish(); cancel() })
	if err := r.open(ctx, &results.Cell{}); err != nil {
		t.Fatal(err)
	}
	r.loads.Add(1)
	start := r.begin()
	r.barrier.expected = make([]bool, len(r.barrier.seen))
	if err := r.collect(start, time.Now(), Output{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.col.Stop(r.totals()) })
	r.start.Store(start)
	return r.clients[0], r.peers[0]
}

// TestNothingIsAllocatedPerMessage sends, receives and records one message at a
// time, by the very machines that runs are made of.
func TestNothingIsAllocatedPerMessage(t *testing.T) {
	c, p := floorRun(t, "push-pull")
	at := c.start.Load()
	one := func() {
		at = max(at+1000, load.Now()) // the next one is due
		if next, did := c.step(at); !did || next == never {
			t.Fatal("nothing was sent")
		}
		n, err := p.port.sock.Recv(p.port.ms)
		if err != nil || n == 0 {
			t.Fatalf("received %d, %v", n, err)
		}
		p.port.to.hear(p.port.ms[:n], at+1000, 100)
	}
	for range 1000 {
		one()
	}
	if n := testing.AllocsPerRun(100, func() { c.ports(); p.ports() }); n != 0 {
		t.Errorf("%v allocations to ask for the ports", n)
	}
	before := p.recv.rec.Load().Received()
	if n := testing.AllocsPerRun(10_000, one); n != 0 {
		t.Errorf("%v allocations per message", n)
	}
	if got := p.recv.rec.Load().Received() - before; got < 10_000 {
		t.Errorf("%d messages were recorded", got)
	}
}

// BenchmarkSendToRecord is the harness's floor: ns per message from the
// schedule to the histogram, with both sides at work.
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
