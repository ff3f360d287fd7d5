package report

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// width of the entry, its text no wider than the page lets it be.
func (e legendEntry) width() vg.Length {
	return min(swatchWidth+4+legendStyle().Width(e.text), textWidth())
}

// legendRows flows the entries into rows of the page's width.
func (f *figure) legendRows() [][]legendEntry {
	var rows [][]legendEntry
	var used vg.Length
	for _, e := range f.legend {
		w := e.width()
		if len(rows) == 0 || used+legendGap+w > textWidth() {
			rows = append(rows, nil)
			used = -legendGap
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		used += legendGap + w
	}
	return rows
}

// drawLegend writes the legend at the top of c and returns the rest of c.
func (f *figure) drawLegend(c draw.Canvas) draw.Canvas {
	sty := legendStyle()
	sty.YAlign = draw.YCenter
	for _, row := range f.legendRows() {
		x, y := c.Min.X, c.Max.Y-lineHeight(sty)/2
		for _, e := range row {
			e.swatch(&c, x, y)
			label := cutText(e.text, sty, textWidth()-swatchWidth-4)
			c.FillText(sty, vg.Point{X: x + swatchWidth + 4, Y: y + sty.FontExtents().Descent/2}, label)
			x += e.width() + legendGap
		}
		c.Max.Y -= lineHeight(sty)
	}
	if len(f.legend) > 0 {
		c.Max.Y -= 10
	}
	return c
}

// swatch draws what the entry stands for, from x on, centred on y.
func (e legendEntry) swatch(c *draw.Canvas, x, y vg.Length) {
	if e.box != nil {
		r := vg.Rectangle{Min: vg.Point{X: x + 4, Y: y - 4}, Max: vg.Point{X: x + swatchWidth, Y: y + 4}}
		c.SetColor(e.box)
		c.Fill(r.Path())
		if e.edge != nil {
			c.SetLineStyle(draw.LineStyle{Color: e.edge, Width: 1})
			c.Stroke(r.Path())
		}
	}
	if e.line != nil {
		c.StrokeLine2(*e.line, x, y, x+swatchWidth, y)
	}
	if e.mark != nil {
		c.DrawGlyphNoClip(*e.mark, vg.Point{X: x + swatchWidth/2, Y: y})
	}
}
