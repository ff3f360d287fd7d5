package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

// stack draws two plots above each other with their data areas aligned; the
// upper one takes most of the height.
func stack(c draw.Canvas, upper, lower *plot.Plot) {
	const share = 0.66
	cut := c.Min.Y + (c.Max.Y-c.Min.Y)*(1-share)
	top, bottom := c, c
	top.Min.Y, bottom.Max.Y = cut+4, cut-4
	a, b := upper.DataCanvas(top), lower.DataCanvas(bottom)
	left, right := max(a.Min.X, b.Min.X), min(a.Max.X, b.Max.X)
	upper.Draw(draw.Crop(top, left-a.Min.X, right-a.Max.X, 0, 0))
	lower.Draw(draw.Crop(bottom, left-b.Min.X, right-b.Max.X, 0, 0))
}

// shade marks the warm-up, and where stages begin: a plot.Plotter.
type shade struct {
	until  float64 // s since the run's start
	stages []results.Stage
}

// Plot fills the ground; it is of plot.Plotter.
func (s shade) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	if s.until > p.X.Min {
		end := min(x(s.until), c.Max.X)
		c.SetColor(inkShade)
		c.Fill(vg.Rectangle{Min: c.Min, Max: vg.Point{X: end, Y: c.Max.Y}}.Path())
	}
	for _, st := range s.stages {
		if at := x(st.FromS); st.FromS > p.X.Min && at < c.Max.X {
			c.StrokeLine2(draw.LineStyle{Color: inkAxis, Width: 0.7, Dashes: dash()}, at, c.Min.Y, at, c.Max.Y)
		}
	}
}

// lostMarks are the intervals in which messages went missing: a plot.Plotter.
type lostMarks []results.Point

func anyLost(series []results.Point) bool {
	for _, p := range series {
		if p.Lost > 0 {
			return true
		}
	}
	return false
}

func lostMark() draw.GlyphStyle {
	return draw.GlyphStyle{Color: hue(1), Radius: vg.Points(3.2), Shape: cross{}}
}

// Plot draws the marks on the line; it is of plot.Plotter.
func (l lostMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, pt := range l {
		if pt.Lost > 0 {
			c.DrawGlyphNoClip(lostMark(), vg.Point{X: x(pt.TS), Y: y(pt.AchievedMsgsPerS)})
		}
	}
}
