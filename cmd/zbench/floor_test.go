package main

import (
	"context"
	"testing"

	"zbench/drivers"
	"zbench/results"
)

// TestFloorThatARunBeats: it is measured again, a few times, and the best stands.
func TestFloorThatARunBeats(t *testing.T) {
	rates, made := []float64{10e6, 30e6, 20e6}, 0
	a := &app{makeFloor: func(context.Context, results.Cell) *results.Floor {
		rate := rates[made%len(rates)]
		made++
		return &results.Floor{Engine: "null", MsgsPerS: &rate}
	}}
	known := floors{}
	run := func(rate float64) *results.Run {
		c := drivers.NewCell()
		c.Engine, c.PeerEngine, c.Pattern, c.Transport, c.Loop = "zmtp", "zmtp", "push-pull", "tcp", results.Max
		return &results.Run{Cell: c, Throughput: results.Throughput{AchievedMsgsPerS: &rate}}
	}
	for _, step := range []struct {
		rate, floor float64
		made        int
	}{{5e6, 10e6, 1}, {25e6, 30e6, 2}, {25e6, 30e6, 2}, {50e6, 30e6, 2 + moreFloors}} {
		f := a.floor(context.Background(), known, run(step.rate))
		if f == nil || *f.MsgsPerS != step.floor || made != step.made {
			t.Errorf("a run of %g: floor %+v after %d measurements, want %g after %d", step.rate, f, made, step.floor, step.made)
		}
	}
}
