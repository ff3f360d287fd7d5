package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"zbench/report"
	"zbench/results"
)

const reportLong = `Write the report of stored results again: the summary to stdout, report.md and
charts/ beside the results.

Each DIR gets its own report. With --out there is one report of all of them
instead, for a look at several side by side. Runs that were killed are reported
as interrupted, with the intervals that had ended; --json has them, too.`

const reportExamples = `  zbench report zbench-results/quickstart-20250101T120000Z
  zbench report results/*
  zbench report --out both results/before results/after
  zbench report results/killed --json recovered.json`

func (a *app) reportCommand() *cobra.Command {
	var out, document string
	cmd := &cobra.Command{
		Use:     "report DIR... [flags]",
		Short:   "Make the report and charts of stored results again",
		Long:    reportLong,
		Example: reportExamples,
		Args:    least(1, "a directory of results"),
		RunE:    func(_ *cobra.Command, dirs []string) error { return a.reports(dirs, out, document) },
	}
	cmd.Flags().StringVar(&document, "json", "", "`FILE` for the document of all runs, recovered ones too; - is stdout")
	cmd.Flags().StringVar(&out, "out", "", "one report of all results, there `DIR`")
	return cmd
}

// reports reads all before it writes any.
func (a *app) reports(dirs []string, out, document string) error {
	var runs []results.Run
	var all []report.Source
	stored := make([][]report.Source, len(dirs))
	for i, dir := range dirs {
		f, err := results.Read(dir)
		if err != nil {
			return &exit{exitUsage, err}
		}
		stored[i] = a.sources(dir, f.Runs)
		runs = append(runs, f.Runs...)
		all = append(all, stored[i]...)
	}
	summary, err := a.writeDocument(document, runs)
	if err != nil {
		return err
	}
	if out != "" {
		dirs, stored = []string{out}, [][]report.Source{all}
	}
	for i, dir := range dirs {
		doc := report.New(stored[i]...)
		files, err := report.WriteAll(dir, doc)
		if err != nil {
			return &exit{exitFailed, err}
		}
		if err := a.render(summary, doc); err != nil {
			return &exit{exitFailed, err}
		}
		fmt.Fprintf(a.stderr, "%s in %s\n", plural(len(files), "file"), dir)
	}
	if code := first(judge(runs)); code != exitOK {
		return &exit{code: code}
	}
	return nil
}

// writeDocument writes the runs to name, if there is one, and gives where the
// summary then goes.
func (a *app) writeDocument(name string, runs []results.Run) (summary io.Writer, err error) {
	if name == "" {
		return a.stdout, nil
	}
	j, err := openJSON(name)
	if err != nil {
		return nil, err
	}
	defer j.close()
	if err := j.write(a.stdout, runs); err != nil {
		return nil, &exit{exitFailed, err}
	}
	if name == "-" {
		return a.stderr, nil
	}
	return a.stdout, nil
}
