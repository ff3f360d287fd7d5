package report

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// Markdown renders report.md: the summary, what cannot be believed and why,
// the percentiles of every cell, how it was measured and how to read it. Its
// pictures are the files that WriteCharts puts beside it.
func Markdown() Renderer {
	return func(w io.Writer, d *Doc) error {
		m := &markdown{out: bufio.NewWriter(w)}
		m.summary(d)
		if d.Runs > 0 {
			m.matrix(d)
			m.findings(d)
			m.charts(d)
			m.details(d)
			m.measured(d)
			m.reading(d)
		}
		return m.out.Flush()
	}
}

type markdown struct{ out *bufio.Writer }

func (m *markdown) line(parts ...string) { fmt.Fprintln(m.out, strings.Join(parts, "")) }

func (m *markdown) para(parts ...string) { m.line(parts...); m.line() }

func (m *markdown) summary(d *Doc) {
	m.para("# ", escape(d.Title))
	for _, s := range d.Takeaways {
		m.para("**", escape(s), "**")
	}
	if s := d.validity(); s != "" {
		m.para("**", escape(s), "**")
	}
	if d.Runs == 0 {
		return
	}
	m.para(escape(d.provenance()))
	m.para("## Summary")
	for _, g := range d.Groups {
		m.para("### ", upperFirst(g.loopTitle()), ", ", g.LatencyName())
		m.para(upperFirst(g.means()), ". ", escape(joinNonEmpty(" · ", g.Common(), g.repeatWords())), ".")
		t, words := summaryTable(g, wide)
		m.table(t)
		for _, w := range append(words, g.targets()...) {
			m.para(escape(w))
		}
		for _, c := range g.Cells {
			if stages := c.Sources[0].Run.Stages; len(stages) > 0 {
				m.para("Stages of ", escape(c.Name), ":")
				m.table(stageTable(g.Loop, stages))
			}
		}
	}
}

// wide is a width that no table reaches.
const wide = 1 << 20

// table writes a text table; bars stay away, for they need a fixed pitch.
func (m *markdown) table(t *textTable) {
	keep := make([]bool, len(t.columns))
	heads, rules := "|", "|"
	for i, c := range t.columns {
		if keep[i] = c.head != ""; !keep[i] {
			continue
		}
		heads += " " + escape(c.head) + " |"
		if c.right {
			rules += "---:|"
		} else {
			rules += "---|"
		}
	}
	m.line(heads)
	m.line(rules)
	for _, row := range t.rows {
		s := "|"
		for i, e := range row {
			if keep[i] {
				s += " " + escape(e.text) + " |"
			}
		}
		m.line(s)
	}
	m.line()
}

func (m *markdown) findings(d *Doc) {
	m.para("## Verdicts and warnings")
	if len(d.Findings) == 0 {
		m.para("Every run is valid, and there is no warning.")
		return
	}
	for _, kind := range []FindingKind{VerdictFinding, ThresholdFinding, WarningFinding} {
		first := true
		for _, f := range d.Findings {
			if f.Kind != kind {
				continue
			}
			if first {
				m.para("**", findingHead(kind), "**")
				first = false
			}
			lead, _ := f.lead()
			m.line("- **", escape(lead), "** ", escape(f.where()+f.says()))
		}
		if !first {
			m.line()
		}
	}
}

func (m *markdown) charts(d *Doc) {
	charts, nothing := d.Charts(), silent(d.Groups)
	if len(charts) == 0 && len(nothing) == 0 {
		return
	}
	m.para("## Charts")
	if len(nothing) > 0 {
		m.para("Nothing arrived in ", escape(strings.Join(nothing, ", ")), ", so there is nothing to draw over time.")
	}
	for _, c := range charts {
		file := path.Join(ChartDir, c.Name+".svg")
		m.para("![", escape(c.Title), "](", file, ")")
	}
}

// escape keeps what Markdown would take for markup as it is.
func escape(s string) string {
	r := strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "[", `\[`, "\n", " ")
	return r.Replace(s)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
