package results

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOwnPart judges what is the generator's own, on runs made by hand.
func TestOwnPart(t *testing.T) {
	late := func(p99, most int64) *Summary {
		return &Summary{Count: 10_000, P50NS: ns(10), P99NS: ns(p99), MaxNS: ns(most)}
	}
	few := func(p50, most int64) *Summary {
		s := &Summary{Count: 100, MaxNS: ns(most), Unpublished: map[string]string{"p99_ns": causeTooFew}}
		if p50 > 0 {
			s.P50NS = ns(p50)
		}
		return s
	}
	// unscheduled is a run of that loop with a receive lag and a service p99.
	unscheduled := func(loop Loop, receiveLag, service int64) func(*Run) {
		return func(r *Run) {
			r.Cell.Loop = loop
			r.Latency.Response, r.Latency.Lag = nil, nil
			r.Latency.ReceiveLag = late(receiveLag, receiveLag)
			r.Latency.Service.P99NS = ns(service)
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*Run)
		want   string // "limited", "warned" or "": nothing
	}{
		{"not late", func(r *Run) { r.Latency.Lateness = late(30e3, 90e3) }, ""},
		{"a tenth of the response", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(80e3, 90e3), late(810e3, 5e6)
		}, ""},
		{"more than a tenth", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(90e3, 90e3), late(810e3, 5e6)
		}, "warned"},
		{"over 50 µs of a short response", func(r *Run) { r.Latency.Lateness = late(60e3, 90e3) }, "warned"},
		{"over 100 µs of a short response", func(r *Run) { r.Latency.Lateness = late(101e3, 110e3) }, "limited"},
		{"more than a third", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(1.1e6, 2e6), late(3e6, 5e6)
		}, "limited"},
		{"lag alone is as bad", func(r *Run) {
			r.Latency.Lateness, r.Latency.Lag = late(30e3, 90e3), late(101e3, 120e3)
		}, "limited"},
		{"beside a response that was lost", func(r *Run) {
			r.Latency.Lateness = late(5e6, 5e6)
			r.Latency.Response = &Summary{Unpublished: map[string]string{"p99_ns": causeLost, "max_ns": causeLost}}
		}, ""},
		{"a response nobody measured", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response, r.Latency.Service = nil, nil, nil
			r.Latency.Lag = late(101e3, 200e3)
		}, "limited"},
		{"few messages, a lower percentile too late", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = few(400e3, 450e3), few(500e3, 1e6)
		}, "limited"},
		{"few messages, most of the largest response", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = few(10e3, 600e3), few(50e3, 1e6)
		}, "limited"},
		{"few messages, half of the largest response", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = few(10e3, 500e3), few(50e3, 1e6)
		}, ""},
		{"few messages, but none really late", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = few(10e3, 90e3), few(20e3, 100e3)
		}, ""},
		{"too few for a median", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = few(0, 600e3), few(0, 1e6)
		}, "limited"},
		{"one stage", func(r *Run) {
			r.Latency.Lateness = late(30e3, 90e3)
			r.Stages = []Stage{{Name: "1s@1k", Latency: Latency{Response: late(200e3, 1e6), Lateness: late(20e3, 90e3)}},
				{Name: "1s@9k", Latency: Latency{Response: late(200e3, 1e6), Lateness: late(150e3, 400e3)}}}
		}, "limited"},
		{"stood still for 500 ms of an hour", func(r *Run) { r.Latency.Lag.MaxNS, r.DurationS = ns(500e6), 3600 }, "limited"},
		{"read nothing for 500 ms of an hour", func(r *Run) {
			r.Latency.Lateness, r.DurationS = late(30e3, 500e6), 3600
		}, "limited"},
		{"a hiccup in a minute", func(r *Run) { r.Latency.Lag.MaxNS, r.DurationS = ns(100e6), 60 }, ""},
		{"late at the median", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(300e3, 1e6), late(10e6, 12e6)
			r.Latency.Lateness.P50NS, r.Latency.Response.P50NS = ns(180e3), ns(230e3)
		}, "limited"},
		{"late at the median of a slow service", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(300e3, 1e6), late(10e6, 12e6)
			r.Latency.Lateness.P50NS, r.Latency.Response.P50NS = ns(180e3), ns(5e6)
		}, ""},
		{"a p99 that late messages make", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(80e3, 24e6), late(2.6e6, 24e6)
			r.Latency.Response.judged, r.Latency.Response.inTime99 = ns(2.6e6), ns(300e3)
		}, "limited"},
		{"a p99 that they make larger", func(r *Run) {
			r.Latency.Lateness, r.Latency.Response = late(30e3, 24e6), late(2.6e6, 24e6)
			r.Latency.Response.judged, r.Latency.Response.inTime99 = ns(2.6e6), ns(2e6)
		}, ""},
		{"lockstep", unscheduled(Lockstep, 20e3, 60e3), ""},
		{"lockstep, read late", unscheduled(Lockstep, 60e3, 60e3), "warned"},
		{"lockstep, read too late", unscheduled(Lockstep, 200e3, 500e3), "limited"},
		{"lockstep, read late of a slow peer", unscheduled(Lockstep, 200e3, 900e3), "warned"},
		{"window, read too late", unscheduled(Window, 200e3, 500e3), "limited"},
		{"max, where receive lag is a queue", unscheduled(Max, 5e6, 5e6), ""},
		{"replies that nothing matches", func(r *Run) {
			unscheduled(Window, 200e3, 500e3)(r)
			r.Latency.Service = nil
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := sound()
			tt.change(&r)
			Judge(&r, Signals{})
			got := ""
			switch {
			case r.Verdict == GeneratorLimited:
				got = "limited"
			case slices.ContainsFunc(r.Warnings, func(w Warning) bool { return w.Code == "generator_lag" }):
				got = "warned"
			}
			if got != tt.want || r.Verdict != GeneratorLimited && r.Verdict != Valid {
				t.Errorf("got %q, want %q: %s %v %v", got, tt.want, r.Verdict, r.Reasons, r.Warnings)
			}
		})
	}
}

