package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostRidges is how many distributions one chart takes.
const mostRidges = 12

// distributionCharts draw the shape of latency, a ridge a cell, where
// histograms are at hand.
func distributionCharts(g *Group) []Chart {
	var cells []*Cell
	for _, c := range g.Cells {
		if h := c.merged(Source.histogram); h != nil && h.TotalCount() >= 100 {
			cells = append(cells, c)
		}
	}
	var charts []Chart
	for _, part := range bundles(cells, mostRidges) {
		charts = append(charts, newChart("distribution", g, part, distributionFigure(g, part)))
	}
	return charts
}

func distributionFigure(g *Group, cells []*Cell) *figure {
	r := &ridges{}
	names := labels(cells)
	low, high := math.Inf(1), 0.0
	series, grouped := seriesDimension(cells)
	for i, c := range cells {
		h := c.merged(Source.histogram)
		n := seriesIndex(g, cells, i)
		if grouped {
			n, _ = placeAmong(cells, series, c)
		}
		rg := ridge{density: newDensity(h), name: names[i], color: hue(n), p50: c.Latency.P50, p99: c.Latency.P99}
		low, high = min(low, rg.density.edge(0)), max(high, rg.density.edge(len(rg.density.shares)))
		r.all = append(r.all, rg)
	}
	solid := draw.LineStyle{Color: inkText, Width: vg.Points(1.4)}
	dashed := draw.LineStyle{Color: inkText, Width: vg.Points(1.4), Dashes: dots()}
	f := &figure{
		title:      "Distribution of latency" + titleOf(g, cells),
		subtitle:   about(g, cells, g.LatencyName(), runsNote(cells, "up to %d runs merged")),
		legend:     []legendEntry{{text: "p50", line: &solid}, {text: "p99", line: &dashed}},
		note:       "Height: share of messages, each to its own peak. Messages that never arrived are not in it.",
		bodyHeight: ridgeHeight*vg.Length(len(cells)) + 60,
	}
	p := newPlot("latency", "")
	p.X.Min, p.X.Max = logRange(low, high)
	p.X.Scale = plot.LogScale{}
	p.X.Tick.Marker = logTicks{durationTick}
	p.Y.Min, p.Y.Max = -float64(len(cells))+1-0.08, 1.05
	p.Y.Tick.Marker = plot.ConstantTicks(r.ticks())
	p.Y.Tick.Length = 0
	p.Y.LineStyle.Width = 0
	grid(p, true, false)
	p.Add(r)
	f.body = p.Draw
	return f
}

const ridgeHeight vg.Length = 46

// ridges are densities one above the other: a plot.Plotter.
type ridges struct{ all []ridge }

type ridge struct {
	density  density
	name     string
	color    color.NRGBA
	p50, p99 Quantity
}

func (r *ridges) ticks() []plot.Tick {
	const widest = 170
	var ticks []plot.Tick
	for i, rg := range r.all {
		lines := wrapText(rg.name, tickStyle(), widest)
		const most = 3
		if len(lines) > most {
			lines = append(lines[:most-1], cutText(lines[most-1]+" …", tickStyle(), widest))
		}
		ticks = append(ticks, plot.Tick{Value: -float64(i) + 0.4, Label: join(lines)})
	}
	return ticks
}

func join(lines []string) string {
	s := ""
	for i, l := range lines {
		if i > 0 {
			s += "\n"
		}
		s += l
	}
	return s
}

// Plot draws the ridges; it is of plot.Plotter.
func (r *ridges) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, rg := range r.all {
		base := -float64(i)
		c.StrokeLine2(draw.LineStyle{Color: inkAxis, Width: 0.7}, c.Min.X, y(base), c.Max.X, y(base))
		rg.draw(c, x, func(share float64) vg.Length { return y(base + 0.88*share/rg.density.peak()) })
		rg.line(c, x, y(base), y(base+0.92), rg.p50, nil)
		rg.line(c, x, y(base), y(base+0.92), rg.p99, dots())
	}
}

// draw fills the ridge as steps.
func (rg ridge) draw(c draw.Canvas, x, y func(float64) vg.Length) {
	d := rg.density
	var top []vg.Point
	for i, s := range d.shares {
		top = append(top, vg.Point{X: x(d.edge(i)), Y: y(s)}, vg.Point{X: x(d.edge(i + 1)), Y: y(s)})
	}
	area := append([]vg.Point{{X: top[0].X, Y: y(0)}}, top...)
	area = append(area, vg.Point{X: top[len(top)-1].X, Y: y(0)})
	c.FillPolygon(faded(rg.color, 90), area)
	c.StrokeLines(draw.LineStyle{Color: rg.color, Width: vg.Points(1.2)}, top)
}

func (rg ridge) line(c draw.Canvas, x func(float64) vg.Length, bottom, top vg.Length, q Quantity, dashes []vg.Length) {
	if q.Known() && q.Median > 0 {
		at := x(q.Median)
		c.StrokeLine2(draw.LineStyle{Color: inkText, Width: vg.Points(1.4), Dashes: dashes}, at, bottom, at, top)
	}
}
