package drivers

import (
	"testing"

	"zbench/results"
)

func TestOnThisHost(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"tcp://127.0.0.1:5555":       true,
		"tcp://127.8.0.1:5555":       true,
		"tcp://localhost:5555":       true,
		"tcp://[::1]:5555":           true,
		"ipc:///tmp/service":         true,
		"ipc://@service":             true,
		"tcp://192.0.2.1:5555":       false, // RFC 5737: nobody has it
		"tcp://service.invalid:5555": false, // RFC 6761
		"tcp://*:5555":               true,
		"tcp://0.0.0.0:5555":         true,
		"tcp://[::]:5555":            true,
	} {
		if got := onThisHost([]string{endpoint}); got != want {
			t.Errorf("%s: %v", endpoint, got)
		}
	}
	if onThisHost(nil) {
		t.Error("no endpoint is one of this host")
	}
	if !onThisHost([]string{"tcp://192.0.2.1:5555", "ipc://service"}) {
		t.Error("one of several on this host is not seen")
	}
}

// TestSleepsBetween: cores are kept awake for loads that wait, and only for those.
func TestSleepsBetween(t *testing.T) {
	for _, c := range []struct {
		name string
		cell results.Cell
		want bool
	}{
		{"a slow open loop", results.Cell{Loop: results.Open, RateMsgsPerS: 2000, DurationS: 1}, true},
		{"a fast one", results.Cell{Loop: results.Open, RateMsgsPerS: 50_000, DurationS: 1}, false},
		{"a slow scheduled lockstep", results.Cell{Loop: results.ScheduledLockstep, RateMsgsPerS: 10, DurationS: 1}, true},
		{"slow stages", results.Cell{Loop: results.Open, Stages: "10s@200+10s@1k..4k"}, true},
		{"stages that get fast", results.Cell{Loop: results.Open, Stages: "10s@200+10s@1k..40k"}, false},
		{"a window", results.Cell{Loop: results.Window, DurationS: 1}, false},
		{"as fast as it goes", results.Cell{Loop: results.Max, DurationS: 1}, false},
	} {
		spec, err := schedule(c.cell, 1)
		if err != nil {
			t.Fatal(err)
		}
		r := &run{plan: &plan{Setup: Setup{Cell: c.cell}, spec: spec}}
		if got := r.sleepsBetween(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
