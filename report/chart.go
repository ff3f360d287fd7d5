package report

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// Chart is a picture that the Doc can be drawn as.
type Chart struct {
	Name    string // of its files, without the ending
	Title   string
	Caption string // what is seen, in a sentence
	figure  *figure
}

// Draw draws the chart on a canvas of its size.
func (c Chart) Draw(canvas draw.Canvas) { c.figure.draw(canvas) }

// Charts are all charts for which the Doc has the data. None is empty.
func (d *Doc) Charts() []Chart {
	var all []Chart
	for _, g := range d.Groups {
		all = append(all, throughputCharts(g)...)
		all = append(all, rateCharts(g)...)
		all = append(all, percentileCharts(g)...)
		all = append(all, distributionCharts(g)...)
	}
	for _, g := range d.Groups {
		all = append(all, timeCharts(g)...)
	}
	taken := map[string]int{}
	for i := range all {
		name := all[i].Name
		if taken[name]++; taken[name] > 1 {
			all[i].Name = fmt.Sprintf("%s-%d", name, taken[name])
		}
	}
	return all
}

// newChart names a chart by what it shows, the experiment and the cells.
func newChart(what string, g *Group, cells []*Cell, f *figure) Chart {
	words := []string{what, g.LoopName()}
	if g.Latency != "none" {
		words = append(words, strings.ReplaceAll(g.Latency, "_", " "))
	}
	name := slug(append(words, bundleWords(g, cells))...)
	return Chart{Name: name, Title: f.title, Caption: f.subtitle, figure: f}
}

// bundleWords says what cells have in common that the group has not.
func bundleWords(g *Group, cells []*Cell) string {
	inner := varying(cells)
	var shared []dimension
next:
	for _, d := range g.vary {
		for _, i := range inner {
			if i.key == d.key {
				continue next
			}
		}
		shared = append(shared, d)
	}
	return cells[0].label(shared)
}

// about is the subtitle: what all cells of a chart share, and more words.
func about(g *Group, cells []*Cell, more ...string) string {
	return joinNonEmpty(" · ", append([]string{g.loopTitle(), cells[0].describe(varying(cells))}, more...)...)
}

// splitOrder is by which dimension cells are parted where one chart cannot
// take them all and several would make as few charts; what is best compared in
// one chart comes last.
var splitOrder = [...]string{"size", "frames", "payload", "arrival", "stages", "window", "topics", "peers",
	"clients", "connections", "middles", "hwm", "placement", "host", "transport", "engine", "rate"}

// bundles parts cells into charts of at most n: by pattern first, then by the
// dimension that makes the fewest charts, and at last by number.
func bundles(cells []*Cell, n int) [][]*Cell {
	if len(cells) == 0 {
		return nil
	}
	if len(cells) <= n {
		return [][]*Cell{cells}
	}
	vary := varying(cells)
	if vary[0].key == "pattern" {
		return splitBy(cells, vary[0], n)
	}
	if len(vary) == 1 {
		return chunks(cells, n)
	}
	var best [][]*Cell
	for _, key := range splitOrder {
		for _, d := range vary {
			if d.key != key {
				continue
			}
			if all := splitBy(cells, d, n); best == nil || len(all) < len(best) {
				best = all
			}
		}
	}
	if best == nil {
		return chunks(cells, n)
	}
	return best
}

func splitBy(cells []*Cell, d dimension, n int) [][]*Cell {
	var all [][]*Cell
	for _, part := range partition(cells, []dimension{d}) {
		all = append(all, bundles(part, n)...)
	}
	return all
}

// chunks parts cells by number, as evenly as can be.
func chunks(cells []*Cell, n int) [][]*Cell {
	parts := (len(cells) + n - 1) / n
	var all [][]*Cell
	for i := range parts {
		all = append(all, cells[i*len(cells)/parts:(i+1)*len(cells)/parts])
	}
	return all
}

// labels are what tells the cells of one chart apart, with their verdicts
// where they are not valid.
func labels(cells []*Cell) []string {
	vary := varying(cells)
	names := make([]string, len(cells))
	for i, c := range cells {
		name := c.label(vary)
		if len(vary) == 0 {
			name = c.short("")
		}
		names[i] = c.flagged(name)
	}
	return names
}

// seriesIndex gives the i-th cell of a chart its colour: the place of its
// value among all of the group's where one dimension tells the cells apart, so
// that it keeps its colour from chart to chart; else its number.
func seriesIndex(g *Group, cells []*Cell, i int) int {
	vary := varying(cells)
	if len(vary) != 1 {
		return i
	}
	if n, all := placeAmong(g.Cells, vary[0], cells[i]); all <= len(hues) {
		return n
	}
	return i
}

// placeAmong is the place of c's value among those of the cells, and how many
// there are.
func placeAmong(cells []*Cell, d dimension, c *Cell) (place, all int) {
	for i, part := range partition(cells, []dimension{d}) {
		if d.text(part[0]) == d.text(c) {
			place = i
		}
		all++
	}
	return place, all
}

// runsNote says what the repeats of a chart's cells stand for.
func runsNote(cells []*Cell, several string) string {
	most := 0
	for _, c := range cells {
		most = max(most, len(c.Sources))
	}
	switch {
	case most <= 1 && len(cells) == 1:
		return "one run"
	case most <= 1:
		return "one run each"
	}
	return fmt.Sprintf(several, most)
}
