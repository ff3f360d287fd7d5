package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"zbench/scenarios"
)

const scenariosLong = `A scenario is a YAML file that says what to run: a matrix of cells, what they
share, how often to repeat them, and thresholds that every run must meet.

Start from one that is near: zbench scenarios show tails > my.yaml`

const scenariosExamples = `  zbench scenarios list
  zbench scenarios show tails
  zbench scenarios show tails --cells
  zbench scenarios validate my.yaml
  zbench scenarios schema > zbench.schema.json`

func (a *app) scenariosCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "scenarios",
		Short:   "List, show and validate scenarios",
		Long:    scenariosLong,
		Example: scenariosExamples,
		Args:    cobra.ArbitraryArgs,
		RunE:    parent,
	}
	cmd.AddCommand(a.listCommand(), a.showCommand(), a.validateCommand(), a.schemaCommand())
	return cmd
}

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the shipped scenarios",
		Long:    "List the shipped scenarios: how many runs each makes and about how long it takes.",
		Example: "  zbench scenarios list",
		Args:    most(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tRUNS\tTIME\tWHAT")
			for _, name := range scenarios.Shipped() {
				b, err := a.expand(name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", name, len(b.steps), about(b.expected()), b.spec.Description)
			}
			return w.Flush()
		},
	}
}

// expand makes the batch of a scenario without asking engines or making places.
func (a *app) expand(name string) (*batch, error) {
	spec, err := a.open(name)
	if err != nil {
		return nil, err
	}
	cells, err := spec.Expand(a.fields(), nil)
	if err != nil {
		return nil, err
	}
	return &batch{spec: spec, cells: cells, labels: labels(a.fields(), cells),
		steps: scenarios.Plan(len(cells), spec.Runs, spec.Seed)}, nil
}

func (a *app) showCommand() *cobra.Command {
	var cells bool
	cmd := &cobra.Command{
		Use:     "show SCENARIO",
		Short:   "Print a scenario, or the cells that it makes",
		Long:    "Print a shipped scenario as YAML with its comments, to read or to start from.\nWith --cells print what it expands to, one line a cell, of a shipped scenario or a file.",
		Example: "  zbench scenarios show tails\n  zbench scenarios show tails > my.yaml\n  zbench scenarios show my.yaml --cells",
		Args:    exactly(1, "one scenario"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return scenarios.Shipped(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if !cells {
				text, err := a.source(args[0])
				if err != nil {
					return err
				}
				_, err = a.stdout.Write(text)
				return err
			}
			b, err := a.expand(args[0])
			if err != nil {
				return err
			}
			return printCells(a.stdout, a.fields(), b)
		},
	}
	cmd.Flags().BoolVar(&cells, "cells", false, "the cells instead of the YAML")
	return cmd
}

// printCells writes every cell as the flags that make it.
func printCells(w io.Writer, fields []scenarios.Field, b *batch) error {
	for _, c := range b.cells {
		if _, err := fmt.Fprintln(w, strings.Join(c.Flags(fields), " ")); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenario files without running anything",
		Long: `Check scenario files: the YAML, every key and value, whether the values of each
cell go together, and whether the engines can do it. An error names file, line
and column, shows the place, and says what to write instead.`,
		Example: "  zbench scenarios validate my.yaml\n  zbench scenarios validate scenarios/*.yaml",
		Args:    least(1, "a scenario file"),
		RunE: func(_ *cobra.Command, files []string) error {
			for _, name := range files {
				b, err := a.expand(name)
				if err != nil {
					return err
				}
				if err := a.check(b); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "%s: good: %s of %s, about %s\n", name, plural(len(b.steps), "run"), plural(len(b.cells), "cell"), about(b.expected()))
			}
			return nil
		},
	}
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of scenario files, for editors",
		Long: `Print the JSON schema of scenario files. Editors that know YAML schemas complete
keys and mark mistakes with it; most take this as a file's first line:

  # yaml-language-server: $schema=zbench.schema.json`,
		Example: "  zbench scenarios schema > zbench.schema.json",
		Args:    most(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text, err := scenarios.Schema()
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(text)
			return err
		},
	}
}
