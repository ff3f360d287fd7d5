package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// references are the contenders of whom the others are shown as multiples.
func references() []string { return []string{"libzmq", "plain", "go-zeromq"} }

func writeHead(w io.Writer, d *document) {
	var who []string
	for _, c := range d.Contenders {
		who = append(who, c.Name+" ("+c.Version+")")
	}
	fmt.Fprintf(w, "%s\n%d rounds of about %v a run, %d cores, %s, load average before %.2f\n",
		strings.Join(who, ", "), d.Rounds, d.duration, d.Host.Cores, d.Host.Go, d.Host.LoadAverage[0])
}

// writeCell shows one cell: a line for each contender, and what is wanted.
func writeCell(w io.Writer, m measurement) {
	fmt.Fprintf(w, "\n%s, %s\n", m.cell.name, m.cell.metric.title())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\tmedian\tmin\tmax\trounds\t")
	for _, to := range references() {
		fmt.Fprintf(t, "× %s\t", to)
	}
	fmt.Fprintln(t)
	for _, s := range m.series {
		v := newSpread(s.values)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t", s.contender, m.cell.metric.format(v.median), m.cell.metric.format(v.min), m.cell.metric.format(v.max), v.n)
		for _, to := range references() {
			text := "–"
			if to != s.contender {
				text = multiple(m.ratio(s.contender, to).median)
			}
			fmt.Fprintf(t, "%s\t", text)
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // the writer below keeps no error; stdout that is gone ends us
	writeWants(w, m)
	writeNotes(w, m)
}

// writeWants sets what was found beside what is wanted.
func writeWants(w io.Writer, m measurement) {
	for _, want := range m.cell.wants {
		if found := m.ratio(want.who(), want.against); found.n > 0 {
			fmt.Fprintf(w, "  wanted of %s: %s; found %s (%s to %s)\n", want.who(), want.text(m.cell.metric),
				multiple(found.median), multiple(found.min), multiple(found.max))
		}
	}
}

func (w want) text(m metric) string {
	bound := "at least"
	if m == roundTrip {
		bound = "at most"
	}
	var parts []string
	if w.least > 0 {
		parts = append(parts, fmt.Sprintf("%s %g × %s", bound, w.least, w.against))
	}
	if w.aim > 0 {
		parts = append(parts, fmt.Sprintf("aim %g × %s", w.aim, w.against))
	}
	return strings.Join(parts, ", ")
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
	if m == roundTrip {
		return "round trip p50 (less is better)"
	}
	return "messages a second"
}

// format gives three digits and a unit.
func (m metric) format(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case m == roundTrip:
		return digits(v/1e3) + " µs"
	case v >= 1e6:
		return digits(v/1e6) + " M"
	case v >= 1e3:
		return digits(v/1e3) + " k"
	}
	return digits(v)
}

func multiple(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return digits(v)
}

// digits rounds to three of them, and writes no exponent.
func digits(v float64) string {
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	return fmt.Sprintf("%.*f", min(max(decimals, 0), 6), v)
}
