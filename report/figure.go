package report

import (
	"image/color"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// figure is a chart's page: title, subtitle and legend above the plot, which
// so can cover nothing, and a note below it.
type figure struct {
	title, subtitle, note string
	legend                []legendEntry
	bodyHeight            vg.Length
	body                  func(draw.Canvas)
}

// legendEntry shows a line, a mark or a filled box, and what it stands for.
type legendEntry struct {
	text string
	line *draw.LineStyle
	mark *draw.GlyphStyle
	box  color.Color
	edge color.Color // of the box; nil: none
}

// Measures of the page in points.
const (
	pageWidth   vg.Length = 680
	pageMargin  vg.Length = 16
	swatchWidth vg.Length = 24
	legendGap   vg.Length = 16
	noteGap     vg.Length = 5 // above it
)

func textWidth() vg.Length { return pageWidth - 2*pageMargin }

// letters is a text style; gonum brings the Liberation fonts.
func letters(size vg.Length, c color.Color, heavy bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if heavy {
		f.Weight = stdfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler}
}

func titleStyle() text.Style    { return letters(14, inkText, true) }
func subtitleStyle() text.Style { return letters(10, inkQuiet, false) }
func legendStyle() text.Style   { return letters(10, inkText, false) }
func noteStyle() text.Style     { return letters(9, inkQuiet, false) }
func tickStyle() text.Style     { return letters(9.5, inkText, false) }

// lineHeight is the distance of two lines of a style.
func lineHeight(s text.Style) vg.Length { return s.Font.Size * 1.3 }

// wrapText breaks s at spaces into lines no wider than width, and shortens
// words that are.
func wrapText(s string, sty text.Style, width vg.Length) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if next := strings.TrimSpace(line + " " + w); sty.Width(next) <= width {
			line = next
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = cutText(w, sty, width)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cutText shortens s with an ellipsis until it is no wider than width.
func cutText(s string, sty text.Style, width vg.Length) string {
	if sty.Width(s) <= width {
		return s
	}
	rs := []rune(s)
	for n := len(rs) - 1; n > 0; n-- {
		if t := string(rs[:n]) + "…"; sty.Width(t) <= width {
			return t
		}
	}
	return "…"
}

// height is that of the whole page.
func (f *figure) height() vg.Length {
	h := 2*pageMargin + f.bodyHeight
	for _, b := range f.blocks() {
		h += b.height()
	}
	h += lineHeight(legendStyle()) * vg.Length(len(f.legendRows()))
	if len(f.legend) > 0 {
		h += 10
	}
	return h
}

// block is wrapped text of one style with a space below it.
type block struct {
	style text.Style
	lines []string
	below vg.Length
}

func (b block) height() vg.Length {
	if len(b.lines) == 0 {
		return 0
	}
	return vg.Length(len(b.lines))*lineHeight(b.style) + b.below
}

// blocks are title, subtitle and note.
func (f *figure) blocks() [3]block {
	return [3]block{
		{titleStyle(), wrapText(f.title, titleStyle(), textWidth()), 2},
		{subtitleStyle(), wrapText(f.subtitle, subtitleStyle(), textWidth()), 8},
		{noteStyle(), wrapText(f.note, noteStyle(), textWidth()), noteGap},
	}
}

// draw lays the page out from its top to its bottom.
func (f *figure) draw(c draw.Canvas) {
	c.SetColor(inkPaper)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, pageMargin, -pageMargin, pageMargin, -pageMargin)
	bs := f.blocks()
	c = bs[0].draw(c)
	c = bs[1].draw(c)
	c = f.drawLegend(c)
	note := bs[2]
	noteTop := c
	noteTop.Max.Y = c.Min.Y + note.height() - noteGap
	note.draw(noteTop)
	c.Min.Y += note.height()
	f.body(c)
}

// draw writes the block at the top of c and returns the rest of c.
func (b block) draw(c draw.Canvas) draw.Canvas {
	sty := b.style
	sty.YAlign = draw.YTop
	for _, l := range b.lines {
		c.FillText(sty, vg.Point{X: c.Min.X, Y: c.Max.Y}, l)
		c.Max.Y -= lineHeight(sty)
	}
	if len(b.lines) > 0 {
		c.Max.Y -= b.below
	}
	return c
}
