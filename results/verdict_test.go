package results

import (
	"errors"
	"strings"
	"testing"
)

func ns(v int64) *int64 { return &v }

// sound is a run without a doubt.
func sound() Run {
	return Run{
		Cell:          Cell{Pattern: "push-pull", Loop: Open},
		MeasuredFromS: 1, MeasuredToS: 11,
		Accounting: Accounting{Offered: 10_000, Sent: 10_000, Expected: 10_000, Received: 10_000},
		Latency: Latency{
			Kind: OneWay, MatchedBy: "stamp",
			Response: &Summary{Count: 10_000, P50NS: ns(100e3), P99NS: ns(300e3), MaxNS: ns(900e3)},
			Service:  &Summary{Count: 10_000, P50NS: ns(90e3), P99NS: ns(280e3), MaxNS: ns(900e3)},
			Lag:      &Summary{Count: 10_000, P50NS: ns(100), P99NS: ns(20e3), MaxNS: ns(90e3)},
		},
	}
}

func TestJudge(t *testing.T) {
	lose := func(n uint64) func(*Run, *Signals) {
		return func(r *Run, _ *Signals) { r.Accounting.Received -= n; r.Accounting.Lost += n }
	}
	shortOf := func(blocked float64, loop Loop) func(*Run, *Signals) {
		return func(r *Run, s *Signals) {
			r.Cell.Loop = loop
			r.Latency.BlockedS = blocked
			s.OfferedMeasured, s.SentMeasured = 9000, 8000
		}
	}
	refuse := func(peer string, sent ...float64) func(*Run, *Signals) {
		return func(r *Run, _ *Signals) {
			r.Cell.Loop, r.Cell.PeerEngine, r.Latency.BlockedS = Max, peer, 3
			r.MeasuredFromS, r.MeasuredToS, r.Series = 0, float64(len(sent)), nil
			for i, perS := range sent {
				r.Series = append(r.Series, Point{TS: float64(i + 1), SentMsgsPerS: perS})
			}
		}
	}
	tests := []struct {
		name    string
		change  func(*Run, *Signals)
		want    string // verdicts in order
		warning string // codes in order
	}{
		{"sound", func(*Run, *Signals) {}, "", ""},
		{"error", func(_ *Run, s *Signals) { s.Failure = errors.New("port in use") }, "failed", ""},
		{"open account", func(r *Run, _ *Signals) { r.Accounting.Expected++ }, "failed", ""},
		{"more sent than offered", func(r *Run, _ *Signals) { r.Accounting.Offered-- }, "failed", ""},
		{"nothing received", lose(10_000), "failed lossy", ""},
		{"nobody here receives", func(r *Run, _ *Signals) { r.Accounting = Accounting{Offered: 5, Sent: 5} }, "", ""},
		{"nothing sent", func(r *Run, _ *Signals) { r.Accounting = Accounting{Offered: 5, Unsent: 5} }, "failed generator_limited", ""},
		{"interrupted", func(_ *Run, s *Signals) { s.Interrupted = true }, "interrupted", ""},
		{"interrupted after an error", func(_ *Run, s *Signals) {
			s.Interrupted, s.Failure = true, errors.New("reset")
		}, "failed interrupted", ""},
		{"corrupted", func(r *Run, _ *Signals) { r.Accounting.Corrupted = 1 }, "corrupted", ""},
		{"duplicated", func(r *Run, _ *Signals) { r.Accounting.Duplicated = 1 }, "corrupted", ""},
		{"reordered", func(r *Run, _ *Signals) { r.Accounting.Reordered = 1 }, "corrupted", ""},
		{"reordered where it may", func(r *Run, s *Signals) { r.Accounting.Reordered, s.Unordered = 1, true }, "", ""},
		{"lost", lose(1), "lossy", ""},
		{"peer that takes nothing", refuse(External, 1000, 900, 0, 0, 0), "backpressured", ""},
		{"and reads on", refuse(External, 1000, 0, 0, 0, 900), "backpressured", ""},
		{"peer that is slow", refuse(External, 1000, 900, 3, 2, 1), "", ""},
		{"peer of ours that was told to stall", refuse("zmtp", 1000, 900, 0, 0, 0), "", ""},
		{"lost as allowed", func(r *Run, s *Signals) { lose(100)(r, s); r.Cell.AllowLoss = 0.01 }, "", "loss"},
		{"lost more than allowed", func(r *Run, s *Signals) { lose(101)(r, s); r.Cell.AllowLoss = 0.01 }, "lossy", ""},
		{"lost though promised", func(r *Run, s *Signals) {
			lose(1)(r, s)
			r.Cell.AllowLoss, s.Promise = 0.01, true
		}, "lossy", ""},
		{"lag over a third of the response", func(r *Run, _ *Signals) { r.Latency.Lag.P99NS = ns(101e3) }, "generator_limited", "generator_lag"},
		{"lag of a third of a long response", func(r *Run, _ *Signals) {
			r.Latency.Lag.P99NS, r.Latency.Response.P99NS, r.Latency.Service.P99NS = ns(1e6), ns(3e6), ns(2.9e6)
		}, "", "generator_lag"},
		{"the same where p99 was lost", func(r *Run, _ *Signals) {
			r.Latency.Lag.P99NS = ns(1.1e6)
			r.Latency.Response = &Summary{P50NS: ns(1), Unpublished: map[string]string{"p99_ns": "lost", "max_ns": "lost"}}
		}, "", ""},
		{"stood still", func(r *Run, _ *Signals) { r.Latency.Lag.MaxNS, r.DurationS = ns(500e6), 10 }, "generator_limited", ""},
		{"stood still for a moment", func(r *Run, _ *Signals) { r.Latency.Lag.MaxNS, r.DurationS = ns(50e6), 10 }, "", ""},
		{"stood still beside a slow peer", func(r *Run, _ *Signals) {
			r.Latency.Lag.MaxNS, r.DurationS, r.Latency.Response.P99NS = ns(500e6), 10, ns(2e9)
		}, "", ""},
		{"lag over 50 µs", func(r *Run, _ *Signals) { r.Latency.Lag.P99NS = ns(60e3) }, "", "generator_lag"},
		{"lag unknown but at p90 too much", func(r *Run, _ *Signals) {
			r.Latency.Lag = &Summary{P50NS: ns(10), P90NS: ns(2e6)}
		}, "generator_limited", "generator_lag"},
		{"not all sent", shortOf(0, Open), "generator_limited", ""},
		{"not all sent, held up", shortOf(5, Open), "backpressured", ""},
		{"not all sent, two senders, one held up a little", func(r *Run, s *Signals) {
			shortOf(1.5, Open)(r, s)
			s.Senders = 2
		}, "generator_limited", ""},
		{"replies too late", shortOf(0, ScheduledLockstep), "unsustainable", ""},
		{"sent late, held up", func(r *Run, _ *Signals) {
			r.Latency.BlockedS, r.Latency.Response.P99NS = 3, ns(50e6)
		}, "backpressured", ""},
		{"a loop without a schedule", func(r *Run, _ *Signals) {
			r.Cell.Loop, r.Latency.BlockedS = Max, 9
			r.Latency.Response, r.Latency.Lag = nil, nil
		}, "", ""},
		{"backlog", func(_ *Run, s *Signals) { s.BacklogGrows = true }, "unsustainable", ""},
		{"drift", func(_ *Run, s *Signals) { s.Drift = "p50 changes by +9 % over the run" }, "drifting", ""},
		{"bursts do not drift", func(r *Run, s *Signals) { r.Cell.Arrival, s.Drift = "burst", "p50" }, "", ""},
		{"all that applies", func(r *Run, s *Signals) {
			r.Accounting.Duplicated = 1
			lose(5)(r, s)
			s.Interrupted, s.BacklogGrows, s.Drift = true, true, "rate"
		}, "interrupted corrupted lossy unsustainable drifting", ""},
		{"doubts", func(r *Run, _ *Signals) {
			r.Warnings = []Warning{{"too_short", ""}}
			r.Latency = Latency{Kind: NoLatency, MatchedBy: "none"}
			r.Accounting.Errors, r.Accounting.OutOfRange, r.Accounting.Negative = 1, 1, 1
		}, "", "too_short not_measured negative_latency out_of_range errors"},
		{"by order", func(r *Run, _ *Signals) { r.Latency.MatchedBy = "order" }, "", "matched_by_order"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, s := sound(), Signals{}
			tt.change(&r, &s)
			Judge(&r, s)
			var reasons, warnings []string
			for _, x := range r.Reasons {
				reasons = append(reasons, string(x.Verdict))
				if x.Detail == "" {
					t.Errorf("%s has no detail", x.Verdict)
				}
			}
			for _, x := range r.Warnings {
				warnings = append(warnings, x.Code)
			}
			if got := strings.Join(reasons, " "); got != tt.want {
				t.Errorf("reasons %q, want %q: %v", got, tt.want, r.Reasons)
			}
			if first := strings.Fields(tt.want + " valid")[0]; string(r.Verdict) != first {
				t.Errorf("verdict %q, want %q", r.Verdict, first)
			}
			if got := strings.Join(warnings, " "); got != tt.warning {
				t.Errorf("warnings %q, want %q", got, tt.warning)
			}
		})
	}
}

