package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zbench/scenarios"
)

const rootLong = `zbench answers one question: how fast is ZeroMQ, for this pattern, over this
transport, with this implementation, under this load, on this machine?

It makes the load, measures throughput and the whole latency distribution,
accounts for every message, and says whether the numbers can be believed.

Exit codes: 0 done, every run can be believed · 1 failed while running ·
2 wrong usage or an invalid scenario · 3 done, but a run is not valid ·
4 a threshold failed · 5 a threshold could not be decided · 130 interrupted.`

const rootExamples = `  zbench run                               two patterns, two engines, three transports: half a minute
  zbench run tails                         a shipped scenario: latency against offered rate
  zbench run my.yaml --out results/today   your own scenario
  zbench run --pattern req-rep --rate 1k   one cell from flags alone
  zbench report results/today              the report again`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "zbench",
		Short:         "Measure how fast ZeroMQ is, honestly",
		Long:          rootLong,
		Example:       rootExamples,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if asked, _ := cmd.Flags().GetBool("version"); asked && len(args) == 0 {
			_, err := fmt.Fprint(a.stdout, a.versionLine())
			return err
		}
		if len(args) == 0 {
			return cmd.Help()
		}
		return usage("unknown command %q; %s", args[0], scenarios.Unknown(args[0], commandNames(root)))
	}
	root.Flags().Bool("version", false, "print the version of zbench")
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(a.runCommand(), a.serveCommand(), a.reportCommand(), a.scenariosCommand(), a.enginesCommand(), a.versionCommand(), a.completionCommand())
	root.AddCommand(a.perfCommands()...)
	return root
}

func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return names
}

// flagError adds the nearest name to an unknown flag.
func flagError(cmd *cobra.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return usage("%v; see `%s --help`", err, cmd.CommandPath())
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	mend := scenarios.Unknown(name, known)
	if strings.HasPrefix(mend, "there are") {
		mend = "see `" + cmd.CommandPath() + " --help`"
	}
	return usage("unknown flag --%s; %s", name, strings.Replace(mend, `"`, `"--`, 1))
}

// most refuses more arguments than a command takes.
func most(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("%s takes %s, %q is too much; see `%s --help`", cmd.CommandPath(), what, args[n], cmd.CommandPath())
		}
		return nil
	}
}

// least refuses fewer arguments than a command needs.
func least(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage("%s needs %s; see `%s --help`", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

// parent is the action of a command that only has sub-commands.
func parent(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return usage("unknown command %q; %s", cmd.CommandPath()+" "+args[0], scenarios.Unknown(args[0], commandNames(cmd)))
}

// exactly refuses any other number of arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := least(n, what)(cmd, args); err != nil {
			return err
		}
		return most(n, what)(cmd, args)
	}
}
