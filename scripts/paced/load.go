package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"zbench/results"
	"zbench/scripts/process"
	"zbench/scripts/program"
	"zbench/scripts/wire"
)

const (
	warmup = 200 * time.Millisecond
	// least is how many messages make a p99: ten lie beyond it.
	least = 1100
	// A load is killed after limitBase and limitTimes what it measures.
	limitBase  = 30 * time.Second
	limitTimes = 5
)

// figures are what one run of a client found, in ns; NaN: not published.
type figures struct {
	service50, service99 float64
	response99           float64
	response995          float64         // of a plain client alone
	verdict              results.Verdict // a plain client's are valid
	reasons              string
}

func noFigures() figures {
	nan := math.NaN()
	return figures{nan, nan, nan, nan, results.Failed, ""}
}

func (f figures) valid() bool { return f.verdict == results.Valid }

// load is what a client shall do, whichever it is.
type load struct {
	pattern string // req-rep or dealer-router: it makes the loop
	rate    int    // messages a second, of all clients together
	clients int
}

// lasts is how long a load is measured at least, so that there is a p99.
func (l load) lasts(d time.Duration) time.Duration {
	return max(d, least*time.Second/time.Duration(l.rate))
}

// client gives the command of a load at an endpoint, and reads what it prints.
type client struct {
	command func(k *kit, l load, endpoint string, d time.Duration) process.Command
	read    func(out []byte) (figures, error)
}

// plain is the client that uses no library. Its loop is the pattern's: at most
// one request outstanding on each connection of req-rep, any number of
// dealer-router.
func plain(fifo bool) client {
	return client{func(k *kit, l load, endpoint string, d time.Duration) process.Command {
		w := wire.Load{
			Endpoint: endpoint, Kind: "REQ", Rate: uint64(l.rate), Count: count(l.rate, d), Warmup: count(l.rate, warmup),
			Clients: l.clients, FIFO: fifo,
		}
		if l.pattern == "dealer-router" {
			w.Kind, w.Open = "DEALER", true
		}
		return process.Command{Argv: k.wireArgs(w.Args()), Limit: limitBase + limitTimes*d}
	}, readPlain}
}

// count is how many messages are due in a time.
func count(rate int, d time.Duration) uint64 { return uint64(d.Nanoseconds()) * uint64(rate) / 1e9 }

// zbench is zbench with one of its engines; without an endpoint it plays its
// own peer too.
func zbench(engine string, more ...string) client {
	return client{func(k *kit, l load, endpoint string, d time.Duration) process.Command {
		path := k.zbench
		if engine == "libzmq" {
			path = k.libzmq
		}
		argv := []string{path, "run", "--quiet", "--pattern", l.pattern, "--engine", engine, "--size", strconv.Itoa(wire.BodySize),
			"--rate", strconv.Itoa(l.rate), "--duration", d.String(), "--warmup", warmup.String(),
			"--json", "-", "--out", filepath.Join(k.dir, "results"), "--overwrite"}
		if endpoint != "" {
			argv = append(argv, "--connect", endpoint)
		}
		if l.clients > 1 {
			argv = append(argv, "--clients", strconv.Itoa(l.clients))
		}
		return process.Command{Argv: append(argv, more...), Accepts: program.ExitNotValid, Limit: limitBase + limitTimes*d}
	}, readZbench}
}

// disturbance is what a client's process has to bear.
type disturbance struct {
	env     []string
	started func(*os.Process)
}

// run loads a service that is there, or with none zbench itself, for a time.
func (c client) run(ctx context.Context, k *kit, l load, endpoint string, d time.Duration, by disturbance) (figures, error) {
	cmd := c.command(k, l, endpoint, d)
	cmd.Env, cmd.Started = by.env, by.started
	out, err := cmd.Output(ctx)
	if err != nil {
		return noFigures(), err
	}
	return c.read(out)
}

// against loads a service that is started for it and ended after, for as long
// as a p99 takes at least.
func (c client) against(ctx context.Context, k *kit, s service, l load, d time.Duration) (figures, error) {
	up, err := s.command(k).Serve(ctx)
	if err != nil {
		return noFigures(), err
	}
	defer up.End()
	return c.run(ctx, k, l, up.Endpoint, l.lasts(d), disturbance{})
}

func readPlain(out []byte) (figures, error) {
	f, err := wire.ReadFigures(out)
	if err != nil {
		return noFigures(), err
	}
	return figures{
		service50: float64(f.Service.P50NS), service99: float64(f.Service.P99NS),
		response99: float64(f.Response.P99NS), response995: float64(f.Response.P995NS), verdict: results.Valid,
	}, nil
}

func readZbench(out []byte) (figures, error) {
	r, err := program.ReadRun(out)
	if err != nil {
		return noFigures(), err
	}
	f := noFigures()
	f.verdict, f.reasons = r.Verdict, program.Reasons(r)
	if s := r.Latency.Service; s != nil {
		f.service50, f.service99 = value(s.P50NS), value(s.P99NS)
	}
	if s := r.Latency.Response; s != nil {
		f.response99 = value(s.P99NS)
	}
	return f, nil
}

func value(ns *int64) float64 {
	if ns == nil {
		return math.NaN()
	}
	return float64(*ns)
}
