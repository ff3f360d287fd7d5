package results

import (
	"testing"
	"time"
)

// TestUnderachieved: a schedule of which a part was not achieved is not valid.
// Runs by hand: due messages in 10 s, and the rates.
func TestUnderachieved(t *testing.T) {
	rates := func(offered, achieved float64) Throughput {
		return Throughput{OfferedMsgsPerS: &offered, AchievedMsgsPerS: &achieved}
	}
	for _, tt := range []struct {
		name     string
		due      uint64
		achieved float64 // of 1
		change   func(*Run)
		want     Verdict
	}{
		{"all", 10_000, 1, nil, Valid},
		{"95 %", 10_000, 0.951, nil, Valid},
		{"less", 10_000, 0.949, nil, Unsustainable},
		{"4,000 clients at 3.9 of 5 k/s", 50_000, 0.78, nil, Unsustainable},
		{"twenty", 20, 0.9, nil, Unsustainable},
		{"one of twenty", 20, 0.95, nil, Valid},
		{"one and a half of twenty", 20, 0.93, nil, Valid},
		{"too few messages", 19, 0.5, nil, Valid},
		{"what may be lost", 10_000, 0.91, func(r *Run) { r.Cell.AllowLoss = 0.05 }, Valid},
		{"more than what may be lost", 10_000, 0.89, func(r *Run) { r.Cell.AllowLoss = 0.05 }, Unsustainable},
		{"held up", 10_000, 0.9, func(r *Run) { r.Latency.BlockedS = 5 }, Backpressured},
		{"the generator was late", 10_000, 0.9, func(r *Run) { r.Latency.Lag.P99NS = ns(5e6) }, GeneratorLimited},
		{"lost", 10_000, 0.9, func(r *Run) {
			r.Accounting.Received, r.Accounting.Lost = r.Accounting.Expected-1000, 1000
		}, Lossy},
		{"no schedule", 10_000, 0.5, func(r *Run) { r.Cell.Loop = Max }, Valid},
		{"arrivals unknown", 10_000, 0.5, func(r *Run) { r.Throughput.AchievedMsgsPerS = nil }, Valid},
		{"one stage", 10_000, 1, func(r *Run) {
			r.Stages = []Stage{{Name: "5s@1k", ToS: 5, Throughput: rates(1000, 1000)}, {Name: "5s@1k..3k", FromS: 5, ToS: 10, Throughput: rates(2000, 1800)}}
		}, Unsustainable},
		{"a stage of few messages", 10_000, 1, func(r *Run) {
			r.Stages = []Stage{{Name: "5s@1k", ToS: 5, Throughput: rates(1000, 1000)}, {Name: "1s@10", FromS: 5, ToS: 6, Throughput: rates(10, 5)}}
		}, Valid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := sound()
			r.Accounting = Accounting{Offered: tt.due, Sent: tt.due, Expected: tt.due, Received: tt.due}
			r.Throughput = rates(float64(tt.due)/10, tt.achieved*float64(tt.due)/10)
			if tt.change != nil {
				tt.change(&r)
			}
			Judge(&r, Signals{SentMeasured: r.Accounting.Sent, OfferedMeasured: r.Accounting.Offered})
			if r.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", r.Verdict, tt.want, r.Reasons)
			}
		})
	}
}

// TestShortOverload offers more than is taken, for too short a time to see a
// backlog grow: the count says it.
func TestShortOverload(t *testing.T) {
	for _, tt := range []struct {
		name string
		take time.Duration // for one message; one is due every ms
		want Verdict
	}{{"kept", 900 * time.Microsecond, Valid}, {"not kept", 1100 * time.Microsecond, Unsustainable}} {
		t.Run(tt.name, func(t *testing.T) {
			v := server{service: constant(tt.take)}
			o := play(t, 300*time.Millisecond, paced(time.Millisecond, 300*time.Millisecond),
				func(due int64) (int64, int64) { return due, v.depart(due) })
			r := Run{Cell: Cell{Loop: Open, Pattern: "dealer-router"}}
			o.Fill(&r)
			Judge(&r, o.Signals())
			if r.Verdict != tt.want {
				t.Errorf("%s: %v", r.Verdict, r.Reasons)
			}
		})
	}
}
