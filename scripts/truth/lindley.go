package main

import (
	"math"
	"slices"
	"time"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/results"
)

// lindley gives the response times of a run's own arrivals at a server that
// takes the time d for each, sorted: each departs d after it came or after the
// one before it left (Lindley 1952).
func lindley(r results.Run, d time.Duration) []float64 {
	c := r.Cell
	rate, err := drivers.RateOf(c.RateMsgsPerS)
	if err != nil {
		return nil
	}
	warmup := time.Duration(c.WarmupS * float64(time.Second))
	spec := load.Spec{Rate: rate, Arrival: load.Arrival(c.Arrival), Seed: r.Seed, Warmup: warmup,
		Duration: time.Duration(c.DurationS * float64(time.Second))}
	arrivals := spec.Client(0, 1)
	var all []float64
	free := time.Duration(0)
	for {
		due, ok := arrivals.Next()
		if !ok {
			break
		}
		free = max(free, due) + d
		if due >= warmup {
			all = append(all, float64(free-due))
		}
	}
	slices.Sort(all)
	return all
}

// off is by how much a percentile of the response differs from what the run's
// own arrivals make it, in µs.
func off(q float64, of func(*results.Summary) *int64) func(results.Run) *float64 {
	return func(r results.Run) *float64 {
		got, want := in(r.Latency.Response, us, of), lindley(r, time.Millisecond)
		if got == nil || len(want) == 0 {
			return nil
		}
		k := max(int(math.Ceil(q*float64(len(want))))-1, 0)
		v := math.Abs(*got - want[k]/us)
		return &v
	}
}
