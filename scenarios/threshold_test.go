package scenarios

import (
	"strings"
	"testing"

	"zbench/results"
)

func number64(n int64) *int64 { return &n }

func measuredRun() *results.Run {
	rate := 120e3
	mean := 1500.4
	return &results.Run{
		Verdict:    results.Valid,
		Accounting: results.Accounting{Offered: 100, Sent: 100, Expected: 200, Received: 199, Lost: 1},
		Throughput: results.Throughput{AchievedMsgsPerS: &rate},
		Latency: results.Latency{
			Service:  &results.Summary{P50NS: number64(1000), P99NS: number64(2_000_000), MeanNS: &mean, Unpublished: map[string]string{"p99_9_ns": "too_few"}},
			Response: &results.Summary{P50NS: number64(3000), Unpublished: map[string]string{"p99_ns": "lost"}},
		},
		Resources: []results.Resources{{Side: "load", AllocsPerMsg: 9}, {Side: "all", CPUNSPerMsg: 700, AllocsPerMsg: 0.5}},
	}
}

func TestEvaluate(t *testing.T) {
	for _, c := range []struct{ expr, status, detail string }{
		{"service.p50 < 1us", Fail, "service.p50 is 1µs"},
		{"service.p50 <= 1us", Pass, "1µs"},
		{"service.p99<2.1ms", Pass, "2ms"},
		{"service.mean > 1us", Pass, "1.5µs"},
		{"service.p99.9 < 1s", Inconclusive, "service.p99.9 was not published: too few"},
		{"service.p99.99 < 1s", Inconclusive, "not measured"},
		{"response.p99 < 1h", Fail, "without bound"},
		{"response.p50 > 2us", Pass, "3µs"},
		{"lag.p99 < 50us", Inconclusive, "lag.p99 was not measured"},
		{"lost == 0", Fail, "lost is 1"},
		{"lost != 0", Pass, "1"},
		{"loss <= 0.5%", Pass, "0.5%"},
		{"loss < 0.005", Fail, "0.5%"},
		{"corrupted == 0", Pass, "0"},
		{"achieved > 100k", Pass, "1.2e+05/s"},
		{"achieved >= 1M/s", Fail, "1.2e+05/s"},
		{"delivered > 1", Inconclusive, "not measured"},
		{"cpu < 1us", Pass, "700ns"},
		{"allocs < 1", Pass, "0.5"},
	} {
		th, err := ParseThreshold(c.expr)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		run := measuredRun()
		Evaluate([]Threshold{th}, run)
		got := run.Thresholds[0]
		if got.Status != c.status || !strings.Contains(got.Detail, c.detail) {
			t.Errorf("%s: %s, %s; want %s, %s", c.expr, got.Status, got.Detail, c.status, c.detail)
		}
	}
}

// TestEvaluateNothing: a run that was not made decides nothing.
func TestEvaluateNothing(t *testing.T) {
	th, err := ParseThreshold("lost == 0")
	if err != nil {
		t.Fatal(err)
	}
	for verdict, detail := range map[results.Verdict]string{results.Failed: "the run failed", results.Interrupted: "the run was interrupted"} {
		run := &results.Run{Verdict: verdict}
		Evaluate([]Threshold{th}, run)
		if got := run.Thresholds[0]; got.Status != Inconclusive || got.Detail != detail {
			t.Errorf("%s: %+v", verdict, got)
		}
	}
}

func TestThresholdMistakes(t *testing.T) {
	for expr, want := range map[string]string{
		"":                   "no comparison; write it like",
		"lost":               "no comparison",
		"lost = 0":           `"=" is no comparison; use <`,
		"< 2ms":              `unknown figure ""`,
		"respnse.p99 < 2ms":  `did you mean "response.p99"?`,
		"latency < 2ms":      "use response, service, lag, receive_lag or lateness with",
		"service.p99 < 2":    "write a time such as 100us",
		"service.p99 < -2ms": "write a time",
		"service.p99 <":      "write a time",
		"lost == 2ms":        "write a number such as 0",
		"achieved > fast":    "write messages per second",
		"achieved_bytes > x": "write bytes per second",
		"loss < 2":           "write a share",
		"allocs < 1/3":       "write a number",
	} {
		_, err := ParseThreshold(expr)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %s", expr, err, want)
		}
	}
}

func FuzzThreshold(f *testing.F) {
	for _, s := range []string{"response.p99 < 2ms", "lost == 0", "achieved>100k", "loss <= 1%", "<", "a!=", "service.p99.9 >= 1h2m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		th, err := ParseThreshold(expr)
		if err != nil {
			return
		}
		again, err := ParseThreshold(th.Expr)
		if err != nil || again.Expr != th.Expr || again.Value != th.Value {
			t.Fatalf("%q is written %q and read as %q (%v)", expr, th.Expr, again.Expr, err)
		}
		Evaluate([]Threshold{th}, measuredRun())
	})
}
