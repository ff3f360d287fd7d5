package results

import (
	"strings"
	"testing"
)

func TestFloor(t *testing.T) {
	made := func(engine string, loop Loop, p50 int64, rate float64) *Run {
		s := &Summary{P50NS: &p50}
		return &Run{Cell: Cell{Engine: engine, Loop: loop}, Accounting: Accounting{Received: 1},
			Latency: Latency{Service: s, Response: s}, Throughput: Throughput{AchievedMsgsPerS: &rate}}
	}
	for name, c := range map[string]struct {
		run, floor *Run
		near       string // what the warning names; "": there is none
	}{
		"far above":        {made("x", Lockstep, 30_000, 30e3), made("null", Lockstep, 1000, 900e3), ""},
		"near":             {made("x", Lockstep, 2_000, 400e3), made("null", Lockstep, 1000, 900e3), "p50, rate"},
		"rate alone":       {made("x", Max, 1_000_000, 5e6), made("null", Max, 1000, 9e6), "rate"},
		"scheduled":        {made("x", Open, 1_000_000, 1e3), made("null", Open, 1000, 1e3), ""},
		"another loop":     {made("x", Window, 2_000, 400e3), made("null", Lockstep, 1000, 900e3), ""},
		"the floor itself": {made("null", Lockstep, 1000, 900e3), made("null", Lockstep, 1000, 900e3), ""},
	} {
		c.run.SetFloor(FloorOf(c.floor))
		got := ""
		for _, w := range c.run.Warnings {
			got += w.Code + ": " + w.Detail
		}
		if (got != "") != (c.near != "") || !strings.Contains(got, c.near+":") && c.near != "" {
			t.Errorf("%s: %q, want %q", name, got, c.near)
		}
	}
}

// TestFloorAboveTheFigure: a floor that is slower than the run was disturbed.
func TestFloorAboveTheFigure(t *testing.T) {
	floor, own := int64(2_990_000), int64(207_000)
	r := Run{Cell: Cell{Engine: "zmtp", Loop: Open}, Accounting: Accounting{Received: 1}, Latency: Latency{Response: &Summary{P50NS: &own}}}
	r.SetFloor(&Floor{Engine: "null", P50NS: &floor})
	if len(r.Warnings) != 1 || r.Warnings[0].Code != "floor_disturbed" {
		t.Errorf("warnings %+v", r.Warnings)
	}
}

// TestFloorBelowTheRate: what moves more than the floor is not bound by it.
func TestFloorBelowTheRate(t *testing.T) {
	floor, own := 17e6, 37e6
	r := Run{Cell: Cell{Engine: "zmtp", Loop: Max}, Accounting: Accounting{Received: 1}, Throughput: Throughput{AchievedMsgsPerS: &own}}
	r.SetFloor(&Floor{Engine: "null", MsgsPerS: &floor})
	if len(r.Warnings) != 1 || r.Warnings[0].Code != "floor_disturbed" || !strings.Contains(r.Warnings[0].Detail, "moves 17 M/s") {
		t.Errorf("warnings %+v", r.Warnings)
	}
}

// TestBetterFloor: of two measurements each figure is the better one.
func TestBetterFloor(t *testing.T) {
	floor := func(p50 int64, rate float64) *Floor { return &Floor{Engine: "null", P50NS: &p50, MsgsPerS: &rate} }
	slow, fast := floor(900, 30e6), floor(1000, 40e6)
	if f := slow.Better(fast); *f.P50NS != 900 || *f.MsgsPerS != 40e6 {
		t.Errorf("p50 %d, rate %v", *f.P50NS, *f.MsgsPerS)
	}
	if f := (*Floor)(nil).Better(fast); f != fast {
		t.Errorf("of none and one: %v", f)
	}
	if f := fast.Better(nil); f != fast {
		t.Errorf("of one and none: %v", f)
	}
}
