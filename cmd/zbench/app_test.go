package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"zbench/drivers"
	"zbench/results"
)

// result of a command line.
type result struct {
	code           int
	stdout, stderr string
}

// zbench runs a command line that makes no runs.
func zbench(t *testing.T, args ...string) result {
	t.Helper()
	return zbenchWith(t, context.Background(), func(drivers.Setup, drivers.Output) (results.Run, error) {
		t.Error("a run was made")
		return results.Run{}, nil
	}, args...)
}

// zbenchWith runs a command line whose runs are made by make.
func zbenchWith(t *testing.T, ctx context.Context, make func(drivers.Setup, drivers.Output) (results.Run, error), args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := newApp(strings.NewReader("matrix:\n  - pattern: pair\n    pattren: pair\n"), &stdout, &stderr)
	a.makeRun = func(_ context.Context, s drivers.Setup, o drivers.Output) (results.Run, error) { return make(s, o) }
	a.makeService = func(_ context.Context, s drivers.Setup, o drivers.Service) (results.Run, error) {
		return make(s, o.Output)
	}
	a.makeFloor = nil
	a.now = func() time.Time { return time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC) }
	a.getenv = func(string) string { return "" }
	code := run(ctx, a, args)
	return result{code, stdout.String(), stderr.String()}
}

// made is a run as the drivers return it.
func made(s drivers.Setup, v results.Verdict) results.Run {
	rate, p50 := 1000.0, int64(30_000)
	r := results.Run{
		ID: s.ID, Scenario: s.Scenario, Repeat: s.Repeat, Seed: s.Seed, Cell: s.Cell, Verdict: v,
		StartedAt: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), DurationS: 1, Environment: s.Environment,
		Accounting: results.Accounting{Offered: 1000, Sent: 1000, Expected: 1000, Received: 1000},
		Throughput: results.Throughput{AchievedMsgsPerS: &rate, AchievedBytesPerS: &rate},
		Latency: results.Latency{Kind: "round_trip", MatchedBy: "stamp", Service: &results.Summary{Count: 1000, P50NS: &p50,
			Unpublished: map[string]string{"p99_ns": "too_few"}}},
	}
	if v != results.Valid {
		r.Reasons = []results.Reason{{Verdict: v, Detail: "because of " + string(v)}}
	}
	return r
}
