package report

import (
	"fmt"
	"strings"

	"zbench/results"
)

// takeaway says what the group shows, in one plain sentence. Only cells whose
// runs are all valid are compared.
func takeaway(g *Group) string {
	if len(g.Cells) == 1 {
		return takeawayOne(g)
	}
	if g.sweepsRate() {
		return takeawaySweep(g)
	}
	m := g.metric()
	usable := m.usable(g.Cells)
	switch len(usable) {
	case 0:
		return fmt.Sprintf("%s: no cell can be compared, for none is valid and measured.", g.LoopName())
	case 1:
		return fmt.Sprintf("Only %s is valid and measured: %s.", usable[0].Name, m.say(usable[0]))
	}
	for _, key := range []string{"engine", "transport"} {
		if s := takeawayBy(g, m, usable, key); s != "" {
			return s
		}
	}
	return takeawayExtremes(g, m, usable)
}

// takeaways are those of all groups, the ones that compare cells first.
func takeaways(groups []*Group) []string {
	var compared, single []string
	for _, g := range groups {
		s := g.Takeaway
		if len(groups) > 1 {
			s = g.LoopName() + ": " + s
		}
		if len(g.Cells) > 1 {
			compared = append(compared, s)
		} else {
			single = append(single, s)
		}
	}
	return append(compared, single...)
}

// leastRatio is that from which a difference is worth a word.
const leastRatio = 1.05

// metric is what the cells of a group are compared by.
type metric struct {
	of     func(*Cell) Quantity
	text   func(float64) string
	higher bool // is better
	verb   string
	what   string
}

func (g *Group) metric() metric {
	if g.Loop.Scheduled() {
		return metric{of: func(c *Cell) Quantity { return c.Latency.P99 }, text: Duration, verb: "has", what: "p99 response time"}
	}
	for _, c := range g.Cells {
		if c.Delivered.Known() {
			return metric{of: deliveredOrRate, text: Rate, higher: true, verb: "delivers", what: "the messages"}
		}
	}
	return metric{of: func(c *Cell) Quantity { return c.Rate }, text: Rate, higher: true, verb: "moves", what: "the messages"}
}

// deliveredOrRate counts deliveries: of a fan-out over all its subscribers.
func deliveredOrRate(c *Cell) Quantity {
	if c.Delivered.Known() {
		return c.Delivered
	}
	return c.Rate
}

func (m metric) usable(cells []*Cell) []*Cell {
	var ok []*Cell
	for _, c := range withoutFloor(cells) {
		if q := m.of(c); c.Verdict == results.Valid && q.Known() && q.Median > 0 {
			ok = append(ok, c)
		}
	}
	return ok
}

// withoutFloor leaves out the engine that only shows what the harness costs,
// unless there is no other.
func withoutFloor(cells []*Cell) []*Cell {
	var others []*Cell
	for _, c := range cells {
		if c.Engine != "null" {
			others = append(others, c)
		}
	}
	if len(others) == 0 {
		return cells
	}
	return others
}

func (m metric) say(c *Cell) string {
	if m.higher {
		return m.text(m.of(c).Median)
	}
	return "p99 " + m.text(m.of(c).Median)
}

// split returns the better and the worse of two cells, and whether the ranges
// of their runs are apart.
func (m metric) split(a, b *Cell) (better, worse *Cell, apart bool) {
	better, worse = a, b
	if (m.of(a).Median < m.of(b).Median) == m.higher {
		better, worse = b, a
	}
	low, high := m.of(worse), m.of(better)
	if !m.higher {
		low, high = high, low
	}
	return better, worse, low.Max < high.Min
}

// ratio is the greater median over the smaller one.
func (m metric) ratio(a, b *Cell) float64 {
	x, y := m.of(a).Median, m.of(b).Median
	return max(x, y) / min(x, y)
}

// takeawayOne describes a single cell.
func takeawayOne(g *Group) string {
	c := g.Cells[0]
	where := fmt.Sprintf("%s over %s, %s", c.Pattern, c.Transport, Size(c.Size))
	if c.Verdict != results.Valid {
		return fmt.Sprintf("%s: not valid (%s).", where, verdictText(c.Verdict))
	}
	if c.sentOnly() {
		return fmt.Sprintf("%s: sent %s; what arrived is known at the peer alone.", where, c.Sent.in(Rate))
	}
	parts := []string{c.Rate.in(Rate)}
	if c.Delivered.Known() {
		parts = append(parts, Rate(c.Delivered.Median)+" delivered")
	}
	if q := c.Latency.P50; q.Known() {
		parts = append(parts, "p50 "+Duration(q.Median))
	}
	if q := c.Latency.P99; q.Known() {
		parts = append(parts, "p99 "+Duration(q.Median))
	}
	parts = append(parts, c.lostWords())
	return fmt.Sprintf("%s: %s.", where, strings.Join(parts, ", "))
}

func (c *Cell) lostWords() string {
	switch a := c.Total; {
	case c.Subscribe != "" && c.Sources[0].Run.Latency.MatchedBy == "none":
		return "what was lost on the way is not known"
	case a.Expected == 0:
		return "what arrived is known at the peer alone"
	case a.Lost == 0:
		return "nothing lost"
	default:
		return Count(a.Lost) + " of " + Count(a.Expected) + " lost"
	}
}

// takeawayExtremes names the best and the worst of all cells.
func takeawayExtremes(g *Group, m metric, cells []*Cell) string {
	best, worst := cells[0], cells[0]
	for _, c := range cells[1:] {
		if better, _, _ := m.split(best, c); better == c {
			best = c
		}
		if _, w, _ := m.split(worst, c); w == c {
			worst = c
		}
	}
	label := func(c *Cell) string { return c.label(g.vary) }
	if _, _, apart := m.split(best, worst); !apart || m.ratio(best, worst) < leastRatio {
		return fmt.Sprintf("No clear difference: all of %d cells lie between %s and %s%s.", len(cells),
			m.say(worst), m.say(best), once(cells))
	}
	if m.higher {
		return fmt.Sprintf("Most messages: %s, %s; fewest: %s, %s%s.", label(best), m.say(best), label(worst), m.say(worst), once(cells))
	}
	return fmt.Sprintf("Quickest: %s, %s; slowest: %s, %s%s.", label(best), m.say(best), label(worst), m.say(worst), once(cells))
}

// once warns that a comparison stands on one run each.
func once(cells []*Cell) string {
	for _, c := range cells {
		if len(c.Sources) > 1 {
			return ""
		}
	}
	return " (one run each)"
}
