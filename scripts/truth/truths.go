package main

import (
	"time"

	"zbench/results"
)

var truths = []truth{
	{name: "stall, scheduled lockstep", cell: func(c *results.Cell) {
		c.Engine = "go-zeromq"
		c.Pattern, c.RateMsgsPerS, c.DurationS, c.PeerStall, c.PeerDelay = "req-rep", 1000, 20, "100ms/1s", "20us"
	}, figures: []figure{
		{"response p99", response99, 87, 93, "ms"},
		{"response p99.9", response999, 97.5, 102, "ms"},
		{"service p99", service99, 0, 2, "ms"},
	}},
	{name: "stall, open", cell: func(c *results.Cell) {
		c.Engine = "go-zeromq"
		c.Pattern, c.RateMsgsPerS, c.DurationS, c.PeerStall, c.PeerDelay = "dealer-router", 1000, 20, "100ms/1s", "20us"
	}, figures: []figure{
		{"response p99", response99, 87, 93, "ms"},
		{"service p99", service99, 87, 93, "ms"},
	}},
	{name: "stall, closed loop", cell: func(c *results.Cell) {
		c.Engine = "go-zeromq"
		c.Pattern, c.DurationS, c.PeerStall, c.PeerDelay = "req-rep", 20, "100ms/1s", "20us"
	}, figures: []figure{{"service p99", service99, 0, 1, "ms"}}},
	{name: "overload", cell: func(c *results.Cell) {
		c.Pattern, c.Engine, c.RateMsgsPerS, c.DurationS, c.WarmupS, c.PeerDelay = "dealer-router", "null", 1250, 5, 0, "1ms"
	}, figures: []figure{
		{"response max", responseMax, 1226, 1276, "ms"},
		{"achieved", achieved, 980, 1002, "/s"},
		{"unsustainable", is(results.Unsustainable), 1, 1, ""},
	}},
	{name: "server held for 2 s in 60 s", hold: &hold{
		load:  []string{"--pattern", "dealer-router", "--rate", "1000", "--duration", "60s", "--warmup", "0s"},
		after: 20 * time.Second, length: 2 * time.Second,
	}, figures: []figure{
		{"response p99", response99, 1372, 1428, "ms"},
		{"response max", responseMax, 1960, 2040, "ms"},
	}},
	{name: "generator held for 500 ms", hold: &hold{
		generator: true,
		load:      []string{"--pattern", "dealer-router", "--engine", "null", "--rate", "1000", "--count", "10k", "--warmup", "0s"},
		after:     4 * time.Second, length: 500 * time.Millisecond,
	}, figures: []figure{
		{"lag max", lagMax, 490, 530, "ms"},
		{"sent", sent, 10_000, 10_000, ""},
		{"generator_limited", is(results.GeneratorLimited), 1, 1, ""},
	}},
	{name: "queue M/D/1", cell: func(c *results.Cell) {
		c.Pattern, c.Engine, c.RateMsgsPerS, c.Arrival, c.DurationS, c.PeerDelay = "dealer-router", "null", 700, "poisson", 30, "1ms"
	}, figures: []figure{
		{"response p50", response50, 1.6, 1.95, "ms"},
		{"response p99", response99, 6.2, 9.5, "ms"},
		{"p50 off Lindley", off(0.5, p50), 0, 150, "µs"},
		{"p99 off Lindley", off(0.99, p99), 0, 250, "µs"},
	}},
	{name: "lag at 10 k/s", cell: func(c *results.Cell) {
		c.Pattern, c.Engine, c.RateMsgsPerS, c.DurationS = "push-pull", "null", 10_000, 5
	}, figures: []figure{{"lag p99", lag99, 0, 50, "µs"}}},
	{name: "floor", cell: func(c *results.Cell) {
		c.Pattern, c.Engine, c.DurationS = "push-pull", "null", 3
	}, figures: []figure{
		{"send to record", perMessage, 0, 150, "ns"},
		{"allocations", allocations, 0, 0.01, "a message"},
	}},
}

const (
	ms = 1e6
	us = 1e3
)

func response50(r results.Run) *float64  { return in(r.Latency.Response, ms, p50) }
func response99(r results.Run) *float64  { return in(r.Latency.Response, ms, p99) }
func response999(r results.Run) *float64 { return in(r.Latency.Response, ms, p999) }
func responseMax(r results.Run) *float64 { return in(r.Latency.Response, ms, most) }
func service99(r results.Run) *float64   { return in(r.Latency.Service, ms, p99) }
func lagMax(r results.Run) *float64      { return in(r.Latency.Lag, ms, most) }
func lag99(r results.Run) *float64       { return in(r.Latency.Lag, us, p99) }
func achieved(r results.Run) *float64    { return r.Throughput.AchievedMsgsPerS }

func p50(s *results.Summary) *int64  { return s.P50NS }
func p99(s *results.Summary) *int64  { return s.P99NS }
func p999(s *results.Summary) *int64 { return s.P999NS }
func most(s *results.Summary) *int64 { return s.MaxNS }

func in(s *results.Summary, unit float64, of func(*results.Summary) *int64) *float64 {
	if s == nil || of(s) == nil {
		return nil
	}
	v := float64(*of(s)) / unit
	return &v
}

func sent(r results.Run) *float64 {
	n := float64(r.Accounting.Sent)
	return &n
}

func perMessage(r results.Run) *float64 {
	if r.Throughput.AchievedMsgsPerS == nil {
		return nil
	}
	v := 1e9 / *r.Throughput.AchievedMsgsPerS
	return &v
}

func allocations(r results.Run) *float64 { return &r.Resources[0].AllocsPerMsg }

// is gives 1 where that verdict is among the reasons.
func is(v results.Verdict) func(results.Run) *float64 {
	return func(r results.Run) *float64 {
		found := 0.0
		for _, reason := range r.Reasons {
			if reason.Verdict == v {
				found = 1
			}
		}
		return &found
	}
}
