package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zbench/scripts/process"
)

// pipesLimit is how long to read on from a process that was killed.
const pipesLimit = time.Second

// running is a side that was started.
type running struct {
	command
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer // complete when it is gone
	told, gone     bool
}

// group is the sides of one trial.
type group struct {
	processes []*running
	ended     chan *running
	told      bool
}

// start starts the sides in turn, up to the first that cannot be. They are
// killed when ctx ends, and sent on ended when they have.
func (g *group) start(ctx context.Context, sides []command) error {
	for _, side := range sides {
		p := &running{command: side, cmd: exec.CommandContext(ctx, side.argv[0], side.argv[1:]...)}
		p.cmd.Stdout, p.cmd.Stderr, p.cmd.WaitDelay = &p.stdout, &p.stderr, pipesLimit
		process.OwnGroup(p.cmd)
		if err := p.cmd.Start(); err != nil {
			return fmt.Errorf("%w: %w", errSide, err)
		}
		g.processes = append(g.processes, p)
		go func() {
			_ = p.cmd.Wait() // its state says the same
			g.ended <- p
		}()
	}
	return nil
}

func (g *group) over() bool {
	return !slices.ContainsFunc(g.processes, func(p *running) bool { return !p.gone })
}

// patience is how long those that are left may go on.
func (g *group) patience() time.Duration {
	if slices.ContainsFunc(g.processes, func(p *running) bool { return !p.gone && !p.endless }) {
		return grace
	}
	return 0
}

// tell asks those that are left to end.
func (g *group) tell() {
	g.told = true
	for _, p := range g.processes {
		if !p.gone {
			p.told = true
			_ = p.cmd.Process.Signal(os.Interrupt) // it may just have ended
		}
	}
}

// failure is why a process that is gone did not do its work; nil: it did.
func (p *running) failure(ctx context.Context) error {
	code := p.cmd.ProcessState.ExitCode()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case code == 0, code == p.accepts, p.told:
		return nil
	}
	role := filepath.Base(p.argv[0])
	if len(p.argv) > 1 {
		role += " " + strings.Join(p.argv[1:min(3, len(p.argv))], " ")
	}
	return fmt.Errorf("%w: %s: %v: %s", errSide, role, p.cmd.ProcessState, firstLine(p.stderr.String()))
}
