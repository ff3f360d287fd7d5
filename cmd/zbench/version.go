package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of zbench and of its engines",
		Long:    "Print the version of zbench, of Go, and of the engines in this build: what a\nresult's environment names, too.",
		Example: "  zbench version",
		Args:    most(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprint(a.stdout, a.versionLine())
			for _, name := range a.engineNames() {
				fmt.Fprintf(a.stdout, "  %s %s\n", name, a.engines[name]().Version())
			}
			return nil
		},
	}
}

// versionLine is also what --version prints.
func (a *app) versionLine() string { return fmt.Sprintf("zbench %s, %s\n", a.version(), platform()) }
