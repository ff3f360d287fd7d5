package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"zbench/results"
)

// errResult means that a document of zbench holds no figure that counts.
var errResult = errors.New("no result")

// exitNotValid is zbench's exit code for a run that is done but in doubt.
const exitNotValid = 3

// engine plays with zbench, both sides on the same one of its engines.
type engine struct {
	contender, engine string
	program, tags     string // and what it is built with
}

// buildZbench builds the command of this module with these tags into dir.
func buildZbench(ctx context.Context, dir, tags string) (program string, err error) {
	program = filepath.Join(dir, "zbench"+tags)
	out, err := exec.CommandContext(ctx, "go", "build", "-tags", tags, "-o", program, "zbench/cmd/zbench").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build zbench/cmd/zbench: %w; start this inside the module: %s", err, firstLine(string(out)))
	}
	return program, nil
}

// offers reports whether zbench has an engine of that name.
func offers(ctx context.Context, program, name string) error {
	out, err := exec.CommandContext(ctx, program, "engines").Output()
	if err != nil {
		return fmt.Errorf("zbench engines: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, name+" ") {
			return nil
		}
	}
	return fmt.Errorf("%w: zbench has no such engine yet; leave it out with --contenders", errUsage)
}

func (e engine) name() string  { return e.contender }
func (engine) version() string { return "as built here" }
func (engine) plays(cell) bool { return true }
func (engine) counted() bool   { return false }

func (e engine) trial(c cell, endpoint string, a amount) trial {
	t := trial{read: documentReader(c)}
	width := strconv.Itoa(c.width)
	switch {
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
		accepts: exitNotValid,
		endless: role == "echo",
	}
}

// load has no warm-up: the others count from the first message too.
func (e engine) load(c cell, a amount, more ...string) command {
	return command{
		argv: append([]string{
			e.program, "run", "--pattern", c.pattern, "--engine", e.engine, "--quiet",
			"--size", strconv.Itoa(c.size), "--duration", a.duration.String(), "--warmup", "0s",
			"--json", "-", "--out", filepath.Join(filepath.Dir(e.program), "results"), "--overwrite",
		}, more...),
		accepts: exitNotValid,
	}
}

// documentReader takes the figure of a cell out of a result document.
func documentReader(c cell) func([]byte) (figure, error) {
	return func(document []byte) (figure, error) {
		var file results.File
		if err := json.NewDecoder(bytes.NewReader(document)).Decode(&file); err != nil {
			return figure{}, fmt.Errorf("%w: %w", errResult, err)
		}
		if file.Schema != results.Schema || len(file.Runs) != 1 {
			return figure{}, fmt.Errorf("%w: schema %q with %d runs", errResult, file.Schema, len(file.Runs))
		}
		r := &file.Runs[0]
		if r.Verdict == results.Failed || r.Verdict == results.Corrupted {
			return figure{}, fmt.Errorf("%w: %s", errResult, reasons(r))
		}
		value, ok := c.metric.of(r)
		if !ok {
			return figure{}, fmt.Errorf("%w: no %s of %d messages received", errResult, c.metric, r.Accounting.Received)
		}
		f := figure{value: value, messages: r.Accounting.Received}
		if r.Verdict != results.Valid {
			f.note = reasons(r)
		}
		return f, nil
	}
}

// of is the metric's value in a run; with fan-out deliveries count.
func (m metric) of(r *results.Run) (value float64, ok bool) {
	switch t := &r.Throughput; {
	case m == roundTrip:
		if r.Latency.Service != nil && r.Latency.Service.P50NS != nil {
			return float64(*r.Latency.Service.P50NS), true
		}
	case t.DeliveredMsgsPerS != nil:
		return *t.DeliveredMsgsPerS, true
	case t.AchievedMsgsPerS != nil:
		return *t.AchievedMsgsPerS, true
	}
	return 0, false
}

// reasons are why a run is not valid.
func reasons(r *results.Run) string {
	text := string(r.Verdict)
	for _, reason := range r.Reasons {
		text += fmt.Sprintf("; %s: %s", reason.Verdict, reason.Detail)
	}
	return text
}
