package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

const (
	mostBars = 36
	// dotsFrom is the ratio of rates from which bars would hide the small
	// ones: dots on a logarithmic axis take their place.
	dotsFrom = 40
)

// throughputCharts compare rates: bars grouped by what is best compared
// side by side. A load by schedule decides its rate by itself, so that there
// is nothing to compare unless it was missed; where the rate is swept the
// charts of latency against it say so.
func throughputCharts(g *Group) []Chart {
	if g.Loop.Scheduled() && (g.sweepsRate() || !g.missesRate()) {
		return nil
	}
	var cells []*Cell
	for _, c := range g.Cells {
		if c.Rate.Known() && c.Rate.Median > 0 {
			cells = append(cells, c)
		}
	}
	if len(cells) < 2 {
		return nil
	}
	var charts []Chart
	for _, part := range barPages(cells) {
		charts = append(charts, newChart("throughput", g, part, throughputFigure(g, part)))
	}
	return charts
}

func (g *Group) missesRate() bool {
	for _, c := range g.Cells {
		if c.Offered.Known() && c.Rate.Known() && c.Rate.Median < 0.98*c.Offered.Median {
			return true
		}
	}
	return false
}

// barPages parts cells where one chart would be too long, whole categories
// together.
func barPages(cells []*Cell) [][]*Cell {
	series, _ := seriesDimension(cells)
	var others []dimension
	for _, d := range varying(cells) {
		if d.key != series.key {
			others = append(others, d)
		}
	}
	var pages [][]*Cell
	var page []*Cell
	for _, category := range partition(cells, others) {
		if len(page) > 0 && len(page)+len(category) > mostBars {
			pages = append(pages, page)
			page = nil
		}
		page = append(page, category...)
	}
	return append(pages, page)
}

// seriesDimension is what gives bars their colour: engine or transport where
// that leaves categories to group by.
func seriesDimension(cells []*Cell) (d dimension, ok bool) {
	vary := varying(cells)
	if len(vary) < 2 {
		return dimension{}, false
	}
	for _, key := range []string{"engine", "transport", "peers", "clients", "size", "window"} {
		for _, v := range vary {
			if v.key == key && len(partition(cells, []dimension{v})) <= len(hues) {
				return v, true
			}
		}
	}
	return dimension{}, false
}

func throughputFigure(g *Group, cells []*Cell) *figure {
	b := layBars(g, cells)
	title, what := "Messages per second", "rate of messages"
	if b.delivered {
		title, what = "Deliveries per second", "deliveries over all subscribers"
	}
	f := &figure{
		title:      title + byWords(cells),
		subtitle:   about(g, cells, runsNote(cells, "median of up to %d runs, whiskers from least to most")),
		bodyHeight: b.height(),
	}
	for i, name := range b.series {
		if b.bySeries() {
			f.legend = append(f.legend, b.entry(i, name))
		}
	}
	if b.flagged {
		e := legendEntry{text: "not valid", box: faded(inkAxis, 60), edge: inkAxis}
		if m := hollow(marker(0, inkAxis)); b.log {
			e = legendEntry{text: "not valid", mark: &m}
		}
		f.legend = append(f.legend, e)
	}
	if b.log {
		f.note = "The rates lie so far apart that the axis is logarithmic: each step to the right is a multiple."
	}
	f.body = func(c draw.Canvas) {
		p := newPlot(what, "")
		b.axes(p)
		grid(p, true, false)
		p.Add(b)
		p.Draw(c)
	}
	return f
}

// entry is the legend's for one series.
func (b *bars) entry(i int, name string) legendEntry {
	col := hue(b.colors[i])
	if b.log {
		m := marker(i, col)
		return legendEntry{text: name, mark: &m}
	}
	return legendEntry{text: name, box: col}
}

// byWords names the one or two dimensions that a chart compares.
func byWords(cells []*Cell) string {
	vary := varying(cells)
	switch len(vary) {
	case 1:
		return " by " + vary[0].head
	case 2:
		return " by " + vary[0].head + " and " + vary[1].head
	}
	return ""
}

// axes sets the plot up for the bars.
func (b *bars) axes(p *plot.Plot) {
	p.Y.Min, p.Y.Max = -b.length(), float64(categoryGap/barHeight)
	p.Y.Tick.Marker = plot.ConstantTicks(b.ticks())
	p.Y.Tick.Length = 0
	p.Y.LineStyle.Width = 0
	p.X.Min, p.X.Max = b.rangeOfRates()
	p.X.Tick.Marker = linearTicks{rateTick, 8}
	if b.log {
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = logTicks{rateTick}
	}
}
