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
			fmt.Fprintf(a.stdout, "zbench %s, %s\n", version(), platform())
			for _, name := range a.engineNames() {
				fmt.Fprintf(a.stdout, "  %s %s\n", name, a.engines[name]().Version())
			}
			return nil
		},
	}
}
