package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zbench/drivers"
	"zbench/report"
	"zbench/results"
	"zbench/scenarios"
)

const serveLong = `Be the other side of a pattern for load that another process makes.

An echo sends every message back until Ctrl-C. A sink collects, checks and
measures what zbench sends, and ends with its load: one-way latency needs the
clock of one host. Loss follows from the sequences that it saw. Without --json
the summary goes to stdout.`

const serveExamples = `  zbench serve sink --pattern push-pull --bind tcp://127.0.0.1:5555
  zbench run --pattern push-pull --connect tcp://127.0.0.1:5555 --duration 5s

  zbench serve echo --pattern req-rep --bind ipc:///tmp/echo --delay 1ms
  zbench serve sink --pattern pub-sub --connect tcp://127.0.0.1:5556 --peers 8 --json sink.json`

// serveKeys are the cell keys that a service has, by the name of its flag; doc
// is what is said of it where a service means something else by it.
var serveKeys = []struct{ flag, key, doc string }{
	{"pattern", "pattern", ""},
	{"bind", "bind", "listen there; several are joined by +, such as tcp://127.0.0.1:5555"},
	{"connect", "connect", "connect there instead, where the load listens"},
	{"engine", "peer-engine", "the ZeroMQ implementation that serves (default zmtp)"},
	{"peers", "peers", "sockets to serve with, such as 8 subscribers (default 1)"},
	{"clients", "clients", "sockets that are expected to connect (default 1)"},
	{"topics", "topics", ""}, {"payload", "payload", ""}, {"identity", "identity", ""},
	{"hwm", "hwm", ""}, {"sndbuf", "sndbuf", ""}, {"rcvbuf", "rcvbuf", ""},
	{"warmup", "warmup", "how long to let pass, from the first message on, before measuring starts (default 0s)"},
	{"delay", "peer-delay", "time taken for each message: fixed, or exponential around a mean, such as exp:1ms"},
	{"stall", "peer-stall", "time nothing is done, and how often, such as 100ms/1s"},
}

var serveRoles = []string{"echo", "sink"}

func (a *app) serveCommand() *cobra.Command {
	var o runOptions
	flags := a.serveFlags(&o)
	cmd := &cobra.Command{
		Use:       "serve ROLE [flags]",
		Short:     "Be the other side for another process: echo or sink",
		Long:      serveLong,
		Example:   serveExamples,
		Args:      exactly(1, "one role: echo or sink"),
		ValidArgs: serveRoles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(serveRoles, args[0]) {
				return usage("unknown role %q; %s", args[0], scenarios.Unknown(args[0], serveRoles))
			}
			setup, err := a.service(args[0], flags, o)
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), setup, o)
		},
	}
	cmd.Flags().AddFlagSet(flags)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprintf(cmd.OutOrStderr(), "Usage:\n  %s\n\nExamples:\n%s\n\nFlags:\n%s",
			cmd.UseLine(), cmd.Example, flags.FlagUsagesWrapped(helpWidth))
		return err
	})
	return cmd
}

func (a *app) serveFlags(o *runOptions) *pflag.FlagSet {
	set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	set.SortFlags = false
	for _, k := range serveKeys {
		f, _ := scenarios.Find(a.fields(), k.key)
		doc, placeholder := k.doc, placeholders[k.key]
		if doc == "" {
			doc = describe(f)
		}
		if placeholder == "" {
			placeholder = "N"
		}
		set.Var(&textFlag{placeholder: placeholder, repeated: slices.Contains(repeated, k.key)}, k.flag, doc)
	}
	set.StringVar(&o.json, "json", "", "`FILE` for the result document besides; - is stdout, and moves the summary to stderr")
	set.BoolVar(&o.quiet, "quiet", false, "say nothing while it runs")
	set.BoolVar(&o.force, "force", false, "serve what an engine says it cannot do")
	return set
}

