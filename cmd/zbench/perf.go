package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"github.com/spf13/cobra"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/perf"
	"zbench/scenarios"
)

// perfTool is one of the stand-ins for libzmq's perf tools: the same arguments
// in the same order, and the same lines on stdout before its own.
type perfTool struct {
	name, where, unit string
	short, long       string
	example           string
	kind              engines.Kind
	use               engines.Use
	run               func(context.Context, perf.Setup) (func(io.Writer) error, error)
}

const perfSame = `It takes the arguments of libzmq's tool of that name, in the same order, so that
scripts for that one work; the other side may be libzmq's, or a binding's.`

var perfTools = []perfTool{
	{
		"local_thr", "BIND", "COUNT", "Measure throughput as libzmq's local_thr: a PULL that binds",
		`A PULL binds and takes the time of COUNT messages, from the first one on.

` + perfSame + `

It prints that tool's four lines, then how steady it was: percentiles of the
time that every 1000 messages took (of a hundredth of COUNT where that is less),
and the longest gap between two arrivals. Gaps between single messages would
only show how many came with one read.`,
		`  zbench local_thr tcp://127.0.0.1:5555 64 1000000
  zbench local_thr ipc:///tmp/thr 1024 100k --engine go-zeromq`,
		engines.PULL, engines.RecvOnly, localThr,
	},
	{
		"remote_thr", "CONNECT", "COUNT", "Send as libzmq's remote_thr: a PUSH that connects",
		`A PUSH connects and sends COUNT messages as fast as it goes. It ends when they
have left, and prints nothing.

` + perfSame,
		`  zbench remote_thr tcp://127.0.0.1:5555 64 1000000`,
		engines.PUSH, engines.SendOnly, remoteThr,
	},
	{
		"local_lat", "BIND", "ROUNDTRIPS", "Echo as libzmq's local_lat: a REP that binds",
		`A REP binds and sends ROUNDTRIPS requests back. It prints nothing.

` + perfSame,
		`  zbench local_lat tcp://127.0.0.1:5555 64 100000`,
		engines.REP, engines.Turns, localLat,
	},
	{
		"remote_lat", "CONNECT", "ROUNDTRIPS", "Measure latency as libzmq's remote_lat: a REQ that connects",
		`A REQ connects and takes the time of ROUNDTRIPS round trips, one after the other.
The wait for the other side does not count; with engines that do not say when
it is there (libzmq, pebbe) the first round trip does not either.

` + perfSame + `

It prints that tool's three lines, the last of which is half of the mean round
trip, then percentiles of whole round trips: half of one is no latency that
anybody saw. The loop is closed: a slow reply delays the next request, so these
percentiles say nothing of a service under load; use zbench run --rate for that.`,
		`  zbench remote_lat tcp://127.0.0.1:5555 64 100000
  zbench remote_lat ipc:///tmp/lat 1 10k --engine go-zeromq`,
		engines.REQ, engines.Turns, remoteLat,
	},
}

func (a *app) perfCommands() []*cobra.Command {
	var all []*cobra.Command
	for _, t := range perfTools {
		all = append(all, a.perfCommand(t))
	}
	return all
}

