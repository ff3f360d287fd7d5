package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

// rateCharts draw latency against offered rate, where three rates or more
// were offered to what is otherwise one cell: the percentiles of each, and
// where there are several their p99 side by side.
func rateCharts(g *Group) []Chart {
	if !g.Loop.Scheduled() {
		return nil
	}
	var sweeps [][]*Cell
	for _, line := range g.rateLines() {
		if measuredRates(line) >= 3 {
			sweeps = append(sweeps, line)
		}
	}
	var charts []Chart
	for from := 0; len(sweeps) > 1 && from < len(sweeps); from += mostLines {
		part := sweeps[from:min(from+mostLines, len(sweeps))]
		charts = append(charts, sideBySide(g, part, from))
	}
	for _, sweep := range sweeps {
		f := sweepFigure(g, sweep)
		charts = append(charts, newChart("rate", g, sweep, f))
	}
	return charts
}

// measuredRates counts the cells that have a percentile to draw.
func measuredRates(line []*Cell) (n int) {
	for _, c := range line {
		if c.Latency.P50.Known() || c.Latency.P99.Known() {
			n++
		}
	}
	return n
}

// trace is one line over offered rates.
type trace struct {
	name  string
	index int // of colour and marker
	cells []*Cell
	of    func(*Cell) Quantity
}

func sweepFigure(g *Group, cells []*Cell) *figure {
	traces := []trace{
		{"p50", 0, cells, func(c *Cell) Quantity { return c.Latency.P50 }},
		{"p99", 1, cells, func(c *Cell) Quantity { return c.Latency.P99 }},
		{"p99.9", 2, cells, func(c *Cell) Quantity { return c.Latency.P999 }},
	}
	return rateFigure("Latency against offered rate"+titleOf(g, cells), about(g, cells, g.LatencyName()), traces)
}

func sideBySide(g *Group, sweeps [][]*Cell, from int) Chart {
	var traces []trace
	var all []*Cell
	for i, s := range sweeps {
		traces = append(traces, trace{s[0].sweepName(g), from + i, s, func(c *Cell) Quantity { return c.Latency.P99 }})
		all = append(all, s...)
	}
	f := rateFigure("p99 against offered rate"+byOthers(g), about(g, all, "p99 of "+g.LatencyName()), traces)
	c := newChart("rate-p99", g, all, f)
	return c
}

// byOthers names what tells the lines of a sweep apart.
func byOthers(g *Group) string {
	s := ""
	for _, d := range g.vary {
		if d.key != "rate" {
			s = joinNonEmpty(" and ", s, d.head)
		}
	}
	return " by " + s
}

func rateFigure(title, subtitle string, traces []trace) *figure {
	f := &figure{title: title, subtitle: subtitle, bodyHeight: 330}
	p := newPlot("offered rate", "latency")
	grid(p, true, true)
	r := &rates{}
	for _, t := range traces {
		r.add(t)
	}
	low, high := logRange(r.low, r.high)
	if r.beyond {
		high *= math.Pow(high/low, 0.1) // room for the marks at the top
	}
	p.Y.Min, p.Y.Max = low, high
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = logTicks{durationTick}
	p.X.Min, p.X.Max = 0, r.last*1.04
	p.X.Tick.Marker = linearTicks{rateTick, 8}
	if r.last/r.first >= 8 {
		p.X.Min, p.X.Max = r.first/1.15, r.last*1.15
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = logTicks{rateTick}
	}
	for _, t := range traces {
		col := hue(t.index)
		line := draw.LineStyle{Color: col, Width: vg.Points(1.8)}
		mark := marker(t.index, col)
		f.legend = append(f.legend, legendEntry{text: t.name, line: &line, mark: &mark})
		r.draw(p, t, line, mark)
	}
	if r.invalid {
		m := hollow(marker(0, inkQuiet))
		f.legend = append(f.legend, legendEntry{text: "hollow: not valid", mark: &m})
	}
	if r.beyond {
		m := draw.GlyphStyle{Color: inkQuiet, Radius: vg.Points(4), Shape: cross{}}
		f.legend = append(f.legend, legendEntry{text: "at the top: lost or never sent, beyond every number", mark: &m})
	}
	f.body = p.Draw
	return f
}

// rates gathers the ranges of the traces.
type rates struct {
	low, high, first, last float64
	invalid, beyond        bool
}

func (r *rates) add(t trace) {
	if r.low == 0 {
		r.low, r.first = math.Inf(1), math.Inf(1)
	}
	for _, c := range t.cells {
		r.first, r.last = min(r.first, c.RateMsgsPerS), max(r.last, c.RateMsgsPerS)
		q := t.of(c)
		r.beyond = r.beyond || q.Beyond()
		if !q.Known() || q.Median <= 0 {
			continue
		}
		r.invalid = r.invalid || c.Verdict != results.Valid
		r.low, r.high = min(r.low, max(1, q.Min)), max(r.high, q.Max)
	}
}

// draw adds the trace, broken where a figure is missing.
func (r *rates) draw(p *plot.Plot, t trace, line draw.LineStyle, mark draw.GlyphStyle) {
	var run plotter.XYs
	flush := func() {
		if len(run) > 1 {
			p.Add(&plotter.Line{XYs: run, LineStyle: line})
		}
		run = nil
	}
	dots := &dotted{index: t.index}
	for _, c := range t.cells {
		q := t.of(c)
		if !q.Known() || q.Median <= 0 {
			flush()
			if q.Beyond() {
				dots.lost = append(dots.lost, c.RateMsgsPerS)
				dots.cross = draw.GlyphStyle{Color: mark.Color, Radius: vg.Points(4), Shape: cross{}}
			}
			continue
		}
		run = append(run, plotter.XY{X: c.RateMsgsPerS, Y: q.Median})
		m := mark
		if c.Verdict != results.Valid {
			m = hollow(mark)
		}
		dots.at = append(dots.at, ratePoint{c.RateMsgsPerS, q, m})
	}
	flush()
	p.Add(dots)
}

type ratePoint struct {
	rate float64
	q    Quantity
	mark draw.GlyphStyle
}

// dotted are the points of a trace: a plot.Plotter.
type dotted struct {
	at    []ratePoint
	lost  []float64
	cross draw.GlyphStyle
	index int // of the trace: the crosses of several do not cover each other
}

// Plot draws them with their whiskers; it is of plot.Plotter.
func (d *dotted) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, pt := range d.at {
		at := vg.Point{X: x(pt.rate), Y: y(pt.q.Median)}
		if pt.q.Spread() && pt.q.Min > 0 {
			c.StrokeLine2(draw.LineStyle{Color: pt.mark.Color, Width: 1}, at.X, y(pt.q.Min), at.X, y(pt.q.Max))
		}
		c.DrawGlyphNoClip(pt.mark, at)
	}
	for _, rate := range d.lost {
		c.DrawGlyphNoClip(d.cross, vg.Point{X: x(rate), Y: c.Max.Y - 6 - 10*vg.Length(d.index)})
	}
}
