package report

import (
	"slices"
	"sort"

	"zbench/results"
)

// matrix is who gets on with whom: a row for each pattern and engine of the
// load, a column for each engine of the peers, verdicts in between. nil: no
// engine met another one.
func (d *Doc) matrix() *textTable {
	meetings := map[[3]string]results.Verdict{} // pattern, engine, peer's engine
	var patterns, loads, peers []string
	crossed := false
	add := func(names *[]string, name string) {
		if !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
	for _, c := range d.cellsByPattern() {
		what := c.Pattern
		if d.transports() > 1 {
			what += " " + c.Transport
		}
		add(&patterns, what)
		add(&loads, c.Engine)
		add(&peers, c.PeerEngine)
		crossed = crossed || c.Engine != c.PeerEngine
		at := [3]string{what, c.Engine, c.PeerEngine}
		if met, ok := meetings[at]; ok {
			meetings[at] = graver(met, c.Verdict)
		} else {
			meetings[at] = c.Verdict
		}
	}
	if !crossed {
		return nil
	}
	sort.Strings(loads)
	sort.Strings(peers)
	t := &textTable{columns: []column{{head: "pattern"}, {head: "load ╲ peer"}}}
	for _, p := range peers {
		t.columns = append(t.columns, column{head: p, name: true})
	}
	for _, what := range patterns {
		shown := what
		for _, load := range loads {
			row := []entry{{text: shown}, {text: load}}
			for _, peer := range peers {
				row = append(row, meeting(meetings[[3]string{what, load, peer}]))
			}
			t.rows = append(t.rows, row)
			shown = ""
		}
	}
	return t
}

// meeting is one field of the matrix.
func meeting(v results.Verdict) entry {
	switch v {
	case "":
		return entry{text: missingText("")}
	case results.Valid:
		return entry{text: verdictText(v)}
	case results.Refused:
		return entry{text: verdictText(v), style: faint}
	}
	return entry{text: verdictText(v), style: bad}
}

func (d *Doc) cellsByPattern() []*Cell {
	var cells []*Cell
	for _, g := range d.Groups {
		for _, c := range g.Cells {
			// Somebody else's socket is no engine of ours.
			if c.Engine != "" && c.PeerEngine != "" && len(c.Endpoints) == 0 {
				cells = append(cells, c)
			}
		}
	}
	sort.SliceStable(cells, func(i, j int) bool { return patternRank(cells[i]) < patternRank(cells[j]) })
	return cells
}

func (d *Doc) transports() int {
	seen := map[string]bool{}
	for _, c := range d.cellsByPattern() {
		seen[c.Transport] = true
	}
	return len(seen)
}

const matrixHead = "Who gets on with whom"

// matrix shows the verdicts of engines that meet.
func (t *terminal) matrix(d *Doc) {
	table := d.matrix()
	if table == nil {
		return
	}
	t.line("")
	t.say(bold, "", matrixHead)
	table.fit(t.width - 2)
	for _, l := range table.lines(t.color) {
		t.line("  " + l)
	}
}

func (m *markdown) matrix(d *Doc) {
	if table := d.matrix(); table != nil {
		m.para("## ", matrixHead)
		m.table(table)
	}
}
