package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"zbench/report"
	"zbench/results"
)

// show prints the comparison, writes report and charts, and says where all is.
func (a *app) show(b *batch) error {
	summary := a.stdout
	if b.json != nil {
		if err := b.json.write(a.stdout, b.done); err != nil {
			return &exit{exitFailed, err}
		}
		if b.json.name == "-" {
			summary = a.stderr
		}
	}
	if len(b.done) == 0 {
		return nil
	}
	doc := report.New(a.sources(b.dir, b.done)...)
	_, written := report.WriteAll(b.dir, doc)
	if slices.ContainsFunc(b.done, func(r results.Run) bool { return r.Verdict != results.Failed }) {
		if err := a.render(summary, doc); err != nil {
			return &exit{exitFailed, err}
		}
	}
	if written != nil {
		return &exit{exitFailed, fmt.Errorf("the results are saved in %s, the report is not: %w", b.dir, written)}
	}
	if !b.options.quiet {
		fmt.Fprintf(a.stderr, "results: %s  report: %s\n", b.dir, filepath.Join(b.dir, report.MarkdownName))
	}
	return nil
}

func (a *app) render(w io.Writer, doc *report.Doc) error {
	width, color := a.look(w)
	err := report.Terminal(width, color)(w, doc)
	if err != nil {
		return errors.Join(errors.New("the summary could not be printed"), err)
	}
	return nil
}

// sources gives the report the runs and their distributions. Without those it
// draws fewer charts, so that a log that is missing or damaged is no error.
func (a *app) sources(dir string, runs []results.Run) []report.Source {
	out := make([]report.Source, len(runs))
	for i, r := range runs {
		out[i].Run = r
		responses, services, err := results.Histograms(dir, r.ID)
		if err != nil {
			fmt.Fprintf(a.stderr, "zbench: no distribution of run %s: %s\n", r.ID, oneLine(err.Error()))
			continue
		}
		out[i].Response, out[i].Service = responses, services
	}
	return out
}
