package report

import (
	"slices"
	"testing"

	"zbench/results"
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		name    string
		values  []float64
		lost    int
		absent  []string
		median  string
		span    string
		missing string
	}{
		{"one", []float64{1000}, 0, nil, "1.00 µs", "", ""},
		{"odd", []float64{3000, 1000, 2000}, 0, nil, "2.00 µs", "1.00–3.00", ""},
		{"even", []float64{1000, 4000, 2000, 3000}, 0, nil, "2.50 µs", "1.00–4.00", ""},
		{"equal", []float64{1000, 1000}, 0, nil, "1.00 µs", "", ""},
		{"none", nil, 0, nil, "–", "", "not_measured"},
		{"lost ranks above every number", []float64{1000, 2000}, 1, nil, "2.00 µs", "1.00–lost", ""},
		{"lost in the middle", []float64{1000}, 1, nil, "lost", "", "lost"},
		{"all lost", nil, 3, nil, "lost", "", "lost"},
		{"few missing", []float64{1000, 2000, 3000}, 0, []string{"too_few"}, "2.00 µs", "1.00–3.00", ""},
		{"most missing", []float64{1000}, 0, []string{"too_few", "too_few"}, "too few", "", "too_few"},
		{"commonest reason", nil, 0, []string{"too_few", "below_clock_error", "below_clock_error"}, "< clock", "", "below_clock_error"},
	} {
		var s sample
		for _, v := range c.values {
			s.add(v, true, "")
		}
		for range c.lost {
			s.add(0, false, "lost")
		}
		for _, r := range c.absent {
			s.add(0, false, r)
		}
		q := s.quantity()
		if got := q.in(Duration); got != c.median || q.Missing != c.missing || q.span(durationUnit) != c.span {
			t.Errorf("%s: %q, span %q, missing %q; want %q, %q, %q", c.name, got, q.span(durationUnit), q.Missing, c.median, c.span, c.missing)
		}
	}
}

func TestBounds(t *testing.T) {
	low, high := int64(28_100), int64(33_000)
	for want, iv := range map[string]*results.Interval{
		"":            nil,
		"[28.1–33.0]": {LowNS: &low, HighNS: &high},
		"[28.1–lost]": {LowNS: &low, Unpublished: "lost"},
		"[?]":         {Unpublished: "too_few"},
	} {
		if got := (Quantity{Median: 30_000, Runs: 1, Interval: iv}).bounds(durationUnit); got != want {
			t.Errorf("%+v: %q, want %q", iv, got, want)
		}
	}
	if got := (Quantity{Missing: "lost", Interval: &results.Interval{LowNS: &low}}).bounds(durationUnit); got != "" {
		t.Errorf("without a median: %q", got)
	}
}

// TestIntervalsOfASoleRun: repeats have their own spread instead.
func TestIntervalsOfASoleRun(t *testing.T) {
	p50, low, high := int64(30_000), int64(28_000), int64(33_000)
	run := results.Run{Cell: results.Cell{Loop: results.Lockstep}, Latency: results.Latency{Service: &results.Summary{
		Count: 1000, P50NS: &p50, Intervals: map[string]results.Interval{"p50_ns": {LowNS: &low, HighNS: &high}}}}}
	one, two := &Cell{Cell: run.Cell, Sources: []Source{{Run: run}}}, &Cell{Cell: run.Cell, Sources: []Source{{Run: run}, {Run: run}}}
	one.settle()
	two.settle()
	if one.Latency.P50.Interval == nil || two.Latency.P50.Interval != nil {
		t.Errorf("one run: %v, two: %v", one.Latency.P50.Interval, two.Latency.P50.Interval)
	}
}

// TestUnsent: where nothing was lost, what is beyond every number was never
// sent.
func TestUnsent(t *testing.T) {
	run := results.Run{Cell: results.Cell{Loop: results.Open}, Accounting: results.Accounting{Offered: 100, Sent: 50, Unsent: 50},
		Latency: results.Latency{Response: &results.Summary{Count: 50, Unpublished: map[string]string{"p99_ns": "lost"}}}}
	c := &Cell{Cell: run.Cell, Sources: []Source{{Run: run}}}
	c.settle()
	if q := c.Latency.P99; q.Missing != "unsent" || !q.Beyond() {
		t.Errorf("p99 %+v", q)
	}
	c.Sources[0].Run.Accounting.Lost = 1
	c.settle()
	if q := c.Latency.P99; q.Missing != "lost" {
		t.Errorf("p99 %+v", q)
	}
}

func TestThresholds(t *testing.T) {
	p99, achieved := 2_345_678.0, 12_345.0
	run := results.Run{Verdict: results.Valid, Cell: results.Cell{Pattern: "pair", Loop: results.Open}, Thresholds: []results.Threshold{
		{Expr: "achieved > 10k", Status: "pass", Figure: "achieved", Unit: "messages/s", Value: &achieved},
		{Expr: "lost == 0", Status: "inconclusive", Detail: "the run failed"},
		{Expr: "response.p99 < 2ms", Status: "fail", Figure: "response.p99", Unit: "ns", Value: &p99},
	}}
	var got []string
	for _, f := range New(Source{Run: run}).Findings {
		got = append(got, f.Status+": "+f.Detail)
	}
	want := []string{"fail: response.p99 is 2.35 ms", "inconclusive: the run failed", "pass: achieved is 12.3 k/s"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