func (a *app) perfCommand(t perfTool) *cobra.Command {
	var engine string
	cmd := &cobra.Command{
		Use:     fmt.Sprintf("%s %s SIZE %s", t.name, t.where, t.unit),
		Short:   t.short,
		Long:    t.long,
		Example: t.example,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.perfSetup(t, args, engine)
			if err != nil {
				return err
			}
			show, err := t.run(cmd.Context(), s)
			switch {
			case errors.Is(err, perf.ErrEnded):
				return &exit{exitInterrupted, fmt.Errorf("%s: %w", t.name, err)}
			case err != nil:
				return &exit{exitFailed, fmt.Errorf("%s: %w", t.name, err)}
			case show == nil:
				return nil
			}
			if err := show(a.stdout); err != nil {
				return &exit{exitFailed, err}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&engine, "engine", scenarios.LoadEngine, "`NAME` of the ZeroMQ implementation; zbench engines lists them")
	// It fails only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("engine", cobra.FixedCompletions(a.engineNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// perfSetup reads the arguments. A fourth one is libzmq's switch for CURVE,
// which may be 0.
func (a *app) perfSetup(t perfTool, args []string, engine string) (s perf.Setup, err error) {
	switch {
	case len(args) == 4 && args[3] == "0":
	case len(args) == 4:
		return s, usage("zbench %s: %q would enable CURVE, which it does not speak; leave it out, or write 0", t.name, args[3])
	case len(args) != 3:
		return s, usage("zbench %s needs %s SIZE %s, like tcp://127.0.0.1:5555 64 100000; see `zbench %s --help`", t.name, t.where, t.unit, t.name)
	}
	if a.engines[engine] == nil {
		return s, usage("--engine: unknown %q; %s", engine, scenarios.Unknown(engine, a.engineNames()))
	}
	s.Engine, s.Endpoint = a.engines[engine](), args[0]
	transport, _, err := engines.ParseEndpoint(s.Endpoint)
	if err != nil {
		return s, usage("%v", err)
	}
	if transport == "inproc" {
		return s, usage("endpoint %q: inproc ends at this process, so the other side cannot be there; use tcp or ipc", s.Endpoint)
	}
	size, err := load.ParseBytes(args[1])
	if err == nil && size > drivers.MaxFrameBytes {
		err = fmt.Errorf("over %d bytes; choose a smaller one", drivers.MaxFrameBytes)
	}
	if err != nil {
		return s, usage("SIZE %q: %v", args[1], err)
	}
	if s.Count, err = load.ParseCount(args[2]); err == nil && s.Count == 0 {
		err = errors.New("nothing to do; choose 1 or more")
	}
	if err != nil {
		return s, usage("%s %q: %v", t.unit, args[2], err)
	}
	s.Size = int(size)
	return s, s.Engine.Supports(s.Need(t.kind, t.use))
}

func localThr(ctx context.Context, s perf.Setup) (func(io.Writer) error, error) {
	t, err := perf.LocalThr(ctx, s)
	return func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "message size: %d [B]\nmessage count: %d\nmean throughput: %d [msg/s]\nmean throughput: %.3f [Mb/s]\n",
			s.Size, s.Count, int64(t.PerSecond), t.Megabits(s.Size))
		if err != nil {
			return err
		}
		if t.Blocks.TotalCount() > 0 {
			if err := percentiles(w, fmt.Sprintf("time of %d messages", t.Block), t.Blocks); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(w, "longest gap between arrivals: %.3f [us]\n", float64(t.Longest.Nanoseconds())/1e3)
		return err
	}, err
}

func remoteLat(ctx context.Context, s perf.Setup) (func(io.Writer) error, error) {
	l, err := perf.RemoteLat(ctx, s)
	return func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "message size: %d [B]\nroundtrip count: %d\naverage latency: %.3f [us]\n",
			s.Size, s.Count, float64(l.OneWay().Nanoseconds())/1e3)
		if err != nil {
			return err
		}
		return percentiles(w, "round trip", l.Trips)
	}, err
}

func remoteThr(ctx context.Context, s perf.Setup) (func(io.Writer) error, error) {
	return nil, perf.RemoteThr(ctx, s)
}

func localLat(ctx context.Context, s perf.Setup) (func(io.Writer) error, error) {
	return nil, perf.LocalLat(ctx, s)
}

// leastBeyond is how many values must lie beyond a percentile to print it.
const leastBeyond = 10

func percentiles(w io.Writer, what string, h *hdr.Histogram) error {
	for _, p := range []struct {
		name string
		at   float64
	}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}} {
		if float64(h.TotalCount())*(100-p.at)/100 < leastBeyond {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s %s: %.3f [us]\n", what, p.name, float64(h.ValueAtQuantile(p.at))/1e3); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s max: %.3f [us]\n", what, float64(h.Max())/1e3)
	return err
}
