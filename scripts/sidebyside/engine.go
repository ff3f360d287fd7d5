package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"zbench/results"
	"zbench/scripts/program"
)

// engine plays with zbench, both sides on the same one of its engines; a paced
// load goes to the plain server.
type engine struct {
	contender, engine string
	program, found    string // and what is known of it
	dir               string // for its results
	server            string // plain, in C
}

func (e engine) name() string    { return e.contender }
func (e engine) version() string { return e.found }
func (engine) plays(cell) bool   { return true }
func (engine) counted(cell) bool { return false }

func (e engine) trial(c cell, endpoint string, a amount) trial {
	t := trial{read: documentReader(c)}
	width := strconv.Itoa(c.width)
	switch {
	case c.paced():
		a.duration, _ = c.pacedFor(a.duration)
		t.sides = []command{plainServer(e.server, c, endpoint), e.load(c, a, "--connect", endpoint, "--rate", strconv.Itoa(c.perS))}
		t.measures = 1
	case c.transport == "inproc":
		t.sides = []command{e.load(c, a, "--transport", "inproc", "--peer-engine", e.engine)}
	case c.pattern == "push-pull":
		t.sides = []command{e.serve("sink", c, "--bind", endpoint, "--json", "-"), e.load(c, a, "--connect", endpoint)}
	case c.pattern == "pub-sub":
		t.sides = []command{e.load(c, a, append(e.blocks(), "--bind", endpoint, "--peers", width)...), e.serve("sink", c, "--connect", endpoint, "--peers", width, "--json", "-")}
		t.measures = 1
	case c.pattern == "dealer-router":
		t.sides = []command{e.serve("echo", c, "--bind", endpoint), e.load(c, a, "--connect", endpoint, "--window", width)}
		t.measures = 1
	case c.pattern == "req-rep":
		t.sides = []command{e.serve("echo", c, "--bind", endpoint), e.load(c, a, "--connect", endpoint)}
		t.measures = 1
	}
	return t
}

// blocks are the flags by which a publisher waits for its subscribers, as
// libzmq's does with XPUB_NODROP, for engines that can.
func (e engine) blocks() []string {
	if e.engine == "go-zeromq" {
		return nil
	}
	return []string{"--at-hwm", "block"}
}

func (e engine) serve(role string, c cell, more ...string) command {
	return command{
		argv:    append([]string{e.program, "serve", role, "--pattern", c.pattern, "--engine", e.engine, "--quiet"}, more...),
		accepts: program.ExitNotValid,
		endless: role == "echo",
	}
}

// load has a warm-up where the others have one; else they all count from the
// first message.
func (e engine) load(c cell, a amount, more ...string) command {
	warmup := time.Duration(0)
	if c.paced() {
		warmup = pacedWarmup
	}
	return command{
		argv: append([]string{
			e.program, "run", "--pattern", c.pattern, "--engine", e.engine, "--quiet",
			"--size", strconv.Itoa(c.size), "--duration", a.duration.String(), "--warmup", warmup.String(),
			"--json", "-", "--out", filepath.Join(e.dir, "results"), "--overwrite",
		}, more...),
		accepts: program.ExitNotValid,
	}
}

// documentReader takes the figures of a cell out of a result document.
func documentReader(c cell) func([]byte) (figure, error) {
	return func(document []byte) (figure, error) {
		r, err := program.ReadRun(document)
		if err != nil {
			return figure{}, err
		}
		if r.Verdict == results.Failed || r.Verdict == results.Corrupted {
			return figure{}, fmt.Errorf("%w: %s", program.ErrResult, program.Reasons(r))
		}
		f := figure{values: map[metric]float64{}, messages: r.Accounting.Received}
		for _, m := range c.measures {
			value, ok := m.metric.of(r)
			if !ok {
				return figure{}, fmt.Errorf("%w: no %s of %d messages received", program.ErrResult, m.metric, r.Accounting.Received)
			}
			f.values[m.metric] = value
		}
		if r.Verdict != results.Valid {
			f.note = program.Reasons(r)
		}
		return f, nil
	}
}

// of is the metric's value in a run; with fan-out deliveries count.
func (m metric) of(r *results.Run) (value float64, ok bool) {
	if m == rate {
		t := &r.Throughput
		return first(t.DeliveredMsgsPerS, t.AchievedMsgsPerS)
	}
	if r.Latency.Service == nil {
		return 0, false
	}
	ns := r.Latency.Service.P50NS
	if m == pacedP99 {
		ns = r.Latency.Service.P99NS
	}
	if ns == nil {
		return 0, false
	}
	return float64(*ns), true
}

// first is the first that there is.
func first(values ...*float64) (float64, bool) {
	for _, v := range values {
		if v != nil {
			return *v, true
		}
	}
	return 0, false
}
