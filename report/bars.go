package report

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

// bars are rates in categories from top to bottom, each with one bar a
// series: a plot.Plotter.
type bars struct {
	categories []string
	rows       []int     // bars of each category
	tops       []float64 // where it begins, in bars from the top
	series     []string
	colors     []int // of each series
	bars       []oneBar
	log        bool // dots on a logarithmic axis in place of bars
	delivered  bool
	flagged    bool // some bar is of a cell that is not valid
}

type oneBar struct {
	rate             Quantity
	category, series int
	row              int // within the category
	valid            bool
	note             string
}

// layBars places the cells. Without a series each cell is a category.
func layBars(g *Group, cells []*Cell) *bars {
	b := &bars{}
	by, ok := seriesDimension(cells)
	var others []dimension
	for _, d := range varying(cells) {
		if !ok || d.key != by.key {
			others = append(others, d)
		}
	}
	if ok {
		for _, part := range partition(cells, []dimension{by}) {
			b.series = append(b.series, by.label(part[0]))
		}
	} else {
		b.series = []string{""}
	}
	for i := range b.series {
		b.colors = append(b.colors, i)
	}
	for _, c := range cells {
		b.delivered = b.delivered || c.Delivered.Known()
	}
	low, high := 0.0, 0.0
	for i, category := range partition(cells, others) {
		b.place(category[0].label(others), len(category))
		for row, c := range category {
			q := c.Rate
			if b.delivered {
				q = deliveredOrRate(c)
			}
			bar := oneBar{rate: q, category: i, valid: c.Verdict == results.Valid}
			if !bar.valid {
				b.flagged = true
				bar.note = verdictText(c.Verdict)
			}
			for s, name := range b.series {
				if ok && by.label(c) == name {
					bar.series = s
				}
			}
			bar.row = row
			b.bars = append(b.bars, bar)
			if low == 0 || q.Median < low {
				low = q.Median
			}
			high = max(high, q.Median)
		}
	}
	b.log = low > 0 && high/low > dotsFrom
	return b
}

func (b *bars) bySeries() bool { return len(b.series) > 1 }

// Of a page of bars, in points.
const (
	barHeight   vg.Length = 15
	categoryGap vg.Length = 9
	axisHeight  vg.Length = 44
	widestName  vg.Length = 190 // of a category
	figureGap   vg.Length = 6   // between a bar and its figure
)

// place adds a category. It is as high as the bars that it has: one without
// some series has no empty place for it.
func (b *bars) place(name string, rows int) {
	b.tops = append(b.tops, b.length())
	b.categories = append(b.categories, name)
	b.rows = append(b.rows, rows)
}

// length is that of the axis, in bars, with a gap below each category.
func (b *bars) length() float64 {
	n := len(b.rows)
	if n == 0 {
		return 0
	}
	return b.tops[n-1] + float64(b.rows[n-1]) + float64(categoryGap/barHeight)
}

func (b *bars) height() vg.Length {
	return barHeight*vg.Length(b.length()) + 2*categoryGap + axisHeight
}

// ticks are the names of the categories, in two lines where they are long.
func (b *bars) ticks() []plot.Tick {
	var ticks []plot.Tick
	for i, name := range b.categories {
		lines := wrapText(name, tickStyle(), widestName)
		room := barHeight*vg.Length(b.rows[i]) + categoryGap
		if most := max(1, int(room/lineHeight(tickStyle()))); len(lines) > most {
			lines[most-1] = cutText(strings.Join(lines[most-1:], " "), tickStyle(), widestName)
			lines = lines[:most]
		}
		ticks = append(ticks, plot.Tick{Value: -b.tops[i] - float64(b.rows[i])/2, Label: strings.Join(lines, "\n")})
	}
	return ticks
}

// rangeOfRates leaves room for the figures beside the bars.
func (b *bars) rangeOfRates() (low, high float64) {
	first := true
	for _, bar := range b.bars {
		if first || bar.rate.Min < low {
			low = bar.rate.Min
		}
		high = max(high, bar.rate.Max)
		first = false
	}
	if b.log {
		low, _ = logRange(low, high)
		return low, low * math.Exp(b.stretch(func(v float64) float64 { return math.Log(v / low) }))
	}
	return 0, b.stretch(func(v float64) float64 { return v })
}

// stretch is the length of an axis, in units of along, on which every bar and
// the figure beside it have room.
func (b *bars) stretch(along func(float64) float64) float64 {
	names := vg.Length(0)
	for _, t := range b.ticks() {
		for _, line := range strings.Split(t.Label, "\n") {
			names = max(names, tickStyle().Width(line))
		}
	}
	width := float64(textWidth() - names - 2*figureGap)
	most := 0.0
	for _, bar := range b.bars {
		beside := float64(2*figureGap + figureStyle().Width(bar.text()))
		most = max(most, along(max(bar.rate.Median, bar.rate.Max))*width/max(width-beside, 1))
	}
	return most
}

func figureStyle() text.Style { return letters(9, inkText, false) }

// text is the bar's figure, and its verdict where it is not valid.
func (o oneBar) text() string {
	if o.note == "" {
		return Rate(o.rate.Median)
	}
	return Rate(o.rate.Median) + ", " + o.note
}

// Plot draws the bars; it is of plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	each := y(0) - y(-1)
	for _, bar := range b.bars {
		top := y(-b.tops[bar.category] - float64(bar.row))
		b.one(c, bar, hue(b.colors[bar.series]), x, top-each, top)
	}
}

func (b *bars) one(c draw.Canvas, bar oneBar, col color.NRGBA, x func(float64) vg.Length, bottom, top vg.Length) {
	middle := (bottom + top) / 2
	start, end := c.Min.X, x(bar.rate.Median)
	if b.log {
		c.StrokeLine2(draw.LineStyle{Color: faded(col, 110), Width: 1, Dashes: dots()}, start, middle, end, middle)
		g := marker(bar.series, col)
		if !bar.valid {
			g = hollow(g)
		}
		c.DrawGlyphNoClip(g, vg.Point{X: end, Y: middle})
	} else {
		r := vg.Rectangle{Min: vg.Point{X: start, Y: bottom + 1}, Max: vg.Point{X: end, Y: top - 1}}
		c.SetColor(col)
		if !bar.valid {
			c.SetColor(faded(col, 60))
		}
		c.Fill(r.Path())
		if !bar.valid {
			c.SetLineStyle(draw.LineStyle{Color: col, Width: 1})
			c.Stroke(r.Path())
		}
	}
	right := end
	if bar.rate.Spread() {
		right = x(bar.rate.Max)
		whisker(c, x(bar.rate.Min), right, middle)
	}
	sty := figureStyle()
	sty.YAlign = draw.YCenter
	c.FillText(sty, vg.Point{X: max(right, end) + figureGap, Y: middle + sty.FontExtents().Descent/2}, bar.text())
}

// whisker is a horizontal line with ends.
func whisker(c draw.Canvas, left, right, y vg.Length) {
	sty := draw.LineStyle{Color: inkText, Width: 1}
	c.StrokeLine2(sty, left, y, right, y)
	c.StrokeLine2(sty, left, y-2.5, left, y+2.5)
	c.StrokeLine2(sty, right, y-2.5, right, y+2.5)
}
