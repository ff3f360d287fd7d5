package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"zbench/drivers"
	"zbench/engines"
	"zbench/report"
	"zbench/results"
	"zbench/services"
)

// play is one service from its start to its end. Without a summary it could
// not be made; with one the error only says how it ended.
func (a *app) play(ctx context.Context, s *serving) (made []results.Run, summary func(io.Writer) error, err error) {
	setup := s.setup()
	setup.Environment = results.ReadEnvironment(version(), map[string]string{s.engine.Name(): s.engine.Version()})
	setup.Environment.EngineDefaults = defaults(setup)
	live := a.live(s)
	defer live.close()
	if err := s.doubt(); err != nil && !s.options.quiet {
		fmt.Fprintln(a.stderr, "note: should it come to that,", oneLine(plain(err)))
	}
	if k := s.keys.PublicKey; k != "" {
		fmt.Fprintln(a.stderr, "public key:", k)
	}
	if s.role == roleSink {
		run, err := a.makeService(ctx, setup, drivers.Service{
			Output: drivers.Output{OnInterval: live.point},
			Count:  s.count, Duration: s.duration, OnReady: live.ready, OnTick: live.tick,
		})
		switch {
		case errors.Is(err, drivers.ErrNothingCame):
			return nil, nil, &exit{exitFailed, fmt.Errorf("%w before it was ended; is the load there, and does it go to this endpoint", err)}
		case err != nil && !errors.Is(err, drivers.ErrNotServed):
			return nil, nil, &exit{exitFailed, err}
		}
		return []results.Run{run}, func(w io.Writer) error { return a.render(w, report.New(report.Source{Run: run})) }, interrupted(err)
	}
	began := a.now()
	sum, err := s.act(ctx, live)
	if err != nil && !errors.Is(err, drivers.ErrNotServed) {
		return nil, nil, &exit{exitFailed, err}
	}
	run := s.result(setup, sum, began, err != nil)
	return []results.Run{run}, func(w io.Writer) error { return s.summarise(w, sum, run) }, interrupted(err)
}

// interrupted is the exit of a service that was ended before its time.
func interrupted(err error) error {
	if err == nil {
		return nil
	}
	return &exit{exitInterrupted, err}
}

// act plays a role that measures nothing.
func (s *serving) act(ctx context.Context, live *live) (services.Summary, error) {
	if s.role == roleBroker {
		b := s.broker()
		b.Front.OnReady, b.Front.OnTick = live.ready, live.tick
		return b.Run(ctx)
	}
	set := s.sockets()
	set.OnReady, set.OnTick = live.ready, live.tick
	if s.role == roleSource {
		l, err := s.load(1)
		if err != nil {
			return services.Summary{}, err
		}
		return services.Source(ctx, set, l)
	}
	delay, err := drivers.ParseDelay(s.cell.PeerDelay)
	if err != nil {
		return services.Summary{}, err
	}
	stall, err := drivers.ParseStall(s.cell.PeerStall)
	if err != nil {
		return services.Summary{}, err
	}
	return services.Echo(ctx, set, delay, stall)
}

// result puts a summary into the form of a run: counts and a rate.
func (s *serving) result(setup drivers.Setup, sum services.Summary, began time.Time, early bool) results.Run {
	r := results.Run{
		ID: setup.ID, Scenario: setup.Scenario, Repeat: 1, Seed: setup.Seed, StartedAt: began, Cell: s.cell,
		DurationS: sum.Elapsed.Seconds(), MeasuredToS: sum.Elapsed.Seconds(), Environment: setup.Environment,
		Resources: []results.Resources{}, Series: []results.Point{}, Warnings: []results.Warning{},
		Latency: results.Latency{Kind: results.NoLatency, MatchedBy: "none"},
	}
	r.Cell.Binds = append([]string{}, sum.Bound...)
	n := sum.Messages
	r.Accounting = results.Accounting{Offered: n, Sent: n, Errors: sum.Errors + sum.Undeliverable}
	if s.role == roleSource {
		r.Accounting.Offered, r.Accounting.Unsent = n+sum.Unsent, sum.Unsent
		r.Warnings = append(r.Warnings, results.Warning{Code: "delivery_unknown",
			Detail: "the peer is not ours and sends nothing back: what arrived is known there alone"})
	} else {
		r.Accounting.Expected, r.Accounting.Received = n, n
	}
	if rate := sum.PerSecond(); rate > 0 {
		bytes := rate * float64(sum.Bytes) / float64(n)
		r.Throughput.AchievedMsgsPerS, r.Throughput.AchievedBytesPerS = &rate, &bytes
	}
	results.Judge(&r, results.Signals{Interrupted: early})
	r.Latency.Lag = sum.Late // for those who time what arrives; what was sent is as good as ever
	return r
}

// summarise prints what was done.
func (s *serving) summarise(w io.Writer, sum services.Summary, run results.Run) error {
	done := map[string]string{roleEcho: "sent back", roleSource: "sent", roleBroker: "passed on"}[s.role]
	said := []string{fmt.Sprintf("%d messages %s", sum.Messages, done)}
	if s.role == roleBroker && s.row.Back.CanRecv() && s.row.Front.CanSend() {
		what := "passed back"
		if s.row.Back == engines.XPUB {
			what = "subscriptions passed back"
		}
		said = append(said, fmt.Sprintf("%d %s", sum.Back, what))
	}
	if sum.Elapsed > 0 {
		said = append(said, report.Duration(float64(sum.Elapsed)), report.Rate(sum.PerSecond()), report.Bytes(float64(sum.Bytes)))
	}
	if sum.Undeliverable > 0 {
		said = append(said, fmt.Sprintf("%d undeliverable (the client had gone)", sum.Undeliverable))
	}
	if l := sum.Late; l != nil && l.Count > 0 {
		said = append(said, fmt.Sprintf("late by p50 %s, p99 %s, max %s", report.Duration(float64(*l.P50NS)),
			report.Duration(float64(*l.P99NS)), report.Duration(float64(*l.MaxNS))))
	}
	if sum.Unsent > 0 {
		said = append(said, fmt.Sprintf("%d due and not sent", sum.Unsent))
	}
	said = append(said, fmt.Sprintf("%d errors", sum.Errors))
	if _, err := fmt.Fprintln(w, strings.Join(said, ", ")); err != nil {
		return err
	}
	for _, why := range run.Reasons {
		if why.Verdict == results.Interrupted {
			continue // which the error says
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", strings.ReplaceAll(string(why.Verdict), "_", " "), oneLine(why.Detail)); err != nil {
			return err
		}
	}
	return nil
}
