package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zbench/drivers"
	"zbench/scenarios"
)

const serveLong = `Be the other side of a pattern, for clients in any language:

  echo    sends back whatever comes, as many parts as it has: REP, ROUTER, DEALER or PAIR
  sink    collects and measures: PULL, SUB, PAIR, ROUTER or DEALER
  source  sends, at --rate or as fast as it goes: PUSH, PUB, PAIR or DEALER
  broker  passes on between --front and --back: the middle of broker (ROUTER, DEALER),
          forwarder (XSUB, XPUB) or pipeline (PULL, PUSH)

Several clients may come, go and come back. It goes on until Ctrl-C, --count or
--duration, and ends with a summary. Every second a line on stderr says what was
done so far, and how many peers are connected where the engine knows.

A sink checks what zbench sends, which bears a stamp: loss and order follow from
the sequences that it saw, and one-way latency from the clock of the one host.
Without --count and --duration it ends with such a load. The messages of others
are counted. A source stamps bodies of 32 bytes and more.

Ended by Ctrl-C before --count or --duration is reached it exits with 130.
Without --json the summary goes to stdout.`

const serveExamples = `  zbench serve sink --pattern push-pull --bind tcp://127.0.0.1:5555
  zbench run --pattern push-pull --connect tcp://127.0.0.1:5555 --duration 5s

  zbench serve echo --pattern req-rep --bind ipc:///tmp/echo --delay exp:1ms --stall 100ms/1s
  zbench serve source --pattern pub-sub --bind tcp://127.0.0.1:5556 --rate 10k --size 256
  zbench serve sink --pattern pub-sub --connect tcp://127.0.0.1:5556 --duration 10s --json sink.json

  zbench serve broker --pattern broker --front tcp://127.0.0.1:5557 --back tcp://127.0.0.1:5558
  zbench serve echo --pattern req-rep --connect tcp://127.0.0.1:5558 --peers 4
  zbench run --pattern req-rep --connect tcp://127.0.0.1:5557 --clients 8`

// The roles that can be served.
const (
	roleEcho   = "echo"
	roleSink   = "sink"
	roleSource = "source"
	roleBroker = "broker"
)

var serveRoles = []string{roleEcho, roleSink, roleSource, roleBroker}

// serveKeys are the cell keys that a service has, by the name of its flag; doc
// is what is said of it where a service means something else by it, and roles
// are those that take it, where not all do.
var serveKeys = []struct {
	flag, key, doc string
	roles          []string
}{
	{"pattern", "pattern", "", nil},
	{"bind", "bind", "listen there; several are joined by +, such as tcp://127.0.0.1:5555", []string{roleEcho, roleSink, roleSource}},
	{"connect", "connect", "connect there instead, where the other side listens", []string{roleEcho, roleSink, roleSource}},
	{"front", "bind", "listen there for those who start messages; several are joined by +", []string{roleBroker}},
	{"back", "bind", "listen there for those who answer or consume; several are joined by +", []string{roleBroker}},
	{"engine", "peer-engine", "the ZeroMQ implementation that serves (default zmtp)", nil},
	{"peers", "peers", "sockets to serve with, such as 8 subscribers (default 1)", []string{roleEcho, roleSink, roleSource}},
	{"clients", "clients", "sockets that are expected to connect to each (default 1)", nil},
	{"rate", "rate", "messages a second of all sockets together (default: as fast as it goes)", []string{roleSource}},
	{"arrival", "arrival", "how messages of a rate arrive: constant, poisson, burst or burst:N", []string{roleSource}},
	{"size", "size", "", []string{roleSource}},
	{"frames", "frames", "", []string{roleSource}},
	{"count", "count", "end after so many messages of all sockets together, such as 100k", nil},
	{"duration", "duration", "end so long after the first message, such as 10s", nil},
	{"topics", "topics", "", []string{roleSink, roleSource}},
	{"payload", "payload", "what bodies hold: zero, random or file:PATH (default random)", []string{roleSink, roleSource}},
	{"identity", "identity", "identity of the socket; several sockets number theirs, such as worker", []string{roleEcho, roleSink, roleSource}},
	{"hwm", "hwm", "", nil}, {"at-hwm", "at-hwm", "", []string{roleSource}},
	{"sndbuf", "sndbuf", "", nil}, {"rcvbuf", "rcvbuf", "", nil}, {"io-threads", "io-threads", "", nil},
	{"security", "security", "null; plain:USER, with the password in " + drivers.PasswordVariable +
		"; or curve: who listens makes a key and says the public one, who connects is told it, curve:KEY", nil},
	{"warmup", "warmup", "how long to let pass, from the first message on, before measuring starts (default 0s)", []string{roleSink}},
	{"delay", "peer-delay", "time taken for each message: fixed, or exponential around a mean, such as exp:1ms", []string{roleEcho, roleSink}},
	{"stall", "peer-stall", "time nothing is done, and how often, such as 100ms/1s", []string{roleEcho, roleSink}},
}

func (a *app) serveCommand() *cobra.Command {
	var o runOptions
	flags := a.serveFlags(&o)
	cmd := &cobra.Command{
		Use:       "serve ROLE [flags]",
		Short:     "Be the other side for another process: echo, sink, source or broker",
		Long:      serveLong,
		Example:   serveExamples,
		Args:      exactly(1, "one role: echo, sink, source or broker"),
		ValidArgs: serveRoles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(serveRoles, args[0]) {
				return usage("unknown role %q; %s", args[0], scenarios.Unknown(args[0], serveRoles))
			}
			s, err := a.service(args[0], flags, o)
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), s)
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

// serve plays the role until it ends, and shows what was done.
func (a *app) serve(ctx context.Context, s *serving) error {
	var document *jsonFile
	if s.options.json != "" {
		var err error
		if document, err = openJSON(s.options.json); err != nil {
			return err
		}
		defer document.close()
	}
	made, summary, err := a.play(ctx, s)
	if err != nil && summary == nil {
		return err
	}
	if document != nil {
		if err := document.write(a.stdout, made); err != nil {
			return &exit{exitFailed, err}
		}
	}
	w := a.stdout
	if s.options.json == "-" {
		w = a.stderr
	}
	if err := summary(w); err != nil {
		return &exit{exitFailed, err}
	}
	if err != nil {
		return err
	}
	if code := first(judge(made)); code != exitOK {
		return &exit{code: code}
	}
	return nil
}
