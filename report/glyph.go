package report

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pather is a glyph that is one closed path.
type pather interface {
	path(radius vg.Length, at vg.Point) vg.Path
}

// disc is a filled circle.
type disc struct{}

func (disc) path(r vg.Length, at vg.Point) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: at.X + r, Y: at.Y})
	p.Arc(at, r, 0, 2*math.Pi)
	p.Close()
	return p
}

// DrawGlyph fills the circle.
func (d disc) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) { fill(c, sty, d, at) }

// polygon is a filled regular polygon with its first corner at an angle.
type polygon struct {
	corners int
	radians float64
}

func (g polygon) path(r vg.Length, at vg.Point) vg.Path {
	var p vg.Path
	r *= 1.25 // as much ink as a disc of that radius, about
	for i := range g.corners {
		sin, cos := math.Sincos(g.radians + 2*math.Pi*float64(i)/float64(g.corners))
		pt := vg.Point{X: at.X + r*vg.Length(cos), Y: at.Y + r*vg.Length(sin)}
		if i == 0 {
			p.Move(pt)
		} else {
			p.Line(pt)
		}
	}
	p.Close()
	return p
}

// DrawGlyph fills the polygon.
func (g polygon) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) { fill(c, sty, g, at) }

func fill(c *draw.Canvas, sty draw.GlyphStyle, g pather, at vg.Point) {
	c.SetColor(sty.Color)
	c.Fill(g.path(sty.Radius, at))
}

// outline is a glyph that is drawn hollow.
type outline struct{ of draw.GlyphDrawer }

// DrawGlyph strokes the glyph's edge on paper.
func (o outline) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	g, ok := o.of.(pather)
	if !ok {
		g = disc{}
	}
	path := g.path(sty.Radius, at)
	c.SetColor(inkPaper)
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: sty.Color, Width: vg.Points(1.3)})
	c.Stroke(path)
}

// cross is two strokes.
type cross struct{}

// DrawGlyph strokes the cross.
func (cross) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	line, r := draw.LineStyle{Color: sty.Color, Width: vg.Points(1.6)}, sty.Radius
	c.StrokeLine2(line, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(line, at.X-r, at.Y+r, at.X+r, at.Y-r)
}
