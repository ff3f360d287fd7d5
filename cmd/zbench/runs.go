package main

import (
	"context"
	"errors"
	"fmt"

	"zbench/drivers"
	"zbench/results"
	"zbench/scenarios"
)

// makeRuns makes the runs one after the other and saves each. It goes on after
// a run that failed, but not after one that could not be saved.
func (a *app) makeRuns(ctx context.Context, b *batch) (codes map[int]bool, err error) {
	codes = map[int]bool{}
	p := a.progress(b)
	defer p.close()
	for i, step := range b.steps {
		if ctx.Err() == nil {
			p.begin(i, b.labels[step.Cell], expected(b.cells[step.Cell].Cell))
			failure, err := a.makeOne(ctx, b, step, p)
			if err != nil {
				return codes, &exit{exitFailed, err}
			}
			if failure != nil && ctx.Err() == nil {
				codes[exitFailed] = true
				p.say(fmt.Sprintf("zbench: run %d of %d, %s: %s", i+1, len(b.steps), b.labels[step.Cell], oneLine(plain(failure))))
			}
		}
		if ctx.Err() != nil {
			codes[exitInterrupted] = true
			p.say(fmt.Sprintf("zbench: interrupted in run %d of %d; what was measured is saved in %s", i+1, len(b.steps), b.dir))
			break
		}
	}
	return codes, nil
}

// makeOne makes one run and saves it. A failure is the run's own and is saved
// with it; an error means that nothing can be saved any more.
func (a *app) makeOne(ctx context.Context, b *batch, step scenarios.Step, p progress) (failure, err error) {
	setup := a.setup(b, step)
	setup.ID = results.NewID(setup.Scenario, setup.Cell, setup.Repeat)
	setup.Environment = results.ReadEnvironment(a.version(), a.versions(setup))
	setup.Environment.EngineDefaults = defaults(setup)
	run := results.Run{
		ID: setup.ID, Scenario: setup.Scenario, Repeat: setup.Repeat, Seed: setup.Seed,
		StartedAt: a.now(), Cell: setup.Cell, Environment: setup.Environment,
	}
	if b.refused[step.Cell] != nil {
		return nil, a.saveRefused(b, step, run, p)
	}
	log, err := b.store.Begin(run)
	if err != nil {
		return nil, err
	}
	made, failure := a.makeBeside(ctx, b, setup, drivers.Output{Log: log, OnInterval: p.point})
	closed := log.Close()
	if made.ID != "" {
		run = made
	}
	if failure == nil && run.Verdict == results.Failed {
		failure = reasonOf(run)
	}
	if failure != nil && run.Verdict == "" {
		run.Verdict = results.Failed
		run.Reasons = []results.Reason{{Verdict: results.Failed, Detail: oneLine(plain(failure))}}
		if ctx.Err() != nil { // before anything could be measured
			run.Verdict = results.Interrupted
			run.Reasons = []results.Reason{{Verdict: results.Interrupted, Detail: "stopped before it began"}}
		}
	}
	run.SetFloor(a.floor(ctx, b.floors, &run))
	scenarios.Evaluate(b.cells[step.Cell].Thresholds, &run)
	if err := b.store.Finish(run); err != nil {
		return failure, err
	}
	b.done = append(b.done, run)
	p.end(run)
	return failure, closed
}

// reasonOf is why a run failed that returned no error.
func reasonOf(run results.Run) error {
	for _, r := range run.Reasons {
		if r.Verdict == results.Failed {
			return errors.New(r.Detail)
		}
	}
	return errors.New("the run failed")
}
