package report

import (
	"fmt"
	"sort"

	"zbench/results"
)

// Finding is a doubt about a cell, or a demand on it: said once however many
// of its runs have it.
type Finding struct {
	Kind   FindingKind
	Code   string // verdict, warning code or threshold
	Status string // of a threshold: "pass", "fail" or "inconclusive"
	Cells  []string
	Detail string // the first run's
	Runs   int    // that have it, over all Cells
	Of     int    // runs of the Cells
}

// FindingKind is where a Finding comes from.
type FindingKind string

// Findings are shown in this order.
const (
	VerdictFinding   FindingKind = "verdict"
	ThresholdFinding FindingKind = "threshold"
	WarningFinding   FindingKind = "warning"
)

// findings gathers them over all cells, cell by cell within a kind.
func findings(groups []*Group) []Finding {
	var all []Finding
	cells := 0
	for _, g := range groups {
		cells += len(g.Cells)
	}
	for _, kind := range []FindingKind{VerdictFinding, ThresholdFinding, WarningFinding} {
		for _, g := range groups {
			for _, c := range g.Cells {
				all = merge(all, cellFindings(c, kind))
			}
		}
		if kind == ThresholdFinding {
			sort.SliceStable(all, func(i, j int) bool { return all[i].rank() < all[j].rank() })
		}
	}
	for i := range all {
		if cells > 2 && len(all[i].Cells) == cells {
			all[i].Cells = []string{fmt.Sprintf("all %d cells", cells)}
		}
	}
	return all
}

// merge joins findings that say the same of different cells.
func merge(all, more []Finding) []Finding {
next:
	for _, f := range more {
		for i := range all {
			a := &all[i]
			if a.Kind == f.Kind && a.Code == f.Code && a.Status == f.Status && a.Detail == f.Detail {
				a.Cells = append(a.Cells, f.Cells...)
				a.Runs += f.Runs
				a.Of += f.Of
				continue next
			}
		}
		all = append(all, f)
	}
	return all
}

func cellFindings(c *Cell, kind FindingKind) []Finding {
	var fs []Finding
	for _, s := range c.Sources {
		seen := map[string]bool{}
		for _, f := range runFindings(s.Run, kind) {
			if id := f.Code + " " + f.Status; seen[id] {
				continue
			} else {
				seen[id] = true
			}
			fs = addFinding(fs, f, c)
		}
	}
	return fs
}

func addFinding(fs []Finding, f Finding, c *Cell) []Finding {
	for i := range fs {
		if fs[i].Code == f.Code && fs[i].Status == f.Status {
			fs[i].Runs++
			return fs
		}
	}
	f.Cells, f.Runs, f.Of = []string{c.Name}, 1, len(c.Sources)
	return append(fs, f)
}

func runFindings(r results.Run, kind FindingKind) []Finding {
	var fs []Finding
	switch kind {
	case VerdictFinding:
		for _, reason := range r.Reasons {
			if reason.Verdict != results.Valid {
				fs = append(fs, Finding{Kind: kind, Code: string(reason.Verdict), Detail: reason.Detail})
			}
		}
		if len(fs) == 0 && r.Verdict != results.Valid {
			fs = append(fs, Finding{Kind: kind, Code: string(r.Verdict), Detail: "no reason was recorded"})
		}
	case ThresholdFinding:
		for _, t := range r.Thresholds {
			fs = append(fs, Finding{Kind: kind, Code: t.Expr, Status: t.Status, Detail: thresholdSays(t)})
		}
	case WarningFinding:
		for _, w := range r.Warnings {
			fs = append(fs, Finding{Kind: kind, Code: w.Code, Detail: w.Detail})
		}
	}
	return fs
}

// rank puts failed thresholds before undecided ones, and those before met
// ones; what is no threshold keeps its place before them.
func (f Finding) rank() int {
	if f.Kind != ThresholdFinding {
		return 0
	}
	switch f.Status {
	case "fail":
		return 1
	case "pass":
		return 3
	}
	return 2
}

// thresholdSays is what the figure of a threshold was, in the report's own
// formats.
func thresholdSays(t results.Threshold) string {
	if t.Value == nil {
		return t.Detail
	}
	text := map[string]func(float64) string{
		"ns": Duration, "messages/s": Rate, "share": Percent,
		"bytes/s": func(v float64) string { return Bytes(v) + "/s" },
	}[t.Unit]
	if text == nil {
		text = plainNumber
	}
	return t.Figure + " is " + text(*t.Value)
}

func plainNumber(v float64) string {
	if v >= 0 && v < 1<<53 && v == float64(uint64(v)) {
		return Count(uint64(v))
	}
	return trimZeros(digits(v))
}
