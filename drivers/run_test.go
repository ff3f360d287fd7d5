package drivers

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/null"
	"zbench/results"
)

// runCell resolves, checks and runs a cell on the null engine.
func runCell(t *testing.T, change func(*results.Cell)) results.Run {
	t.Helper()
	r, err := tryCell(t, context.Background(), change)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryCell(t *testing.T, ctx context.Context, change func(*results.Cell)) (results.Run, error) {
	t.Helper()
	return tryCellOn(t, ctx, null.New(), change)
}

func runCellOn(t *testing.T, e engines.Engine, change func(*results.Cell)) results.Run {
	t.Helper()
	r, err := tryCellOn(t, context.Background(), e, change)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryCellOn(t *testing.T, ctx context.Context, e engines.Engine, change func(*results.Cell)) (results.Run, error) {
	t.Helper()
	c := NewCell()
	c.Engine, c.WarmupS = "null", 0
	change(&c)
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	s := Setup{ID: t.Name(), Cell: c, Load: e, Middle: e, Peer: e, Seed: 1, Scratch: t.TempDir(), Repeat: 1}
	if err := Check(s); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return Run(ctx, s, Output{Log: &log})
}

// wantClean fails unless every message arrived once, in order and whole.
func wantClean(t *testing.T, r results.Run) {
	t.Helper()
	a := r.Accounting
	if !a.Closed() || a.Received == 0 || a.Lost+a.Duplicated+a.Reordered+a.Corrupted+a.Errors+a.Unsent != 0 {
		t.Errorf("accounting %+v", a)
	}
	switch r.Verdict {
	case results.Failed, results.Interrupted, results.Corrupted, results.Lossy:
		t.Errorf("verdict %s: %v", r.Verdict, r.Reasons)
	}
}

func TestEveryPatternInEveryLoop(t *testing.T) {
	for _, p := range patterns {
		for _, l := range p.loops {
			for _, n := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s/%s/%d", p.name, l, n), func(t *testing.T) {
					r := runCell(t, func(c *results.Cell) {
						c.Pattern, c.Count, c.Clients, c.Peers = p.name, 3000, n, n
						if p.hasMiddle() {
							c.Middles = n
						}
						if p.fanOut && n > 1 {
							c.Topics, c.Peers = 2, 4
						}
						switch l {
						case results.Window:
							c.Window = 8
						case results.Open, results.ScheduledLockstep:
							c.RateMsgsPerS = 10_000
						case results.Max:
							c.Loop = l
						}
					})
					wantClean(t, r)
					if a := r.Accounting; a.Sent != 3000 {
						t.Errorf("sent %d", a.Sent)
					}
					if scheduled := l.Scheduled(); (r.Latency.Response != nil) != scheduled || (r.Latency.Lag != nil) != scheduled {
						t.Errorf("response %v, lag %v in loop %s", r.Latency.Response, r.Latency.Lag, l)
					}
					// In memory many latencies are below what a clock can tell.
					if s := r.Latency.Service; s == nil || s.Count != r.Accounting.Received || s.P50NS == nil && s.Unpublished["p50_ns"] != "below_clock_error" {
						t.Errorf("service %+v", s)
					}
					if kind := p.latencyKind(l); r.Latency.Kind != kind || r.Latency.MatchedBy != "stamp" {
						t.Errorf("latency %s matched by %s, want %s by stamp", r.Latency.Kind, r.Latency.MatchedBy, kind)
					}
				})
			}
		}
	}
}

func TestFanOutCountsEveryDelivery(t *testing.T) {
	r := runCell(t, func(c *results.Cell) { c.Pattern, c.Count, c.Peers = "pub-sub", 500, 4 })
	wantClean(t, r)
	if a := r.Accounting; a.Sent != 500 || a.Expected != 2000 || a.Received != 2000 {
		t.Errorf("accounting %+v", a)
	}
	if len(r.PerPeer) != 4 {
		t.Errorf("%d peers in per_peer", len(r.PerPeer))
	}
}

func TestBodiesTooSmallForAStamp(t *testing.T) {
	for _, size := range []string{"0", "1", "31", "8:50%+64:50%"} {
		for _, pattern := range []string{"req-rep", "dealer-router", "push-pull", "pub-sub", "pipeline"} {
			r := runCell(t, func(c *results.Cell) { c.Pattern, c.Size, c.Count = pattern, size, 200 })
			wantClean(t, r)
			if r.Latency.Kind != "none" || r.Latency.Service != nil && r.Latency.Service.P50NS != nil {
				t.Errorf("%s, size %s: latency %+v", pattern, size, r.Latency)
			}
		}
	}
}

func TestMultipartAndMixes(t *testing.T) {
	for _, p := range patterns {
		r := runCell(t, func(c *results.Cell) {
			c.Pattern, c.Frames, c.Size, c.Count = p.name, 3, "64:70%+1KiB:25%+64KiB:5%", 400
		})
		wantClean(t, r)
	}
}

func TestIdentitiesAreSet(t *testing.T) {
	for _, p := range []string{"router-dealer", "dealer-router", "req-router", "broker"} {
		wantClean(t, runCell(t, func(c *results.Cell) { c.Pattern, c.Identity, c.Count = p, "name", 100 }))
	}
}

func TestInterruptKeepsWhatWasMeasured(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	r, err := tryCell(t, ctx, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS, c.DurationS = "push-pull", 1000, 3600 })
	if err != nil {
		t.Fatal(err)
	}
	if a := r.Accounting; r.Verdict != results.Interrupted || !a.Closed() || a.Received == 0 {
		t.Errorf("verdict %s, accounting %+v", r.Verdict, a)
	}
}

func TestSlowPeerStallsTheQueue(t *testing.T) {
	r := runCell(t, func(c *results.Cell) {
		c.Pattern, c.RateMsgsPerS, c.DurationS, c.PeerStall = "dealer-router", 1000, 1, "200ms/1s"
	})
	wantClean(t, r)
	// The first fifth of the run waits for the end of the stall.
	if max := r.Latency.Response.MaxNS; max == nil || *max < int64(190*time.Millisecond) {
		t.Errorf("response max %v, want the stall's 200 ms", max)
	}
}

func TestCheckRefusesWhatTheMemoryCannotHold(t *testing.T) {
	c := NewCell()
	c.Pattern, c.Engine, c.Size, c.Window, c.Clients = "dealer-router", "null", "256MiB", 1000, 100
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	e := null.New()
	err := Check(Setup{Cell: c, Load: e, Peer: e})
	if err == nil || !strings.Contains(err.Error(), "choose smaller bodies") {
		t.Errorf("error %v", err)
	}
}
