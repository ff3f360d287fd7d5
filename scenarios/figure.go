package scenarios

import (
	"fmt"
	"math"
	"strings"

	"zbench/results"
)

// figure is one measured number that a threshold can name.
type figure struct {
	name string
	unit unit
	// of gives the value, or why there is none. A percentile that lost messages
	// reach is +Inf.
	of func(r *results.Run) (v float64, missing string)
}

const notMeasured = "not measured in this run"

// stats of a latency by their names in thresholds and in result.json.
var stats = []struct {
	name, field string
	of          func(s *results.Summary) *int64
}{
	{"min", "min_ns", func(s *results.Summary) *int64 { return s.MinNS }},
	{"mean", "mean_ns", func(s *results.Summary) *int64 { return rounded(s.MeanNS) }},
	{"p50", "p50_ns", func(s *results.Summary) *int64 { return s.P50NS }},
	{"p90", "p90_ns", func(s *results.Summary) *int64 { return s.P90NS }},
	{"p99", "p99_ns", func(s *results.Summary) *int64 { return s.P99NS }},
	{"p99.9", "p99_9_ns", func(s *results.Summary) *int64 { return s.P999NS }},
	{"p99.99", "p99_99_ns", func(s *results.Summary) *int64 { return s.P9999NS }},
	{"max", "max_ns", func(s *results.Summary) *int64 { return s.MaxNS }},
}

func rounded(f *float64) *int64 {
	if f == nil {
		return nil
	}
	n := int64(math.Round(*f))
	return &n
}

// latencies are the distributions by name.
var latencies = []struct {
	name string
	of   func(l *results.Latency) *results.Summary
}{
	{"response", func(l *results.Latency) *results.Summary { return l.Response }},
	{"service", func(l *results.Latency) *results.Summary { return l.Service }},
	{"lag", func(l *results.Latency) *results.Summary { return l.Lag }},
	{"receive_lag", func(l *results.Latency) *results.Summary { return l.ReceiveLag }},
	{"lateness", func(l *results.Latency) *results.Summary { return l.Lateness }},
}

var counts = []struct {
	name string
	of   func(a *results.Accounting) uint64
}{
	{"offered", func(a *results.Accounting) uint64 { return a.Offered }},
	{"sent", func(a *results.Accounting) uint64 { return a.Sent }},
	{"unsent", func(a *results.Accounting) uint64 { return a.Unsent }},
	{"received", func(a *results.Accounting) uint64 { return a.Received }},
	{"lost", func(a *results.Accounting) uint64 { return a.Lost }},
	{"duplicated", func(a *results.Accounting) uint64 { return a.Duplicated }},
	{"reordered", func(a *results.Accounting) uint64 { return a.Reordered }},
	{"corrupted", func(a *results.Accounting) uint64 { return a.Corrupted }},
	{"timeouts", func(a *results.Accounting) uint64 { return a.Timeouts }},
	{"late", func(a *results.Accounting) uint64 { return a.Late }},
	{"unmatched", func(a *results.Accounting) uint64 { return a.Unmatched }},
	{"errors", func(a *results.Accounting) uint64 { return a.Errors }},
}

var rates = []struct {
	name string
	unit unit
	of   func(t *results.Throughput) *float64
}{
	{"achieved", perSecond, func(t *results.Throughput) *float64 { return t.AchievedMsgsPerS }},
	{"achieved_bytes", bytesPerSec, func(t *results.Throughput) *float64 { return t.AchievedBytesPerS }},
	{"delivered", perSecond, func(t *results.Throughput) *float64 { return t.DeliveredMsgsPerS }},
}

// figures is the table of all that thresholds can name.
func figures() []figure {
	var fs []figure
	for _, l := range latencies {
		for _, s := range stats {
			fs = append(fs, figure{l.name + "." + s.name, nanoseconds, func(r *results.Run) (float64, string) {
				return latencyOf(l.of(&r.Latency), s.field, s.of)
			}})
		}
	}
	for _, c := range counts {
		fs = append(fs, figure{c.name, count, func(r *results.Run) (float64, string) {
			return float64(c.of(&r.Accounting)), ""
		}})
	}
	for _, t := range rates {
		fs = append(fs, figure{t.name, t.unit, func(r *results.Run) (float64, string) {
			return present(t.of(&r.Throughput))
		}})
	}
	return append(fs, figure{"loss", share, lossOf}, figure{"cpu", nanoseconds, cpuOf}, figure{"allocs", number, allocsOf})
}

func latencyOf(s *results.Summary, field string, of func(*results.Summary) *int64) (float64, string) {
	if s == nil {
		return 0, notMeasured
	}
	switch reason := s.Unpublished[field]; {
	case reason == "lost":
		return math.Inf(1), ""
	case reason != "":
		return 0, "not published: " + strings.ReplaceAll(reason, "_", " ")
	}
	if v := of(s); v != nil {
		return float64(*v), ""
	}
	return 0, notMeasured
}

func present(v *float64) (float64, string) {
	if v == nil {
		return 0, notMeasured
	}
	return *v, ""
}

func lossOf(r *results.Run) (float64, string) {
	if r.Accounting.Expected == 0 {
		return 0, notMeasured
	}
	return float64(r.Accounting.Lost) / float64(r.Accounting.Expected), ""
}

// cpuOf is the CPU time per message of all sides together.
func cpuOf(r *results.Run) (float64, string) {
	return resourceOf(r, func(u results.Resources) float64 { return u.CPUNSPerMsg })
}

func allocsOf(r *results.Run) (float64, string) {
	return resourceOf(r, func(u results.Resources) float64 { return u.AllocsPerMsg })
}

func resourceOf(r *results.Run, of func(results.Resources) float64) (float64, string) {
	for _, u := range r.Resources {
		if u.Side == "all" {
			return of(u), ""
		}
	}
	return 0, notMeasured
}

func findFigure(name string) (figure, bool) {
	for _, f := range figures() {
		if f.name == name {
			return f, true
		}
	}
	return figure{}, false
}

func figureNames() []string {
	var names []string
	for _, f := range figures() {
		names = append(names, f.name)
	}
	return names
}

// unknownFigure is the mend for a figure that is none.
func unknownFigure(name string) string {
	if near, ok := nearest(name, figureNames()); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "use response, service, lag, receive_lag or lateness with .p50, .p99, .max and so on, or " + strings.Join(figureNames()[len(latencies)*len(stats):], ", ")
}
