package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

const runLong = `Run a scenario file, a shipped scenario by name, or one cell from flags alone.
A scenario called - is read from standard input.

Without arguments it runs the shipped scenario quickstart. With any cell flag
and no scenario the cells come from the flags alone; flags beside a scenario
win over it. A comma separates the values of a matrix, and every combination is
run: --transport tcp,ipc --size 64,1KiB makes four cells.

Without --rate and --window a REQ sends when its reply has come, other echoing
patterns keep one message in flight, and one-way patterns go as fast as they can.
Only with --rate or --stages is there response latency: it counts from when a
message was due, not from when it left.

Everything is checked before the first run starts. The result is saved after
each run, so Ctrl-C loses nothing; a second one kills. The comparison goes to
stdout, everything else to stderr.`

const runExamples = `  zbench run
  zbench run tails --rate 1k,10k --runs 3
  zbench run my.yaml --out results/today --json today.json
  zbench run --pattern req-rep --transport tcp,ipc --size 64,1KiB --duration 5s
  zbench run --pattern dealer-router --rate 5k --arrival poisson --duration 30s
  zbench run --pattern push-pull --stages 10s@1k+20s@1k..20k
  zbench run --pattern req-rep --rate 1k --peer-stall 100ms/1s --duration 20s
  zbench run --pattern dealer-rep --connect tcp://127.0.0.1:5555 --rate 500
  zbench run --json - --quiet --pattern pair | jq '.runs[].throughput'`

// helpWidth is where the help of flags is wrapped, in columns.
const helpWidth = 100

// runOptions are the flags of `zbench run` that are no keys of a cell.
type runOptions struct {
	runs, seed string
	out, json  string
	overwrite  bool
	quiet      bool
	force      bool
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	cells := a.cellFlags()
	own := runFlags(&o)
	cmd := &cobra.Command{
		Use:     "run [SCENARIO] [flags]",
		Short:   "Run a scenario, or one cell from flags alone",
		Long:    runLong,
		Example: runExamples,
		Args:    most(1, "one scenario"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return scenarioNames(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, settings, err := a.choose(args, cells, own, o)
			if err != nil {
				return err
			}
			b, err := a.prepare(spec, settings, o)
			if err != nil {
				return err
			}
			return a.execute(cmd.Context(), b)
		},
	}
	cmd.Flags().AddFlagSet(cells)
	cmd.Flags().AddFlagSet(own)
	a.completeCellFlags(cmd)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprintf(cmd.OutOrStderr(), "Usage:\n  %s\n\nExamples:\n%s\n\nCell flags, each also a key of scenario files:\n%s\nRun flags:\n%s",
			cmd.UseLine(), cmd.Example, cells.FlagUsagesWrapped(helpWidth), own.FlagUsagesWrapped(helpWidth))
		return err
	})
	return cmd
}

// execute makes the runs of a batch, shows them, and gives the exit code.
func (a *app) execute(ctx context.Context, b *batch) error {
	defer b.close()
	codes, err := a.makeRuns(ctx, b)
	if shown := a.show(b); err == nil {
		err = shown
	}
	if err != nil {
		return err
	}
	for code := range judge(b.done) {
		codes[code] = true
	}
	if code := first(codes); code != exitOK {
		return &exit{code: code}
	}
	return nil
}
