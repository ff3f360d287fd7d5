package report

import (
	"fmt"
	"sort"
	"strings"
)

// Doc is what a report says, before it takes a form.
type Doc struct {
	Title     string   // the scenarios' names
	Groups    []*Group // experiments, never compared with each other
	Takeaways []string // one sentence an experiment, the first the most telling
	Findings  []Finding
	Hosts     []Host // environments; more than one means that runs of several are shown
	Runs      int
	Invalid   int // runs that are not valid
}

// New sorts runs into experiments and cells. The order of sources does not
// matter but to repeats that are otherwise equal.
func New(sources ...Source) *Doc {
	d := &Doc{Runs: len(sources), Title: title(sources)}
	sources = append([]Source(nil), sources...)
	sort.SliceStable(sources, func(i, j int) bool {
		a, b := &sources[i].Run, &sources[j].Run
		if a.Repeat != b.Repeat {
			return a.Repeat < b.Repeat
		}
		return a.StartedAt.Before(b.StartedAt)
	})
	letters := d.gatherHosts(sources)
	cells := gatherCells(sources, letters)
	for _, c := range cells {
		c.settle()
		d.Invalid += c.Invalid
	}
	nameCells(cells)
	d.Groups = gatherGroups(cells)
	for _, g := range d.Groups {
		g.settle()
	}
	d.Takeaways = takeaways(d.Groups)
	d.Findings = findings(d.Groups)
	return d
}

// validity says how many runs are not valid, "" where all are.
func (d *Doc) validity() string {
	switch {
	case d.Runs == 0:
		return "There is no run to report."
	case d.Invalid == 0:
		return ""
	case d.Invalid == d.Runs && d.Runs == 1:
		return "The run is not valid; see why below."
	case d.Invalid == d.Runs:
		return fmt.Sprintf("None of the %s is valid; see why below.", plural(d.Runs, "run"))
	case d.Invalid == 1:
		return fmt.Sprintf("1 of %s is not valid; see why below.", plural(d.Runs, "run"))
	}
	return fmt.Sprintf("%s of %s are not valid; see why below.", Count(uint64(d.Invalid)), plural(d.Runs, "run"))
}

func title(sources []Source) string {
	var names []string
	seen := map[string]bool{}
	for _, s := range sources {
		if n := s.Run.Scenario; n != "" && !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "zbench"
	}
	return strings.Join(names, ", ")
}

func gatherCells(sources []Source, letters []string) []*Cell {
	var cells []*Cell
	index := map[string]*Cell{}
	for i, s := range sources {
		c := &Cell{Cell: s.Run.Cell, Host: letters[i]}
		key := c.key()
		if known, ok := index[key]; ok {
			c = known
		} else {
			index[key] = c
			cells = append(cells, c)
		}
		c.Sources = append(c.Sources, s)
	}
	return cells
}

// gatherGroups separates loops, and within them round trips from one way. A
// cell whose bodies are too small for a stamp goes with its pattern's others.
func gatherGroups(cells []*Cell) []*Group {
	kinds := map[string]string{}
	for _, c := range cells {
		if k := c.kind(); k != "none" {
			kinds[string(c.Loop)+" "+c.Pattern] = k
		}
	}
	var groups []*Group
	index := map[string]*Group{}
	for _, c := range cells {
		kind := c.kind()
		if k, ok := kinds[string(c.Loop)+" "+c.Pattern]; ok && kind == "none" {
			kind = k
		}
		key := string(c.Loop) + " " + kind
		g, ok := index[key]
		if !ok {
			g = &Group{Loop: c.Loop, Latency: kind}
			index[key] = g
			groups = append(groups, g)
		}
		g.Cells = append(g.Cells, c)
	}
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].rank() < groups[j].rank() })
	return groups
}

func (g *Group) rank() int {
	for i, w := range loopWords {
		if w.loop == g.Loop {
			return i
		}
	}
	return len(loopWords)
}

// kind is the kind of latency of the cell's runs, "none" where none has any.
func (c *Cell) kind() string {
	for _, s := range c.Sources {
		if k := s.Run.Latency.Kind; k != "" && k != "none" {
			return k
		}
	}
	return "none"
}