func TestNothingSentSaysWhy(t *testing.T) {
	for want, r := range map[string]*Run{
		"blocked for 2 s":   {Accounting: Accounting{Offered: 10, Unsent: 10}, Latency: Latency{BlockedS: 2}},
		"3 operations":      {Accounting: Accounting{Offered: 10, Unsent: 10, Errors: 3}},
		"did not get to it": {Accounting: Accounting{Offered: 10, Unsent: 10}},
	} {
		Judge(r, Signals{})
		if r.Verdict != Failed || !strings.Contains(r.Reasons[0].Detail, want) {
			t.Errorf("%s: %+v", want, r.Reasons)
		}
	}
}

// TestUnsustainableSaysWhy: what is offered, what is held, and what comes of
// that for those who wait.
func TestUnsustainableSaysWhy(t *testing.T) {
	offered, held := 3.0, 0.5
	times := []int64{2e9, 6e9, 37e9}
	r := Run{Cell: Cell{Loop: ScheduledLockstep}, Throughput: Throughput{OfferedMsgsPerS: &offered, AchievedMsgsPerS: &held},
		Latency: Latency{Service: &Summary{P50NS: &times[1]}}, Series: []Point{{TS: 1}, {TS: 2, P50NS: &times[0]}, {TS: 40, P50NS: &times[2]}}}
	_, why := unsustainable(&r, &Signals{BacklogGrows: true})
	want := "the backlog grows to the end: 3/s are offered, and it holds 0.5/s, one every 2 s; from the actual send it takes 6 s at p50 (service)" +
		"; from when it was due, 2 s at first and 37 s in the end (response)"
	if why != want {
		t.Errorf("got  %s\nwant %s", why, want)
	}
}
