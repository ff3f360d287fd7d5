package main

import (
	"context"
	"path/filepath"

	"zbench/drivers"
	"zbench/results"
	"zbench/targets"
)

// service is what is known of the service under test during one run: nothing,
// a process to sample, or one that was started for the run.
type service struct {
	target *targets.Target // nil: not ours
	meter  *targets.Meter  // nil: none to sample
	info   results.Target
}

// checkTarget finds out before the first run whether there can be a service.
func checkTarget(b *batch) error {
	if b.spec.Target != nil {
		return targets.Supported()
	}
	for _, c := range b.cells {
		if c.TargetPID == 0 {
			continue
		}
		if _, err := targets.NewMeter(c.TargetPID); err != nil {
			return err
		}
	}
	return nil
}

// makeBeside makes one run beside the service under test, if there is one:
// started before the run and ended after it, whatever happens in between.
func (a *app) makeBeside(ctx context.Context, b *batch, setup drivers.Setup, out drivers.Output) (made results.Run, failure error) {
	s, err := startService(ctx, b, &setup)
	if err != nil {
		return made, err
	}
	defer s.stop() // a panic comes by here, too
	running, end := context.WithCancel(ctx)
	defer end()
	if s.target != nil {
		go func() {
			select {
			case <-s.target.Gone(): // there is nobody left to load
				end()
			case <-running.Done():
			}
		}()
	}
	made, failure = a.makeRun(running, setup, out)
	if s.target != nil && ctx.Err() == nil {
		failure = blame(&made, failure, s.target.Err())
	}
	s.stop()
	s.fill(&made)
	return made, failure
}

func startService(ctx context.Context, b *batch, setup *drivers.Setup) (*service, error) {
	s := &service{info: results.Target{PID: setup.Cell.TargetPID}}
	if spec := b.spec.Target; spec != nil {
		started := awaitable(*spec, setup.Cell)
		log := setup.ID + results.TargetLog
		t, err := targets.Start(ctx, started, filepath.Join(b.dir, log))
		if err != nil {
			return nil, err
		}
		s.target = t
		s.info = results.Target{Command: spec.Command, PID: t.PID(), ReadyAfterS: t.ReadyAfter().Seconds(), Log: log}
	}
	if s.info.PID == 0 {
		return s, nil
	}
	meter, err := targets.NewMeter(s.info.PID)
	if err != nil {
		s.stop()
		return nil, err
	}
	s.meter, setup.Target = meter, meter
	return s, nil
}

// awaitable is the spec with the endpoint that is to be loaded as the sign of
// being ready, where it has no other.
func awaitable(spec targets.Spec, c results.Cell) targets.Spec {
	r := &spec.Ready
	if r.Line == "" && r.Endpoint == "" && r.After == 0 && c.Listen == "peer" && len(c.Endpoints) > 0 {
		r.Endpoint = c.Endpoints[0]
	}
	return spec
}

// stop ends the service. Only the first call does anything.
func (s *service) stop() {
	if s.target != nil {
		s.info.Ended = s.target.Stop()
	}
}

// fill puts what the service was and used into the run.
func (s *service) fill(r *results.Run) {
	if s.info.PID == 0 || r.ID == "" {
		return
	}
	r.Target = &s.info
	if used, ok := s.meter.Resources(); ok {
		r.Resources = append(r.Resources, used)
	}
}

// blame makes a service that died the reason why its run failed. A run that
// had come to its end is only warned of it.
func blame(r *results.Run, failure, died error) error {
	switch {
	case died == nil:
		return failure
	case r.Verdict != results.Interrupted && r.Verdict != results.Failed && r.ID != "":
		r.Warnings = append(r.Warnings, results.Warning{Code: "target_died", Detail: died.Error()})
		return failure
	}
	reasons := []results.Reason{{Verdict: results.Failed, Detail: oneLine(died.Error())}}
	for _, old := range r.Reasons {
		if old.Verdict != results.Interrupted {
			reasons = append(reasons, old)
		}
	}
	r.Verdict, r.Reasons = results.Failed, reasons
	return died
}
