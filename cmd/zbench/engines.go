package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"zbench/engines"
	"zbench/scenarios"
)

const enginesLong = `List the implementations of ZeroMQ in this build, with the version of each.
With a NAME say which socket types it has over which transport, and why not
where it has not.`

func (a *app) enginesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "engines [NAME]",
		Short:   "List the ZeroMQ implementations and what they can do",
		Long:    enginesLong,
		Example: "  zbench engines\n  zbench engines go-zeromq",
		Args:    most(1, "one engine"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return a.engineNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listEngines()
			}
			make, ok := a.engines[args[0]]
			if !ok {
				return usage("unknown engine %q; %s", args[0], scenarios.Unknown(args[0], a.engineNames()))
			}
			return a.showEngine(make())
		},
	}
}

func (a *app) listEngines() error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tVERSION")
	for _, name := range a.engineNames() {
		fmt.Fprintf(w, "%s\t%s\n", name, a.engines[name]().Version())
	}
	if err := w.Flush(); err != nil || leftOut == "" {
		return err
	}
	_, err := fmt.Fprint(a.stdout, "\n", leftOut)
	return err
}

// asked are the questions of `zbench engines NAME`, each a change to a plain
// need: one peer, 64 bytes.
var asked = []struct {
	what string
	set  func(*engines.Need)
}{
	{"64 bytes to one peer", func(*engines.Need) {}},
	{"two peers", func(n *engines.Need) { n.Peers = 2 }},
	{"0 bytes", func(n *engines.Need) { n.MinFrame, n.MaxFrame = 0, 0 }},
	{"64 KiB", func(n *engines.Need) { n.MinFrame, n.MaxFrame = 64<<10, 64<<10 }},
	{"an HWM for sending", func(n *engines.Need) {
		if n.Kind.CanSend() {
			n.Options.SendHWM = 1000
		}
	}},
	{"an HWM for receiving", func(n *engines.Need) {
		if n.Kind.CanRecv() {
			n.Options.RecvHWM = 1000
		}
	}},
}

// limit is what an engine refuses, in its own words.
type limit struct {
	what, why         string
	kinds, transports []string
}

// limits asks the engine about every kind and transport, and joins those that
// it refuses for the same reason.
func limits(e engines.Engine) []*limit {
	var found []*limit
	for _, q := range asked {
		for _, transport := range engines.Transports() {
			refused := refusals(e, q.set, transport)
			for _, why := range slices.Sorted(maps.Keys(refused)) {
				kinds := refused[why]
				same := func(l *limit) bool { return l.what == q.what && l.why == why && slices.Equal(l.kinds, kinds) }
				if i := slices.IndexFunc(found, same); i >= 0 {
					found[i].transports = append(found[i].transports, transport)
				} else {
					found = append(found, &limit{q.what, why, kinds, []string{transport}})
				}
			}
		}
	}
	return found
}

// refusals are the kinds that the engine refuses, by its reason.
func refusals(e engines.Engine, ask func(*engines.Need), transport string) map[string][]string {
	out := map[string][]string{}
	for _, k := range engines.Kinds() {
		n := engines.Need{Kind: k, Transport: transport, MinFrame: 64, MaxFrame: 64, Frames: 1, Peers: 1, Binds: 1}
		ask(&n)
		if err := e.Supports(n); err != nil {
			why := reason(err)
			out[why] = append(out[why], k.String())
		}
	}
	return out
}

// reason is the engine's own words, without who, which socket and where.
func reason(err error) string {
	parts := strings.SplitN(plain(err), ": ", 3)
	return parts[len(parts)-1]
}

func (a *app) showEngine(e engines.Engine) error {
	fmt.Fprintf(a.stdout, "%s %s has every socket type over %s", e.Name(), e.Version(), strings.Join(engines.Transports(), ", "))
	defaults := ""
	if says, ok := e.(engines.Defaulted); ok {
		defaults = ".\nBy default: " + says.Defaults()
	}
	found := limits(e)
	if len(found) == 0 {
		_, err := fmt.Fprintln(a.stdout, defaults)
		return err
	}
	fmt.Fprintf(a.stdout, "%s.\nBut not:\n", defaults)
	for _, l := range found {
		_, err := fmt.Fprintf(a.stdout, "\n  %s: %s over %s\n    %s\n", l.what, strings.Join(l.kinds, " "), strings.Join(l.transports, ", "), l.why)
		if err != nil {
			return err
		}
	}
	return nil
}
