package report

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

// bars are rates in categories from top to bottom, each with one bar a
// series: a plot.Plotter.
type bars struct {
	categories []string
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
		b.categories = append(b.categories, category[0].label(others))
		for _, c := range category {
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
)

// slots is the number of categories: the length of the axis.
func (b *bars) slots() int { return len(b.categories) }

func (b *bars) slotHeight() vg.Length { return barHeight*vg.Length(len(b.series)) + categoryGap }

func (b *bars) height() vg.Length {
	return b.slotHeight()*(vg.Length(b.slots())+0.5) + axisHeight
}

// ticks are the names of the categories, in two lines where they are long.
func (b *bars) ticks() []plot.Tick {
	const widest = 190
	var ticks []plot.Tick
	for i, name := range b.categories {
		lines := wrapText(name, tickStyle(), widest)
		if most := max(1, int(b.slotHeight()/lineHeight(tickStyle()))); len(lines) > most {
			lines[most-1] = cutText(strings.Join(lines[most-1:], " "), tickStyle(), widest)
			lines = lines[:most]
		}
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: strings.Join(lines, "\n")})
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
		low, high = logRange(low, high)
		return low, high * math.Pow(high/low, 0.14)
	}
	room := 1.18
	if b.flagged {
		room = 1.42
	}
	return 0, high * room
}

// Plot draws the bars; it is of plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	thick := (y(0) - y(-1)) - categoryGap
	each := thick / vg.Length(len(b.series))
	for _, bar := range b.bars {
		top := y(-float64(bar.category)) + thick/2 - each*vg.Length(bar.series)
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
	text := Rate(bar.rate.Median)
	if bar.note != "" {
		text += ", " + bar.note
	}
	sty := letters(9, inkText, false)
	sty.YAlign = draw.YCenter
	c.FillText(sty, vg.Point{X: max(right, end) + 6, Y: middle + sty.FontExtents().Descent/2}, text)
}

// whisker is a horizontal line with ends.
func whisker(c draw.Canvas, left, right, y vg.Length) {
	sty := draw.LineStyle{Color: inkText, Width: 1}
	c.StrokeLine2(sty, left, y, right, y)
	c.StrokeLine2(sty, left, y-2.5, left, y+2.5)
	c.StrokeLine2(sty, right, y-2.5, right, y+2.5)
}
