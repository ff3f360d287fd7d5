package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"zbench/scripts/program"
	"zbench/scripts/wire"
)

// contender does the work of cells.
type contender interface {
	name() string
	version() string
	plays(c cell) bool
	// counted reports whether a run of a cell is bounded by a count of messages,
	// which is found by short runs, and not by the duration.
	counted(c cell) bool
	// trial is one run of a cell that it plays, at an endpoint of its own.
	trial(c cell, endpoint string, a amount) trial
}

// amount is how much a run shall do. A contender goes by one of the two.
type amount struct {
	count    uint64
	duration time.Duration
}

// contenderNames are in the order that the tables show: the subject last.
func contenderNames() []string {
	return []string{"libzmq", "plain-c", "plain", "go-zeromq", layer, beforeName, subject}
}

// workshop builds what contenders need, each thing once, in dir.
type workshop struct {
	dir    string
	given  string            // zbench instead of one that is built
	before string            // zbench as it was
	built  map[string]string // zbench, by build tags
	server string            // the plain programs in C, where a cell is paced
}

// prepare builds what the contenders of those options need, in dir.
func prepare(ctx context.Context, o options, dir string) ([]contender, error) {
	w := &workshop{dir: dir, given: o.zbench, before: o.before, built: map[string]string{}}
	if slices.ContainsFunc(o.cells, cell.paced) {
		var err error
		if w.server, err = wire.Build(ctx, dir); err != nil {
			return nil, err
		}
	}
	var made []contender
	for _, name := range o.contenders {
		c, err := w.prepare(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made = append(made, c)
	}
	return made, nil
}

func (w *workshop) prepare(ctx context.Context, name string) (contender, error) {
	switch name {
	case "libzmq":
		return buildLibzmq(ctx, w.dir)
	case "plain":
		return findPlain(w.server)
	case "plain-c":
		return plainC{w.server}, nil
	case layer:
		return w.engine(ctx, name, "libzmq", "libzmq")
	case beforeName:
		e := engine{contender: name, engine: subject, found: "given", program: w.before, dir: w.dir, server: w.server}
		return e, program.Offers(ctx, e.program, e.engine)
	}
	return w.engine(ctx, name, name, "")
}

// engine is zbench with that engine, which needs those build tags.
func (w *workshop) engine(ctx context.Context, contender, name, tags string) (engine, error) {
	e := engine{contender: contender, engine: name, found: "given", program: w.given, dir: w.dir, server: w.server}
	if w.given == "" {
		e.found = "as built here"
		if w.built[tags] == "" {
			path, err := program.Build(ctx, w.dir, tags)
			if err != nil {
				return e, err
			}
			w.built[tags] = path
		}
		e.program = w.built[tags]
	}
	if err := program.Offers(ctx, e.program, name); err != nil {
		return e, fmt.Errorf("%w; leave it out with --contenders", err)
	}
	return e, nil
}

func playing(all []contender, c cell) []contender {
	return slices.DeleteFunc(slices.Clone(all), func(one contender) bool { return !one.plays(c) })
}

// places hands out endpoints that nothing else uses.
type places struct {
	dir string
	n   int
}

func (p *places) next(transport string) (string, error) {
	p.n++
	switch transport {
	case "ipc":
		path := filepath.Join(p.dir, fmt.Sprintf("%d.sock", p.n))
		_ = os.Remove(path) // of an earlier cell
		return "ipc://" + path, nil
	case "inproc":
		return "inproc://sidebyside", nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return "tcp://" + l.Addr().String(), nil
}
