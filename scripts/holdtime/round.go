package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zbench/results"
	"zbench/targets"
)

const (
	bodyBytes = 64
	hold      = 5 * time.Millisecond
)

// round is one service and both clients, one after the other.
type round struct {
	dir, zbench, python string
	index               int
	length              time.Duration

	endpoint, log   string
	service         *targets.Target
	ours, theirs    sight
	cpu, serviceCPU float64 // ns a message
}

// sight is what a client saw, and the service's own median hold meanwhile, in
// ns.
type sight struct{ p50, hold float64 }

func (s sight) over() float64 { return s.p50 - s.hold }

func (r *round) run(ctx context.Context) (err error) {
	if r.endpoint, err = freeEndpoint(); err != nil {
		return err
	}
	r.log = filepath.Join(r.dir, fmt.Sprintf("service-%d.log", r.index))
	r.service, err = targets.Start(ctx, targets.Spec{
		Command: []string{r.python, "scripts/peers/hold_server.py", r.endpoint},
		Ready:   targets.Ready{Line: "ready"},
	}, r.log)
	if err != nil {
		return err
	}
	defer r.service.Stop()
	turns := []func(context.Context) error{r.askWithZbench, r.askWithPython}
	if r.index%2 == 1 {
		turns[0], turns[1] = turns[1], turns[0]
	}
	for _, turn := range turns {
		if err := turn(ctx); err != nil {
			return errors.Join(err, r.service.Err())
		}
	}
	return nil
}

func (r *round) askWithZbench(ctx context.Context) error {
	before, err := numbers(r.log, "held")
	if err != nil {
		return err
	}
	out := filepath.Join(r.dir, fmt.Sprintf("result-%d", r.index))
	said, err := exec.CommandContext(ctx, r.zbench, "run", "--pattern", "req-rep", "--connect", r.endpoint,
		"--size", strconv.Itoa(bodyBytes), "--warmup", "0s", "--duration", r.length.String(),
		"--target-pid", strconv.Itoa(r.service.PID()), "--quiet", "--out", out).CombinedOutput()
	f, read := results.Read(out)
	if read != nil || len(f.Runs) != 1 {
		return fmt.Errorf("zbench: %w: %s", errors.Join(err, read), said)
	}
	run := f.Runs[0]
	service := run.Latency.Service
	if service == nil || service.P50NS == nil || run.Accounting.Lost+run.Accounting.Corrupted > 0 {
		return fmt.Errorf("zbench: %s: %s", run.Verdict, said)
	}
	for _, used := range run.Resources {
		if used.Side == "target" {
			r.serviceCPU = used.CPUNSPerMsg
		} else {
			r.cpu = used.CPUNSPerMsg
		}
	}
	r.ours.p50 = float64(*service.P50NS)
	r.ours.hold, err = r.heldSince(len(before))
	return err
}

func (r *round) askWithPython(ctx context.Context) error {
	before, err := numbers(r.log, "held")
	if err != nil {
		return err
	}
	count := max(1, int(r.length/hold))
	path := filepath.Join(r.dir, fmt.Sprintf("client-%d.log", r.index))
	said, err := os.Create(path)
	if err != nil {
		return err
	}
	defer said.Close()
	c := exec.CommandContext(ctx, r.python, "scripts/peers/hold_client.py", r.endpoint, strconv.Itoa(count), strconv.Itoa(bodyBytes))
	c.Stdout, c.Stderr = said, said
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(path)
		return fmt.Errorf("the client in Python: %w: %s", err, text)
	}
	took, err := numbers(path, "took")
	if err != nil {
		return err
	}
	r.theirs.p50 = median(took)
	r.theirs.hold, err = r.heldSince(len(before))
	return err
}

// heldSince is the service's median hold, in ns, after its first n.
func (r *round) heldSince(n int) (float64, error) {
	held, err := numbers(r.log, "held")
	if err == nil && len(held) <= n {
		err = errors.New("the service held nothing")
	}
	if err != nil {
		return 0, err
	}
	return median(held[n:]), nil
}

// numbers reads the lines "WORD NUMBER" of a file.
func numbers(path, word string) (all []float64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(io.LimitReader(f, 64<<20)); lines.Scan(); {
		text, ok := strings.CutPrefix(lines.Text(), word+" ")
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, n)
	}
	return all, nil
}

// freeEndpoint is one that nobody listens at just now.
func freeEndpoint() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return "tcp://" + l.Addr().String(), nil
}
