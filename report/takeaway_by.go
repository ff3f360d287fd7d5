package report

import (
	"fmt"
	"sort"
	"strings"

	"zbench/results"
)

// takeawayBy compares along one dimension, pair by pair where all else is
// equal: the winner with the baseline, which is the first by order, or the
// worst where the baseline wins. "" where nothing can be paired or where one
// sentence cannot say it.
func takeawayBy(g *Group, m metric, cells []*Cell, key string) string {
	rows := pairUp(g, cells, key)
	if len(rows) == 0 {
		return ""
	}
	if len(rows) == 1 {
		return takeawayRow(g, m, rows[0], key)
	}
	winner, loser := "", ""
	low, high := 0.0, 0.0
	for i, row := range rows {
		best, base := m.bestAndBase(row)
		w, l := best.value(key), base.value(key)
		if i > 0 && (w != winner || l != loser) {
			return ""
		}
		r := m.ratio(best, base)
		if i == 0 {
			winner, loser, low, high = w, l, r, r
		}
		low, high = min(low, r), max(high, r)
		if _, _, apart := m.split(best, base); !apart {
			return ""
		}
	}
	span := Ratio(low)
	if hi := Ratio(high); hi != span {
		span = strings.TrimSuffix(span, " ×") + " to " + hi
	}
	if m.higher {
		return fmt.Sprintf("%s %s %s %s of %s in %s%s.", winner, m.verb, span, m.what, loser, rowsWords(g, len(rows), key), once(cells))
	}
	return fmt.Sprintf("The %s of %s is %s that of %s in %s%s.", m.what, loser, span, winner, rowsWords(g, len(rows), key), once(cells))
}

// pairUp collects cells that differ in the dimension alone; only the longest rows,
// so that all say the same.
func pairUp(g *Group, cells []*Cell, key string) [][]*Cell {
	var others []dimension
	found := false
	for _, d := range g.vary {
		if d.key == key {
			found = true
		} else {
			others = append(others, d)
		}
	}
	if !found {
		return nil
	}
	var rows [][]*Cell
	most := 2
	for _, row := range partition(cells, others) {
		if len(row) > most {
			rows, most = nil, len(row)
		}
		if len(row) == most {
			rows = append(rows, row)
		}
	}
	return rows
}

// rowsWords says what the rows of pairUp are: "all 4 patterns".
func rowsWords(g *Group, n int, key string) string {
	noun := "comparison"
	if len(g.vary) == 2 {
		for _, d := range g.vary {
			if d.key != key && !strings.HasSuffix(d.key, "s") {
				noun = d.key
			}
		}
	}
	if n == 2 {
		return "both " + noun + "s"
	}
	return "all " + plural(n, noun)
}

// partition puts cells together that are equal in the given dimensions, in
// the order of their first.
func partition(cells []*Cell, by []dimension) [][]*Cell {
	var parts [][]*Cell
	index := map[string]int{}
	for _, c := range cells {
		var key strings.Builder
		for _, d := range by {
			key.WriteString(d.text(c))
			key.WriteByte(0)
		}
		i, ok := index[key.String()]
		if !ok {
			i = len(parts)
			index[key.String()] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], c)
	}
	return parts
}

func (m metric) bestAndBase(row []*Cell) (best, base *Cell) {
	best, base = row[0], row[0]
	for _, c := range row[1:] {
		if b, _, _ := m.split(best, c); b == c {
			best = c
		}
	}
	if best == base {
		for _, c := range row[1:] {
			if _, w, _ := m.split(base, c); w == c || base == best {
				base = c
			}
		}
	}
	return best, base
}

func takeawayRow(g *Group, m metric, row []*Cell, key string) string {
	best, base := m.bestAndBase(row)
	w, l := best.value(key), base.value(key)
	if _, _, apart := m.split(best, base); !apart || m.ratio(best, base) < leastRatio {
		return fmt.Sprintf("No clear difference between %s and %s: %s.", w, l, m.against(best, base, row, key))
	}
	if m.higher {
		return fmt.Sprintf("%s %s %s %s of %s: %s.", w, m.verb, Ratio(m.ratio(best, base)), m.what, l, m.against(best, base, row, key))
	}
	return fmt.Sprintf("The %s of %s is %s that of %s: %s.", m.what, l, Ratio(m.ratio(best, base)), w, m.against(base, best, row, key))
}

// against sets the figures of two cells of a row side by side.
func (m metric) against(a, b *Cell, row []*Cell, key string) string {
	return fmt.Sprintf("%s against %s (%s)%s", m.text(m.of(a).Median), m.text(m.of(b).Median), a.short(key), once(row))
}

// short is pattern, transport and size, but for the given dimension.
func (c *Cell) short(without string) string {
	var words []string
	for _, key := range []string{"pattern", "transport", "size"} {
		if key != without {
			words = append(words, c.value(key))
		}
	}
	return strings.Join(words, ", ")
}

// sweepsRate reports whether the offered rate is what the group varies.
func (g *Group) sweepsRate() bool {
	if !g.Loop.Scheduled() {
		return false
	}
	for _, line := range g.rateLines() {
		if len(line) >= 3 {
			return true
		}
	}
	return false
}

// rateLines are the cells that differ in nothing but the rate, by rate.
func (g *Group) rateLines() [][]*Cell {
	var others []dimension
	for _, d := range g.vary {
		if d.key != "rate" {
			others = append(others, d)
		}
	}
	lines := partition(g.Cells, others)
	for _, line := range lines {
		sort.SliceStable(line, func(i, j int) bool { return line[i].RateMsgsPerS < line[j].RateMsgsPerS })
	}
	return lines
}

// takeawaySweep says what each line holds before its first rate that is not
// valid.
func takeawaySweep(g *Group) string {
	var parts []string
	for _, line := range g.rateLines() {
		name := line[0].sweepName(g)
		var held, broke *Cell
		for _, c := range line {
			if c.Verdict == results.Valid {
				held, broke = c, nil
			} else if broke == nil {
				broke = c
			}
		}
		switch {
		case held == nil:
			parts = append(parts, fmt.Sprintf("%s is %s already at %s", name, verdictText(broke.Verdict), offeredText(broke)))
		case broke == nil:
			parts = append(parts, fmt.Sprintf("%s holds all of %s%s", name, offeredText(held), withP99(held)))
		default:
			parts = append(parts, fmt.Sprintf("%s holds %s%s and is %s at %s", name, offeredText(held), withP99(held), verdictText(broke.Verdict), offeredText(broke)))
		}
	}
	const most = 3
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", len(parts)-most))
	}
	return strings.Join(parts, "; ") + "."
}

func withP99(c *Cell) string {
	if !c.Latency.P99.Known() {
		return ""
	}
	return " with p99 " + Duration(c.Latency.P99.Median)
}

// sweepName is what tells a line of the sweep from the others.
func (c *Cell) sweepName(g *Group) string {
	var ds []dimension
	for _, d := range g.vary {
		if d.key != "rate" {
			ds = append(ds, d)
		}
	}
	return c.name(ds)
}
