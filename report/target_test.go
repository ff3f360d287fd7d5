package report

import (
	"bytes"
	"strings"
	"testing"

	"zbench/results"
)

// TestTarget: what the service used stands next to the latency, and beside it
// what zbench used itself.
func TestTarget(t *testing.T) {
	p50 := int64(2e9)
	r := results.Run{
		ID: "a", Scenario: "hello", Verdict: results.Valid,
		Cell:    results.Cell{Pattern: "req-rep", Transport: "tcp", Engine: "zmtp", PeerEngine: "external", Size: "5", Loop: results.Lockstep},
		Latency: results.Latency{Kind: "round_trip", Service: &results.Summary{Count: 9, P50NS: &p50}},
		Resources: []results.Resources{{Side: "all", CPUNSPerMsg: 8000}, {Side: "target", CPUNSPerMsg: 31000, VoluntarySwitches: 1200, InvoluntarySwitches: 34,
			MaxRSSBytes: 21 << 20, MaxThreads: 3, Series: []results.UsagePoint{{TS: 1, CPUCores: 0.5, RSSBytes: 20 << 20, Threads: 2}, {TS: 2, CPUCores: 0.25, RSSBytes: 21 << 20, Threads: 3}}}},
		Target: &results.Target{Command: []string{"server"}, PID: 7, ReadyAfterS: 0.25, Log: "a.target.log", Ended: "signal: terminated"},
	}
	d := New(Source{Run: r})
	for _, c := range []struct {
		name   string
		render Renderer
		want   []string
	}{
		{"terminal", Terminal(100, false), []string{"The service: CPU 31.0 µs a message, at most 21 MiB of memory and 3 threads, 1,234 context", "zbench itself: CPU 8.00 µs a message."}},
		{"markdown", Markdown(), []string{"| zbench | 8.00 µs |", "| service | 31.0 µs |", "ready after 250 ms", "a.target.log", "| 2 s | 0.25 | 21 MiB | 3 |"}},
	} {
		var b bytes.Buffer
		if err := c.render(&b, d); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(strings.ReplaceAll(b.String(), `\_`, "_"), want) {
				t.Errorf("%s has no %q:\n%s", c.name, want, b.String())
			}
		}
	}
}
