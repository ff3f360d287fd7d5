package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zbench/drivers"
	"zbench/engines"
	"zbench/engines/null"
	"zbench/results"
	"zbench/scenarios"
)

// batch is what one command line makes: checked, in order, with places for
// its results.
type batch struct {
	spec    *scenarios.Spec
	cells   []scenarios.Cell
	labels  []string // of the cells, for people
	steps   []scenarios.Step
	options runOptions
	dir     string // of the results
	store   *results.Store
	json    *jsonFile // nil: not asked for
	scratch string    // for ipc sockets
	done    []results.Run
	floors  floors
	refused map[int]error // cells that are left out, and why
}

// prepare checks everything that can be checked before a message is sent, all
// cells included, and only then makes directories.
func (a *app) prepare(spec *scenarios.Spec, settings []scenarios.Setting, o runOptions) (*batch, error) {
	cells, err := spec.Expand(a.fields(), settings)
	if err != nil {
		return nil, err
	}
	b := &batch{spec: spec, cells: cells, labels: labels(a.fields(), cells), options: o, floors: floors{}, refused: map[int]error{},
		steps: scenarios.Plan(len(cells), spec.Runs, spec.Seed)}
	if err := a.check(b); err != nil {
		return nil, err
	}
	if err := b.makePlaces(a.now()); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// check asks the engines and the host about every cell.
func (a *app) check(b *batch) error {
	if err := checkTarget(b); err != nil {
		return usage("%s", plain(err))
	}
	var refused error
	first, more := 0, 0
	for i := range b.cells {
		err := checkPayload(b.cells[i].Payload)
		if err == nil {
			err = checkReach(b.cells[i].Cell)
		}
		if err == nil {
			err = drivers.Check(a.setup(b, scenarios.Step{Cell: i, Repeat: 1, Seed: b.spec.Seed}))
		}
		if b.refusable(err) {
			b.refused[i] = err
			if !b.allRefused() {
				continue
			}
		}
		if err != nil && refused == nil {
			refused, first = err, i
		} else if err != nil {
			more++
		}
	}
	if refused == nil {
		return nil
	}
	text := strings.TrimSpace(plain(refused))
	if more > 0 {
		text += fmt.Sprintf(" (and %d more of %d cells)", more, len(b.cells))
	}
	if errors.Is(refused, engines.ErrUnsupported) && !strings.Contains(text, "--force") {
		text += "; or try it all the same with --force"
	}
	return b.cells[first].Blame(text)
}

// checkReach refuses the engine that has no wire where a side is somebody
// else's.
func checkReach(c results.Cell) error {
	name := null.New().Name()
	if len(c.Endpoints) > 0 && (c.Engine == name || c.PeerEngine == name || c.MiddleEngine == name) {
		return fmt.Errorf("engine %s: it lives in this process alone, and nobody else can be reached by it; take another one, such as %s",
			name, scenarios.LoadEngine)
	}
	return nil
}

// checkPayload opens the file that bodies are made of.
func checkPayload(payload string) error {
	name, ok := strings.CutPrefix(payload, "file:")
	if !ok {
		return nil
	}
	f, err := os.Open(name)
	if err == nil {
		defer f.Close()
		_, err = f.Read(make([]byte, 1))
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("payload %s is empty; name a file with at least one byte", name)
	}
	if err != nil {
		return fmt.Errorf("payload %s cannot be read: %w; name a file that can be", name, cause(err))
	}
	return nil
}

// setup is one run; roles with the same engine share it.
func (a *app) setup(b *batch, step scenarios.Step) drivers.Setup {
	cell := b.cells[step.Cell].Cell
	opened := map[string]engines.Engine{}
	get := func(name string) engines.Engine {
		if opened[name] == nil && a.engines[name] != nil {
			opened[name] = a.engines[name]()
		}
		return opened[name]
	}
	return drivers.Setup{
		Scenario: b.spec.Name, Repeat: step.Repeat, Cell: cell, Seed: step.Seed,
		Load: get(cell.Engine), Middle: get(cell.MiddleEngine), Peer: get(cell.PeerEngine),
		Force: b.options.force, Scratch: b.scratch, Password: os.Getenv(drivers.PasswordVariable),
	}
}

func (b *batch) makePlaces(now time.Time) (err error) {
	if b.options.json != "" {
		if b.json, err = openJSON(b.options.json); err != nil {
			return err
		}
	}
	if b.scratch, err = makeScratch(); err != nil {
		return usage("no directory for ipc sockets: %v; set TMPDIR to one that can be written", err)
	}
	b.dir = b.options.out
	if b.dir == "" {
		b.dir = freshDir(filepath.Join("zbench-results", b.spec.Name+"-"+now.UTC().Format("20060102T150405Z")))
	}
	if b.store, err = results.Create(b.dir, b.options.overwrite); err != nil {
		return &exit{exitUsage, err}
	}
	return nil
}

// freshDir is dir, or where that is there already, dir with a number behind it.
func freshDir(dir string) string {
	for i, name := 2, dir; ; i++ {
		if _, err := os.Stat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", dir, i)
	}
}

// close takes away what only the runs needed.
func (b *batch) close() {
	if b.scratch != "" {
		os.RemoveAll(b.scratch)
	}
	if b.json != nil {
		b.json.close()
	}
}

// expected is how long the runs of all steps take, without opening, draining
// and the report.
func (b *batch) expected() time.Duration {
	var sum time.Duration
	for _, s := range b.steps {
		sum += expected(b.cells[s.Cell].Cell)
	}
	return sum
}

// expected is how long a run sends; 0 where only a count ends it.
func expected(c results.Cell) time.Duration {
	s := c.DurationS
	if s == 0 && c.RateMsgsPerS > 0 {
		s = float64(c.Count) / c.RateMsgsPerS
	}
	if s == 0 {
		return 0
	}
	return time.Duration((c.WarmupS + s) * float64(time.Second))
}
