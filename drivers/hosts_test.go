package drivers

import (
	"testing"

	"zbench/results"
)

func TestOnThisHost(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"tcp://127.0.0.1:5555": true,
		"tcp://127.8.0.1:5555": true,
		"tcp://localhost:5555": true,
		"tcp://[::1]:5555":     true,
		"ipc:///tmp/service":   true,
		"ipc://@service":       true,
		"tcp://192.0.2.1:5555": false, // RFC 5737: nobody has it
		"tcp://service:5555":   false,
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
		{"a slow open loop", results.Cell{Loop: results.Open, RateMsgsPerS: 2000}, true},
		{"a fast one", results.Cell{Loop: results.Open, RateMsgsPerS: 50_000}, false},
		{"a slow scheduled lockstep", results.Cell{Loop: results.ScheduledLockstep, RateMsgsPerS: 10}, true},
		{"a window", results.Cell{Loop: results.Window}, false},
		{"as fast as it goes", results.Cell{Loop: results.Max}, false},
	} {
		r := &run{plan: &plan{Setup: Setup{Cell: c.cell}}}
		if got := r.sleepsBetween(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
