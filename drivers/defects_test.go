package drivers

import (
	"context"
	"testing"
	"time"

	"zbench/engines/gozeromq"
	"zbench/engines/null"
	"zbench/results"
)

func TestSmallBodiesOfManySockets(t *testing.T) {
	for _, size := range []string{"0", "8"} {
		for _, p := range patterns {
			r := runCell(t, func(c *results.Cell) {
				c.Pattern, c.Size, c.Count, c.Clients, c.Peers = p.name, size, 240, 3, 3
				if p.fanOut {
					c.Topics = 3
				}
			})
			wantClean(t, r)
		}
	}
}

// TestBlockedSenderLosesNoCount ends a run whose sender is held up.
func TestBlockedSenderLosesNoCount(t *testing.T) {
	r := runCell(t, func(c *results.Cell) {
		c.Pattern, c.RateMsgsPerS, c.DurationS, c.PeerDelay = "push-pull", 100_000, 0.3, "1s"
	})
	if a := r.Accounting; !a.Closed() || a.Corrupted+a.Duplicated != 0 || a.Unsent == 0 {
		t.Errorf("accounting %+v", a)
	}
}

// TestForcedDuplicatesAreCounted: a PUSH of go-zeromq sends every message to
// every peer.
func TestForcedDuplicatesAreCounted(t *testing.T) {
	c := cellOf(func(c *results.Cell) {
		c.Pattern, c.Engine, c.Peers, c.Count, c.WarmupS = "push-pull", "go-zeromq", 2, 2000, 0
	})
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	e := gozeromq.New()
	s := Setup{ID: t.Name(), Cell: c, Load: e, Peer: e, Seed: 1}
	if Check(s) == nil {
		t.Error("two peers of a PUSH were not refused")
	}
	s.Force = true
	r, err := Run(context.Background(), s, Output{})
	if a := r.Accounting; err != nil || a.Received != 2000 || a.Duplicated != 2000 || a.Lost != 0 || r.Verdict != results.Corrupted {
		t.Errorf("%v, verdict %s, accounting %+v", err, r.Verdict, a)
	}
}

func TestManyConnectionsMayOvertake(t *testing.T) {
	r := runCell(t, func(c *results.Cell) { c.Pattern, c.Connections, c.Count = "push-pull", 4, 20_000 })
	if a := r.Accounting; r.Verdict == results.Corrupted || a.Lost+a.Duplicated+a.Corrupted != 0 {
		t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
	}
}

func TestGeneratorThatCannotKeepUpSaysSo(t *testing.T) {
	r := runCell(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS, c.DurationS = "push-pull", 500e6, 0.02 })
	if r.Verdict == results.Valid {
		t.Errorf("half a billion messages a second are valid: %+v", r.Throughput)
	}
}

func TestBurstsKeepTheirRate(t *testing.T) {
	r := runCell(t, func(c *results.Cell) {
		c.Pattern, c.RateMsgsPerS, c.Arrival, c.DurationS = "push-pull", 1000, "burst:250", 1
	})
	wantClean(t, r)
	if rate := r.Throughput.OfferedMsgsPerS; rate == nil || *rate < 999 || *rate > 1001 {
		t.Errorf("offered %v, want 1000/s", rate)
	}
}

func TestInterruptWhileJoining(t *testing.T) {
	c := cellOf(func(c *results.Cell) {
		c.Pattern, c.Engine, c.Endpoints, c.Listen = "req-rep", "null", []string{"tcp://127.0.0.1:7777"}, "load"
	})
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	time.AfterFunc(40*time.Millisecond, cancel)
	r, err := Run(ctx, Setup{ID: t.Name(), Cell: c, Load: null.New(), Seed: 1}, Output{})
	if err == nil || r.Verdict != results.Interrupted {
		t.Errorf("%v, verdict %s %v", err, r.Verdict, r.Reasons)
	}
}

// TestServerKeepsItsOwnTime: what waited begins where the one before it ended.
func TestServerKeepsItsOwnTime(t *testing.T) {
	s := newServer(Delay{Mean: time.Millisecond}, Stall{}, 1, 0)
	const ms = int64(time.Millisecond)
	body := make([]byte, StampSize)
	for i, sent := range []int64{0, ms / 2, ms / 2} {
		st := stamp{run: 1, due: sent, sent: sent}
		st.put(body)
		late := int64(i) * (ms + ms/4) // when this peer got round to it
		if got, want := s.depart(s.arrival(body, 1, late)), int64(i+1)*ms; got != want {
			t.Errorf("message %d departs at %d, want %d", i, got, want)
		}
	}
}
