package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"zbench/results"
)

// Terminal renders the summary that a person reads at a glance, at most width
// columns wide (80 if it is 0 or less; 40 at least). With color it uses ANSI
// sequences, modestly; without it is plain UTF-8.
func Terminal(width int, color bool) Renderer {
	if width <= 0 {
		width = 80
	}
	width = max(width, 40)
	return func(w io.Writer, d *Doc) error {
		t := &terminal{out: bufio.NewWriter(w), width: width, color: color}
		t.head(d)
		for _, g := range d.Groups {
			t.group(g)
			t.service(g)
		}
		t.matrix(d)
		t.findings(d.Findings)
		return t.out.Flush()
	}
}

type terminal struct {
	out   *bufio.Writer
	width int
	color bool
}

func (t *terminal) line(s string) { fmt.Fprintln(t.out, s) }

func (t *terminal) say(st style, lead, s string) {
	for _, l := range hang(lead, s, t.width) {
		t.line(st.paint(l, t.color))
	}
}

// head is the takeaways, how many runs are not valid, and where it was.
func (t *terminal) head(d *Doc) {
	for i, s := range d.Takeaways {
		st := plain
		if i == 0 {
			st = bold
		}
		t.say(st, "", s)
	}
	if s := d.validity(); s != "" {
		t.say(bad, "", s)
	}
	if d.Runs > 0 {
		t.line("")
		t.say(faint, "", d.provenance())
	}
}

// provenance is one line on what ran where.
func (d *Doc) provenance() string {
	cells := 0
	for _, g := range d.Groups {
		cells += len(g.Cells)
	}
	parts := []string{d.Title, plural(d.Runs, "run")}
	if cells < d.Runs {
		parts[1] += " of " + plural(cells, "cell")
	}
	if len(d.Hosts) > 1 {
		return strings.Join(append(parts, plural(len(d.Hosts), "host")), " · ")
	}
	e := d.Hosts[0].Environment
	if e.CPU != "" {
		parts = append(parts, e.CPU)
	}
	if e.Cores > 0 {
		parts = append(parts, plural(e.Cores, "core"))
	}
	if e.Go != "" {
		parts = append(parts, e.Go)
	}
	return strings.Join(parts, " · ")
}

// group is one experiment: its name, its table, and what its words mean.
func (t *terminal) group(g *Group) {
	t.line("")
	t.say(bold, "", strings.ToUpper(g.LoopName())+": "+g.means())
	t.say(faint, "  ", joinNonEmpty(" · ", g.Common(), g.LatencyName(), g.repeatWords()))
	t.line("")
	table, words := summaryTable(g, t.width-2)
	for _, l := range table.lines(t.color) {
		t.line("  " + l)
	}
	for _, w := range words {
		t.say(faint, "  ", w)
	}
	for _, s := range g.targets() {
		t.say(plain, "  ", s)
	}
	for _, c := range g.Cells {
		t.stages(c)
	}
}

// repeatWords explains the second line of a cell that has several runs.
func (g *Group) repeatWords() string {
	least, most := g.Repeats()
	switch {
	case most == 1:
		return ""
	case least == most:
		return fmt.Sprintf("median of %d runs, least–most below", most)
	}
	return fmt.Sprintf("median of %d to %d runs, least–most below", least, most)
}

func joinNonEmpty(sep string, parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, sep)
}

// stages is a table of the parts of a staged load, of the cell's first run.
func (t *terminal) stages(c *Cell) {
	stages := c.Sources[0].Run.Stages
	if len(stages) == 0 {
		return
	}
	t.line("")
	t.say(plain, "  ", "Stages of "+c.Name)
	table := stageTable(c.Loop, stages)
	table.fit(t.width - 4)
	for _, l := range table.lines(t.color) {
		t.line("    " + l)
	}
}

func stageTable(loop results.Loop, stages []results.Stage) *textTable {
	table := &textTable{columns: []column{{head: "stage", name: true}, {head: "from", right: true, drop: 3}, {head: "to", right: true, drop: 4},
		{head: "rate", right: true}, {head: "p50", right: true, drop: 1}, {head: "p99", right: true}, {head: "p99.9", right: true, drop: 2}}}
	for _, s := range stages {
		sum := primary(loop, s.Latency)
		if sum == nil {
			sum = &results.Summary{}
		}
		rate := missingText("")
		if r := s.Throughput.AchievedMsgsPerS; r != nil {
			rate = Rate(*r)
		}
		table.rows = append(table.rows, []entry{{text: s.Name}, {text: stamp(s.FromS)}, {text: stamp(s.ToS)}, {text: rate},
			{text: nsText(sum.P50NS, sum.Unpublished["p50_ns"])}, {text: nsText(sum.P99NS, sum.Unpublished["p99_ns"])},
			{text: nsText(sum.P999NS, sum.Unpublished["p99_9_ns"])}})
	}
	return table
}

func stamp(s float64) string { return trimZeros(fmt.Sprintf("%.1f", s)) + " s" }

// nsText writes a field of results.Summary, or why there is none.
func nsText(v *int64, reason string) string {
	if v == nil {
		return missingText(reason)
	}
	return Duration(float64(*v))
}
