package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// contender does the work of cells.
type contender interface {
	name() string
	version() string
	plays(c cell) bool
	// counted reports whether a run is bounded by a count of messages, which is
	// found by short runs, and not by the duration.
	counted() bool
	// trial is one run of a cell that it plays, at an endpoint of its own.
	trial(c cell, endpoint string, a amount) trial
}

// amount is how much a run shall do. A contender goes by one of the two.
type amount struct {
	count    uint64
	duration time.Duration
}

// contenderNames are in the order that the tables show: the subject last.
func contenderNames() []string { return []string{"libzmq", "plain", "go-zeromq", layer, subject} }

// prepare builds what the contenders of those names need, in dir.
func prepare(ctx context.Context, names []string, dir string) ([]contender, error) {
	var made []contender
	zbench := map[string]string{} // by build tags
	for _, name := range names {
		var c contender
		var err error
		switch name {
		case "libzmq":
			c, err = buildLibzmq(ctx, dir)
		case "plain":
			c, err = findPlain()
		default:
			made := engine{contender: name, engine: name}
			if name == layer {
				made.engine, made.tags = "libzmq", "libzmq"
			}
			if zbench[made.tags] == "" {
				zbench[made.tags], err = buildZbench(ctx, dir, made.tags)
			}
			made.program = zbench[made.tags]
			if err == nil {
				err = offers(ctx, made.program, made.engine)
			}
			c = made
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made = append(made, c)
	}
	return made, nil
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
