package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zbench/scenarios"
)

// repeated are the cell flags that may be given more than once; their values
// make one value together.
var repeated = []string{"subscribe", "connect", "bind"}

// placeholders name the values of flags in --help, by key.
var placeholders = map[string]string{
	"pattern": "NAME", "engine": "NAME", "peer-engine": "NAME", "middle-engine": "NAME", "transport": "NAME",
	"size": "BYTES", "payload": "KIND", "listen": "SIDE", "identity": "PREFIX", "sndbuf": "BYTES", "rcvbuf": "BYTES",
	"rate": "RATE", "arrival": "KIND", "stages": "STAGES", "duration": "TIME", "warmup": "TIME", "timeout": "TIME", "subscribe": "PREFIX", "allow-loss": "SHARE", "at-hwm": "ACTION", "security": "MECHANISM",
	"peer-delay": "TIME", "peer-stall": "TIME/TIME", "connect": "ENDPOINT", "bind": "ENDPOINT", "target-pid": "PID",
}

// textFlag is a flag whose text is read later, by the parsers that scenarios
// use. Its type is what --help calls its value.
type textFlag struct {
	placeholder string
	texts       []string
	repeated    bool // each use adds to the others; else the last one counts
}

func (f *textFlag) String() string { return strings.Join(f.texts, "+") }
func (f *textFlag) Type() string   { return f.placeholder }
func (f *textFlag) Set(s string) error {
	if !f.repeated {
		f.texts = nil
	}
	f.texts = append(f.texts, s)
	return nil
}

// cellFlags makes a flag of every field.
func (a *app) cellFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("cell", pflag.ContinueOnError)
	set.SortFlags = false
	for _, f := range a.fields() {
		name := placeholders[f.Key]
		if name == "" {
			name = "N"
		}
		set.Var(&textFlag{placeholder: name, repeated: slices.Contains(repeated, f.Key)}, f.Key, describe(f))
	}
	return set
}

// describe is a field's help: its choices, or an example that shows something.
func describe(f scenarios.Field) string {
	if f.Values != nil {
		return f.Doc + ": " + strings.Join(f.Values, ", ")
	}
	if len(f.Example) < 3 {
		return f.Doc
	}
	return f.Doc + ", such as " + f.Example
}

func runFlags(o *runOptions) *pflag.FlagSet {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.SortFlags = false
	set.StringVar(&o.runs, "runs", "", "repeats of every cell, `N` times, in a new random order each time (default 1)")
	set.StringVar(&o.seed, "seed", "", "`NUMBER` that payloads, Poisson arrivals and the order of runs come from (default 1)")
	set.StringVar(&o.out, "out", "", "`DIR` for the results (default zbench-results/SCENARIO-TIME)")
	set.BoolVar(&o.overwrite, "overwrite", false, "replace results that are already there")
	set.StringVar(&o.json, "json", "", "`FILE` for the result document besides; - is stdout, and moves the summary to stderr")
	set.BoolVar(&o.quiet, "quiet", false, "say nothing but what went wrong; the results are where --out says, else in the newest directory of zbench-results")
	set.BoolVar(&o.force, "force", false, "run what an engine says it cannot do")
	return set
}

// settings are the cell flags that were given, in the order of the table.
func (a *app) settings(cells *pflag.FlagSet) ([]scenarios.Setting, error) {
	var out []scenarios.Setting
	for _, f := range a.fields() {
		flag := cells.Lookup(f.Key)
		if !flag.Changed {
			continue
		}
		at := scenarios.Place{Flag: "--" + f.Key}
		values := f.Split(flag.Value.String(), at)
		for _, v := range values {
			if v.Text == "" {
				return nil, usage("--%s: empty value; leave it out, or write --%s %s", f.Key, f.Key, f.Example)
			}
		}
		out = append(out, scenarios.Setting{Key: f.Key, Values: values})
	}
	return out, nil
}

// completeCellFlags lets shells offer the choices.
func (a *app) completeCellFlags(cmd *cobra.Command) {
	for _, f := range a.fields() {
		if f.Values == nil {
			continue
		}
		// It fails only for a flag that is not there.
		_ = cmd.RegisterFlagCompletionFunc(f.Key, cobra.FixedCompletions(f.Values, cobra.ShellCompDirectiveNoFileComp))
	}
}