// service makes a cell of the flags and checks it.
func (a *app) service(role string, flags *pflag.FlagSet, o runOptions) (drivers.Setup, error) {
	cell := drivers.NewCell()
	for _, k := range serveKeys {
		flag := flags.Lookup(k.flag)
		if !flag.Changed {
			continue
		}
		f, _ := scenarios.Find(a.fields(), k.key)
		text := flag.Value.String()
		if f.Values != nil && !slices.Contains(f.Values, text) {
			return drivers.Setup{}, usage("--%s: unknown %s %q; %s", k.flag, k.flag, text, scenarios.Unknown(text, f.Values))
		}
		if err := f.Set(&cell, text); err != nil {
			return drivers.Setup{}, usage("--%s %s: %v", k.flag, text, strings.TrimPrefix(err.Error(), ": "))
		}
	}
	if cell.Pattern == "" || len(cell.Endpoints) == 0 {
		return drivers.Setup{}, usage("serve %s needs --pattern and --bind or --connect, like --pattern push-pull --bind tcp://127.0.0.1:5555", role)
	}
	echo, sink := drivers.Roles(cell.Pattern)
	switch {
	case !echo && !sink:
		return drivers.Setup{}, usage("%s cannot be served alone: it has a middle, or peers that announce themselves to their own load", cell.Pattern)
	case role == "echo" && !echo:
		return drivers.Setup{}, usage("%s sends nothing back; serve a sink", cell.Pattern)
	case role == "sink" && !sink:
		return drivers.Setup{}, usage("the peer of %s answers; serve an echo", cell.Pattern)
	case role == "sink":
		cell.Loop = results.Max
	}
	cell.Placement = drivers.Served // the load is somebody else's, not the peer
	if cell.PeerEngine == "" {
		cell.PeerEngine = scenarios.LoadEngine
	}
	// Either side of somebody else's may bind: bind and connect say which we do.
	cell.Listen = "peer"
	if flags.Changed("connect") {
		cell.Listen = "load"
	}
	if err := drivers.Resolve(&cell); err != nil {
		return drivers.Setup{}, err
	}
	setup := drivers.Setup{
		Scenario: "serve-" + role, Repeat: 1, Cell: cell, Seed: 1, Force: o.force,
		Peer: a.engines[cell.PeerEngine](),
	}
	setup.ID = results.NewID(setup.Scenario, cell, 1)
	return setup, drivers.Check(setup)
}

// serve runs until the load is over or ctx ends, and shows what came.
func (a *app) serve(ctx context.Context, s drivers.Setup, o runOptions) error {
	var document *jsonFile
	if o.json != "" {
		var err error
		if document, err = openJSON(o.json); err != nil {
			return err
		}
		defer document.close()
	}
	s.Environment = results.ReadEnvironment(version(), a.versions(s))
	made, err := a.makeService(ctx, s, a.watch(o.quiet))
	if errors.Is(err, drivers.ErrNothingCame) {
		return &exit{exitFailed, fmt.Errorf("%w before it was ended; is the load there, and does it go to this endpoint", err)}
	}
	if err != nil {
		return &exit{exitFailed, err}
	}
	if document != nil {
		if err := document.write(a.stdout, []results.Run{made}); err != nil {
			return &exit{exitFailed, err}
		}
	}
	if err := a.showService(made, o); err != nil {
		return err
	}
	if code := first(judge([]results.Run{made})); code != exitOK {
		return &exit{code: code}
	}
	return nil
}

// watch says on stderr what goes on.
func (a *app) watch(quiet bool) drivers.Service {
	if quiet {
		return drivers.Service{}
	}
	return drivers.Service{
		Output: drivers.Output{OnInterval: func(p results.Point) { fmt.Fprintf(a.stderr, "%.3g s  %s\n", p.TS, figures(p)) }},
		OnReady: func(bound []string) {
			if len(bound) > 0 {
				fmt.Fprintln(a.stderr, "ready at", strings.Join(bound, ", "))
				return
			}
			fmt.Fprintln(a.stderr, "ready")
		},
		OnEcho: func(n uint64) { fmt.Fprintf(a.stderr, "%d messages sent back\n", n) },
	}
}

func (a *app) showService(made results.Run, o runOptions) error {
	w := a.stdout
	if o.json == "-" {
		w = a.stderr
	}
	if made.Latency.Kind == "none" && made.Throughput.AchievedMsgsPerS == nil {
		_, err := fmt.Fprintf(w, "%d messages sent back, %d errors\n", made.Accounting.Received, made.Accounting.Errors)
		return err
	}
	return a.render(w, report.New(report.Source{Run: made}))
}
