package report

import (
	"fmt"
	"math"
	"strings"

	"zbench/results"
)

// field is a figure of a cell in the summary: what it shows, and below it
// what it says of the repeats.
type field struct {
	column
	main, spread func(*Cell) entry
}

// summaryTable has one row per cell, a second one where it has repeats, and
// below them words that explain what stands for a figure.
func summaryTable(g *Group, width int) (t *textTable, words []string) {
	t = &textTable{}
	for _, d := range g.vary {
		t.columns = append(t.columns, column{head: d.head, right: d.figure(), name: true})
	}
	fields := summaryFields(g)
	for _, f := range fields {
		t.columns = append(t.columns, f.column)
	}
	for _, c := range g.Cells {
		t.rows = append(t.rows, row(c.Values, c, fields, func(f field) entry { return f.main(c) }))
		if len(c.Sources) > 1 {
			t.rows = append(t.rows, row(make([]string, len(c.Values)), c, fields, func(f field) entry { return f.spread(c) }))
		}
	}
	var hidden []string
	for _, head := range t.fit(width) {
		if head != "" && (head != "lost" || !g.flawless()) {
			hidden = append(hidden, head)
		}
	}
	if g.flawless() {
		words = append(words, g.judged()...)
	}
	if s := g.unsent(); s != "" {
		words = append(words, s)
	}
	for _, c := range g.Cells {
		if c.sentOnly() {
			words = append(words, "sent: what arrived is known at the peer alone.")
			break
		}
	}
	if len(hidden) > 0 {
		words = append(words, "Left out for want of width: "+strings.Join(hidden, ", ")+".")
	}
	return t, append(words, t.explain()...)
}

func row(values []string, c *Cell, fields []field, of func(field) entry) []entry {
	var r []entry
	for _, v := range values {
		r = append(r, entry{text: v})
	}
	for _, f := range fields {
		r = append(r, of(f))
	}
	return r
}

// explain gives the meaning of the words that stand for figures in t.
func (t *textTable) explain() (words []string) {
	for _, m := range missing {
		if t.mentions(m.short) {
			words = append(words, m.short+": "+m.means+".")
		}
	}
	return words
}

func (t *textTable) mentions(word string) bool {
	for _, row := range t.rows {
		for i, e := range row {
			if t.columns[i].right && (e.text == word || strings.HasSuffix(e.text, "–"+word)) {
				return true
			}
		}
	}
	return false
}

// unsent says how many messages were due and never sent; "" where none was.
func (g *Group) unsent() string {
	var unsent, offered uint64
	for _, c := range g.Cells {
		unsent, offered = unsent+c.Total.Unsent, offered+c.Total.Offered
	}
	if unsent == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s messages that were due were never sent.", Count(unsent), Count(offered))
}

// flawless reports whether every message of every run came once and whole.
func (g *Group) flawless() bool {
	for _, c := range g.Cells {
		if t := c.Total; t.Expected == 0 || t.Lost+t.Duplicated+t.Reordered+t.Corrupted+t.Unmatched > 0 {
			return false
		}
	}
	return true
}

// The order in which columns give way where the width does not suffice.
const (
	dropP99 = iota + 1
	dropP50
	dropLost
	dropDelivered
	dropP999
	dropMax
	dropFlawless
	dropBar
)

func summaryFields(g *Group) []field {
	fields := []field{{column{head: "rate", right: true}, rateEntry,
		func(c *Cell) entry { return entry{c.rateOrSent().span(rateUnit), faint} }}}
	fan := false
	for _, c := range g.Cells {
		fan = fan || c.Delivered.Known()
	}
	if fan {
		fields = append(fields, rateField("delivered", dropDelivered, deliveredOrRate))
	}
	if len(g.Cells) > 1 && !g.Loop.Scheduled() {
		fields = append(fields, barField(g))
	}
	lost := column{head: "lost", right: true, drop: dropLost}
	if g.flawless() {
		lost.drop = dropFlawless
	}
	return append(fields,
		timeField("p50", dropP50, func(c *Cell) Quantity { return c.Latency.P50 }),
		timeField("p99", dropP99, func(c *Cell) Quantity { return c.Latency.P99 }),
		timeField("p99.9", dropP999, func(c *Cell) Quantity { return c.Latency.P999 }),
		timeField("max", dropMax, func(c *Cell) Quantity { return c.Latency.Max }),
		field{lost, lostEntry, noEntry},
		field{column{head: "verdict", name: true}, verdictEntry, runsEntry})
}

func noEntry(*Cell) entry { return entry{} }

func rateField(head string, drop int, of func(*Cell) Quantity) field {
	return field{column{head: head, right: true, drop: drop},
		func(c *Cell) entry { return entry{text: of(c).in(Rate)} },
		func(c *Cell) entry { return entry{of(c).span(rateUnit), faint} }}
}

// rateEntry is the rate of what arrived, or where only the peer knows that,
// named as such, of what was sent.
func rateEntry(c *Cell) entry {
	if c.sentOnly() {
		return entry{text: "sent " + c.Sent.in(Rate)}
	}
	return entry{text: c.Rate.in(Rate)}
}

// sentOnly reports whether what arrived is known at somebody else's peer alone.
func (c *Cell) sentOnly() bool { return !c.Rate.Known() && c.Sent.Known() }

func (c *Cell) rateOrSent() Quantity {
	if c.sentOnly() {
		return c.Sent
	}
	return c.Rate
}

func timeField(head string, drop int, of func(*Cell) Quantity) field {
	return field{column{head: head, right: true, drop: drop},
		func(c *Cell) entry { return entry{text: of(c).in(Duration)} },
		func(c *Cell) entry { return entry{of(c).span(durationUnit), faint} }}
}

// lostEntry is the share of all deliveries that never came.
func lostEntry(c *Cell) entry {
	t := c.Total
	switch {
	case t.Expected == 0:
		return entry{text: missingText("not_measured")}
	case t.Lost == 0:
		return entry{text: "0"}
	}
	return entry{Percent(float64(t.Lost) / float64(t.Expected)), bad}
}

func verdictEntry(c *Cell) entry {
	if c.Verdict == results.Valid {
		return entry{"valid", good}
	}
	return entry{verdictText(c.Verdict), bad}
}

func runsEntry(c *Cell) entry {
	n := len(c.Sources)
	if c.Invalid > 0 && c.Invalid < n {
		return entry{fmt.Sprintf("%d of %d runs", c.Invalid, n), faint}
	}
	return entry{plural(n, "run"), faint}
}

// barField draws the rates beside each other, to one scale.
func barField(g *Group) field {
	const width = 10
	most := 0.0
	for _, c := range g.Cells {
		if c.Rate.Known() {
			most = max(most, c.Rate.Median)
		}
	}
	return field{column{drop: dropBar}, func(c *Cell) entry {
		if !c.Rate.Known() || most == 0 {
			return entry{}
		}
		return entry{text: bar(c.Rate.Median/most, width)}
	}, noEntry}
}

// bar is a fraction of width columns in eighths, at least one of them.
func bar(fraction float64, width int) string {
	eighths := []rune("▏▎▍▌▋▊▉█")
	n := max(1, int(math.Round(fraction*float64(width)*8)))
	s := strings.Repeat("█", n/8)
	if n%8 > 0 {
		s += string(eighths[n%8-1])
	}
	return s
}
