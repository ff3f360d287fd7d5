package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

// mostLines is how many cells one chart of lines takes.
const mostLines = 6

// percentileCharts draw latency by percentile on the nines axis, a line a
// cell. Cells without a percentile that can be published are not in them.
func percentileCharts(g *Group) []Chart {
	var cells []*Cell
	for _, c := range g.Cells {
		if len(c.primaryCurve().points) > 1 {
			cells = append(cells, c)
		}
	}
	most := mostLines
	if g.Loop.Scheduled() {
		most = 4 // each has two lines
	}
	var charts []Chart
	for _, part := range bundles(cells, most) {
		charts = append(charts, newChart("percentiles", g, part, percentileFigure(g, part)))
	}
	return charts
}

func percentileFigure(g *Group, cells []*Cell) *figure {
	names := labels(cells)
	f := &figure{
		title:      "Latency by percentile" + titleOf(g, cells),
		subtitle:   about(g, cells, g.LatencyName(), runsNote(cells, "up to %d runs merged, whiskers from the least to the most of single runs")),
		note:       "A line ends where too few messages, or lost ones, forbid a percentile.",
		bodyHeight: 330,
	}
	p := newPlot("percentile of messages", "latency")
	low, high, last := math.Inf(1), 0.0, 0.0
	dashed := false
	grid(p, true, true)
	for i, c := range cells {
		n := seriesIndex(g, cells, i)
		solid := draw.LineStyle{Color: hue(n), Width: vg.Points(1.8)}
		mark := marker(n, hue(n))
		f.legend = append(f.legend, legendEntry{text: names[i], line: &solid, mark: &mark})
		if sv := c.serviceCurve(); len(sv.points) > 1 {
			dashed = true
			addCurve(p, sv, draw.LineStyle{Color: hue(n), Width: vg.Points(1.2), Dashes: dash()}, nil)
			low, high, last = sv.extent(low, high, last)
		}
		cv := c.primaryCurve()
		addCurve(p, cv, solid, &mark)
		low, high, last = cv.extent(low, high, last)
	}
	if dashed {
		thin := draw.LineStyle{Color: inkQuiet, Width: vg.Points(1.2), Dashes: dash()}
		f.legend = append(f.legend, legendEntry{text: "service time, dashed", line: &thin})
	}
	if len(f.legend) == 1 && cells[0].Verdict == results.Valid {
		f.legend = nil // the subtitle has said it
	}
	p.X.Min, p.X.Max = 0, nines(last)
	p.X.Tick.Marker = ninesTicks{}
	p.Y.Min, p.Y.Max = logRange(low, high)
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = logTicks{durationTick}
	f.body = p.Draw
	return f
}

// titleOf says which of the group's cells a chart is of.
func titleOf(g *Group, cells []*Cell) string {
	words := bundleWords(g, cells)
	if words == "" {
		words = cells[0].value("pattern")
		for _, c := range cells {
			if c.Pattern != cells[0].Pattern {
				return ""
			}
		}
	}
	return ": " + words
}

func (cv curve) extent(low, high, last float64) (float64, float64, float64) {
	for _, p := range cv.points {
		low, high, last = min(low, p.ns), max(high, p.ns), max(last, p.q)
	}
	for _, m := range cv.marks {
		low, high, last = min(low, m.all.Min), max(high, m.all.Max), max(last, m.q)
	}
	return max(low, 1), high, last
}

// addCurve draws a curve and, where mark is not nil, its published
// percentiles.
func addCurve(p *plot.Plot, cv curve, sty draw.LineStyle, mark *draw.GlyphStyle) {
	line := make(plotter.XYs, len(cv.points))
	for i, pt := range cv.points {
		line[i] = plotter.XY{X: nines(pt.q), Y: pt.ns}
	}
	p.Add(&plotter.Line{XYs: line, LineStyle: sty})
	if mark != nil {
		p.Add(&marks{at: cv.marks, sty: *mark})
	}
}

// marks are glyphs on a curve with whiskers over the repeats: a plot.Plotter.
type marks struct {
	at  []quantileMark
	sty draw.GlyphStyle
}

// Plot draws them; it is of plot.Plotter.
func (m *marks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := draw.LineStyle{Color: m.sty.Color, Width: 1}
	for _, q := range m.at {
		at := vg.Point{X: x(nines(q.q)), Y: y(q.all.Median)}
		if q.all.Spread() && q.all.Min > 0 {
			low, high := y(q.all.Min), y(q.all.Max)
			c.StrokeLine2(line, at.X, low, at.X, high)
			c.StrokeLine2(line, at.X-3, low, at.X+3, low)
			c.StrokeLine2(line, at.X-3, high, at.X+3, high)
		}
		c.DrawGlyphNoClip(m.sty, at)
	}
}
