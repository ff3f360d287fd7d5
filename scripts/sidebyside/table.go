package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"zbench/scripts/spread"
)

// references are the contenders beside whom the others are shown, of those who
// played the cell.
func (m measurement) references() []string {
	var names []string
	for _, name := range []string{"libzmq", "plain-c", "plain", "go-zeromq", beforeName} {
		if m.find(name) != nil && !(m.cell.paced() && name == "go-zeromq") {
			names = append(names, name)
		}
	}
	return names
}

func writeHead(w io.Writer, d *document) {
	var who []string
	for _, c := range d.Contenders {
		who = append(who, c.Name+" ("+c.Version+")")
	}
	fmt.Fprintf(w, "%s\n%d rounds of about %v a run, %d cores, %s, load average before %.2f\n",
		strings.Join(who, ", "), d.Rounds, d.duration, d.Host.Cores, d.Host.Go, d.Host.LoadAverage[0])
}

// writeCell shows one cell: by each metric a line for each contender, and what
// is wanted.
func writeCell(w io.Writer, m measurement) {
	for _, one := range m.each() {
		fmt.Fprintf(w, "\n%s, %s\n", m.cell.name, one.metric.title())
		one.writeTable(w)
		writeWants(w, one)
	}
	writeNotes(w, m)
}

func (m measurement) writeTable(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\tmedian\tmin\tmax\trounds\t")
	for _, to := range m.references() {
		fmt.Fprintf(t, "%s %s\t", m.metric.sign(), to)
	}
	fmt.Fprintln(t)
	for _, s := range m.series {
		v := spread.Of(s.values[m.metric])
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t", s.contender, m.metric.format(v.Median), m.metric.format(v.Min), m.metric.format(v.Max), v.N)
		for _, to := range m.references() {
			text := "–"
			if to != s.contender {
				text = m.metric.formatCompared(m.compared(s.contender, to).Median)
			}
			fmt.Fprintf(t, "%s\t", text)
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // the writer below keeps no error; stdout that is gone ends us
}

// writeWants sets what was found beside what is wanted.
func writeWants(w io.Writer, m measurement) {
	for _, want := range m.wants {
		if found := m.compared(want.who(), want.against); found.N > 0 {
			format := m.metric.formatCompared
			fmt.Fprintf(w, "  wanted of %s: %s; found %s (%s to %s)\n", want.who(), want.text(m.metric),
				format(found.Median), format(found.Min), format(found.Max))
		}
	}
}

func (w want) text(m metric) string {
	bound := "at least"
	if m != rate {
		bound = "at most"
	}
	var parts []string
	if w.least > 0 {
		parts = append(parts, fmt.Sprintf("%s %s", bound, w.bound(m, w.least)))
	}
	if w.aim > 0 {
		parts = append(parts, fmt.Sprintf("aim %s", w.bound(m, w.aim)))
	}
	return strings.Join(parts, ", ")
}

func (w want) bound(m metric, v float64) string {
	if m.differs() {
		return fmt.Sprintf("%g µs more than %s", v/1e3, w.against)
	}
	return fmt.Sprintf("%g × %s", v, w.against)
}

// mostNotes of one contender are shown; the file has them all.
const mostNotes = 3

func writeNotes(w io.Writer, m measurement) {
	for _, s := range m.series {
		for i, note := range s.notes {
			if i == mostNotes {
				fmt.Fprintf(w, "  %s: %d more notes\n", s.contender, len(s.notes)-i)
				break
			}
			fmt.Fprintf(w, "  %s: %s\n", s.contender, note)
		}
	}
}

func (m metric) title() string {
	switch m {
	case roundTrip:
		return "round trip p50 (less is better)"
	case pacedP50:
		return "service time p50 (less is better)"
	case pacedP99:
		return "service time p99 (less is better)"
	}
	return "messages a second"
}

// sign stands before whom the others are compared with.
func (m metric) sign() string {
	if m.differs() {
		return "−"
	}
	return "×"
}

// format gives three digits and a unit.
func (m metric) format(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case m != rate:
		return spread.Digits(v/1e3) + " µs"
	case v >= 1e6:
		return spread.Digits(v/1e6) + " M"
	case v >= 1e3:
		return spread.Digits(v/1e3) + " k"
	}
	return spread.Digits(v)
}

// formatCompared gives three digits of a ratio, or a difference with its unit.
func (m metric) formatCompared(v float64) string {
	if m.differs() {
		return m.format(v)
	}
	return spread.Digits(v)
}
