package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// command is one process of a trial.
type command struct {
	argv    []string
	accepts int  // an exit code beside 0 with which the output counts
	endless bool // it goes on until it is told to end
}

// trial is one run of one contender: a process, or the two sides of a pattern.
type trial struct {
	sides    []command // in the order of their start
	measures int       // whose output has the figure
	read     func(stdout []byte) (figure, error)
}

var (
	errSide = errors.New("a side failed")
	errTime = errors.New("not done in time")
)

// grace is how long a side may go on after another has ended before it is told
// to end, for its peer's last words may be lost; and after it was told.
const grace = 3 * time.Second

// run plays a trial and gives its figure. All processes, with whatever they
// start, are gone when it returns; after limit they are killed.
func (t trial) run(ctx context.Context, limit time.Duration) (figure, error) {
	// The system kills children when the thread that started them ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("%w: killed after %v", errTime, limit))
	defer cancel()
	g := group{ended: make(chan *running, len(t.sides))}
	err := g.start(ctx, t.sides)
	late := time.NewTimer(limit)
	defer late.Stop()
	for !g.over() {
		if err != nil {
			cancel() // and thereby kill
		}
		select {
		case p := <-g.ended:
			p.gone = true
			if failure := p.failure(ctx); err == nil {
				err = failure
			}
			late.Reset(g.patience())
		case <-late.C:
			if g.told && err == nil {
				err = fmt.Errorf("%w: not ended %v after it was told", errTime, grace)
			}
			g.tell()
			late.Reset(grace)
		}
	}
	if err != nil {
		return figure{}, err
	}
	measuring := g.processes[t.measures]
	f, err := t.read(measuring.stdout.Bytes())
	if err != nil && measuring.told {
		err = fmt.Errorf("%w, when it was told to end for its peer had ended", err)
	}
	return f, err
}
