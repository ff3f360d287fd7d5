package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"zbench/scripts/spread"
)

// metric is one of the figures of a run.
type metric struct {
	name string
	of   func(figures) float64
}

func service50() metric {
	return metric{"service p50", func(f figures) float64 { return f.service50 }}
}
func service99() metric {
	return metric{"service p99", func(f figures) float64 { return f.service99 }}
}
func response99() metric {
	return metric{"response p99", func(f figures) float64 { return f.response99 }}
}

// comparison is how a figure is set beside another: by how much it is more, by
// how many times, or by which factor it is off in either direction.
type comparison int

const (
	difference comparison = iota // ns
	ratio
	factor
)

func (c comparison) of(a, b float64) float64 {
	switch c {
	case difference:
		return a - b
	case factor:
		return max(a/b, b/a)
	}
	return a / b
}

func (c comparison) format(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case c == difference:
		return micro(v) + " µs"
	}
	return spread.Digits(v) + " ×"
}

// check is a figure of one subject, beside that of another, and the most that
// is wanted.
type check struct {
	name      string
	of, to    string // subjects
	metric    metric
	by        comparison
	most, aim float64 // 0: nothing is wanted; no aim
	every     bool    // wanted in every round, not of their median
	judged    bool    // a run that is not valid has said so, and counts as reached
}

// outcome is a check over all rounds.
type outcome struct {
	of, to, compared spread.Spread
	judged           spread.Spread // compared, where a figure that is missing is beyond all that is wanted
	valid            int           // runs of the subject
	runs             int
	word             string // reached, missed, or nothing
}

func (c check) outcome(all []round) outcome {
	var o outcome
	var of, to, compared, judged []float64
	for _, r := range all {
		a, ran := r[c.of]
		if !ran {
			a = noFigures()
		} else if o.runs++; a.valid() {
			o.valid++
		} else if c.judged {
			continue
		}
		b, ok := r[c.to]
		if !ok {
			b = noFigures()
		}
		x, y := c.metric.of(a), c.metric.of(b)
		z := c.by.of(x, y)
		of, to, compared = append(of, x), append(to, y), append(compared, z)
		if math.IsNaN(z) {
			z = math.Inf(1)
		}
		judged = append(judged, z)
	}
	o.of, o.to, o.compared, o.judged = spread.Of(of), spread.Of(to), spread.Of(compared), spread.Of(judged)
	o.word = c.word(o)
	return o
}

func (c check) word(o outcome) string {
	found := o.judged.Median
	if c.every {
		found = o.judged.Max
	}
	switch {
	case c.most == 0:
		return ""
	case found <= c.most, c.judged && o.runs > 0 && o.judged.N == 0:
		return "reached"
	}
	return "missed"
}

// writeTable prints a line for each check and counts those that were missed.
func writeTable(w io.Writer, title string, checks []check, all []round) (missed int) {
	fmt.Fprintf(w, "\n%s\n", title)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\t\tfigure\tfound\tbeside\tmedian\tmin\tmax\twanted\taim\tvalid")
	for _, c := range checks {
		o := c.outcome(all)
		if o.word == "missed" {
			missed++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d/%d\n", o.word, c.name, c.metric.name,
			difference.format(o.of.Median), difference.format(o.to.Median), c.by.format(o.compared.Median), c.by.format(o.compared.Min), c.by.format(o.compared.Max),
			c.wanted(), c.aimed(), o.valid, o.runs)
	}
	_ = t.Flush() // stdout that is gone ends us
	return missed
}

func (c check) wanted() string {
	if c.most == 0 {
		return "–"
	}
	text := "≤ " + c.by.format(c.most)
	if c.every {
		text += " each"
	}
	return text
}

func (c check) aimed() string {
	if c.aim == 0 {
		return "–"
	}
	return c.by.format(c.aim)
}

// micro gives ns in µs, with three digits.
func micro(ns float64) string { return spread.Digits(ns / 1e3) }