// TestRefusedCoresAreNamed: who may not keep cores awake is told that it may help,
// and where they were kept awake everybody is told.
func TestRefusedCoresAreNamed(t *testing.T) {
	for awake, want := range map[CoresAwake]bool{"": false, AwakeKept: false, AwakeRefused: true} {
		r := sound()
		r.Latency.Lag.P99NS = ns(5e6)
		r.Resources = []Resources{{Side: "all", CoresAwake: awake}}
		Judge(&r, Signals{})
		if r.Verdict != GeneratorLimited || strings.Contains(r.Reasons[0].Detail, "as root") != want {
			t.Errorf("%q: %s %v", awake, r.Verdict, r.Reasons)
		}
		if slices.ContainsFunc(r.Warnings, func(w Warning) bool { return w.Code == "cores_awake" }) != (awake == AwakeKept) {
			t.Errorf("%q: %v", awake, r.Warnings)
		}
	}
}

// TestOwnPartIsMeasured: from what loops record to the verdict.
func TestOwnPartIsMeasured(t *testing.T) {
	for _, tt := range []struct {
		name      string
		lag, recv int64
		want      Verdict
		why       string
	}{
		{"in time", 5_000, 5_000, Valid, ""},
		{"both a little late", 60_000, 60_000, GeneratorLimited, "lateness"},
		{"read late", 0, 150_000, GeneratorLimited, "lateness"},
		{"sent late, reading unknown", 150_000, -1, GeneratorLimited, "own lag"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTest(t, Config{Kind: RoundTrip, Scheduled: true, Phases: onePhase(2 * time.Second)})
			r := c.Recorder("client 1")
			for i := range int64(2000) {
				due := start + i*1e6
				r.RecordSend(0, due, due+tt.lag, tt.lag)
				r.RecordReceive(0, 0, uint64(i), due, due+tt.lag, due+250_000+i%100, tt.lag, tt.recv, 64)
			}
			o := stop(t, c, Totals{Offered: 2000, OfferedMeasured: 2000, Now: start + 3e9})
			run := Run{Cell: Cell{Loop: Open, Pattern: "dealer-router"}}
			o.Fill(&run)
			Judge(&run, o.Signals())
			if run.Verdict != tt.want || tt.why != "" && !strings.Contains(run.Reasons[0].Detail, tt.why) {
				t.Errorf("%s, %v", run.Verdict, run.Reasons)
			}
		})
	}
}
