package main

import (
	"errors"

	"zbench/engines"
	"zbench/results"
	"zbench/scenarios"
)

// refusable reports whether a cell that cannot be run is to be shown instead
// of keeping the scenario from starting: because an engine says so.
func (b *batch) refusable(err error) bool {
	return b.spec.SkipRefused && errors.Is(err, engines.ErrUnsupported)
}

// allRefused reports whether nothing is left to be run.
func (b *batch) allRefused() bool { return len(b.refused) == len(b.cells) }

// saveRefused saves a run that is not made, with the engine's reason.
func (a *app) saveRefused(b *batch, step scenarios.Step, run results.Run, p progress) error {
	log, err := b.store.Begin(run)
	if err != nil {
		return err
	}
	if err := log.Close(); err != nil {
		return err
	}
	run.Verdict = results.Refused
	run.Reasons = []results.Reason{{Verdict: results.Refused, Detail: oneLine(plain(b.refused[step.Cell]))}}
	if err := b.store.Finish(run); err != nil {
		return err
	}
	b.done = append(b.done, run)
	p.end(run)
	return nil
}
