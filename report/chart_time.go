package report

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"zbench/results"
)

const (
	// mostTimes is how many cells of a group are drawn over time.
	mostTimes = 8
	// leastPoints is how many intervals make a course.
	leastPoints = 4
)

// timeCharts draw the course of one run a cell: cells that are not valid
// first, for there is something to see, and a few at most.
func timeCharts(g *Group) []Chart {
	cells := append([]*Cell(nil), g.Cells...)
	sort.SliceStable(cells, func(i, j int) bool {
		return cells[i].Verdict != results.Valid && cells[j].Verdict == results.Valid
	})
	var charts []Chart
	for _, c := range cells {
		s := c.telling()
		if len(charts) == mostTimes || len(s.Run.Series) < leastPoints || !hasCourse(s.Run.Series) {
			continue
		}
		charts = append(charts, newChart("time", g, []*Cell{c}, timeFigure(g, c, s.Run)))
	}
	return charts
}

// hasCourse reports whether anything arrived that could be drawn.
func hasCourse(series []results.Point) bool {
	for _, p := range series {
		if p.AchievedMsgsPerS > 0 || p.MaxNS != nil {
			return true
		}
	}
	return false
}

// silent are the names of cells whose runs took their time, and nothing came.
func silent(groups []*Group) (names []string) {
	for _, g := range groups {
		for _, c := range g.Cells {
			if s := c.telling(); len(s.Run.Series) >= leastPoints && !hasCourse(s.Run.Series) {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// telling is the first of the cell's runs that has the cell's verdict.
func (c *Cell) telling() Source {
	for _, s := range c.Sources {
		if s.Run.Verdict == c.Verdict {
			return s
		}
	}
	return c.Sources[0]
}

// timeLine is a line of latency over time.
type timeLine struct {
	name string
	of   func(results.Point) *int64
	sty  draw.LineStyle
}

func timeLines() []timeLine {
	return []timeLine{
		{"max", func(p results.Point) *int64 { return p.MaxNS }, draw.LineStyle{Color: inkQuiet, Width: 1.3, Dashes: dots()}},
		{"p99", func(p results.Point) *int64 { return p.P99NS }, draw.LineStyle{Color: hue(1), Width: 1.6}},
		{"p50", func(p results.Point) *int64 { return p.P50NS }, draw.LineStyle{Color: hue(0), Width: 2}},
		{"lag, p99", func(p results.Point) *int64 { return p.LagP99NS }, draw.LineStyle{Color: hue(4), Width: 1.2, Dashes: dash()}},
		{"receive lag, p99", func(p results.Point) *int64 { return p.ReceiveLagP99NS }, draw.LineStyle{Color: hue(5), Width: 1.2, Dashes: dash()}},
	}
}

func timeFigure(g *Group, c *Cell, r results.Run) *figure {
	repeat := "one run"
	if len(c.Sources) > 1 {
		repeat = fmt.Sprintf("repeat %d of %d", r.Repeat, len(c.Sources))
	}
	f := &figure{
		title:      "Over time: " + c.flagged(c.Name),
		subtitle:   about(g, []*Cell{c}, g.LatencyName(), repeat),
		bodyHeight: 360,
	}
	upper, legend, ok := latencyPanel(r)
	lower := ratePanel(r)
	f.legend = legend
	if r.MeasuredFromS > 0 {
		f.legend = append(f.legend, legendEntry{text: "warm-up, not measured", box: inkShade, edge: inkGrid})
	}
	if anyLost(r.Series) {
		m := lostMark()
		f.legend = append(f.legend, legendEntry{text: "messages went missing", mark: &m})
	}
	end := r.Series[len(r.Series)-1].TS
	for _, p := range []*plot.Plot{upper, lower} {
		p.X.Min, p.X.Max = 0, end
		p.X.Tick.Marker = linearTicks{clockTick, 8}
	}
	if !ok {
		f.bodyHeight = 200
		f.note = "No latency is drawn, for none was measured: what arrived carries no time at which it was sent."
		f.body = lower.Draw
		return f
	}
	f.body = func(c draw.Canvas) { stack(c, upper, lower) }
	return f
}

func clockTick(s float64) string { return trimZeros(fmt.Sprintf("%.2f", math.Abs(s))) + " s" }

// latencyPanel draws the lines that have points; not ok where none has.
func latencyPanel(r results.Run) (p *plot.Plot, legend []legendEntry, ok bool) {
	p = newPlot("", "latency")
	p.Add(shade{r.MeasuredFromS, r.Stages})
	grid(p, false, true)
	low, high := math.Inf(1), 0.0
	for _, l := range timeLines() {
		sty := l.sty
		drawn := false
		for _, part := range courses(r.Series, l.of) {
			drawn = true
			for _, pt := range part {
				low, high = min(low, pt.Y), max(high, pt.Y)
			}
			p.Add(&plotter.Line{XYs: part, LineStyle: sty})
		}
		if drawn {
			legend = append(legend, legendEntry{text: l.name, line: &sty})
		}
	}
	if high == 0 {
		return p, nil, false
	}
	p.Y.Min, p.Y.Max = logRange(low, high)
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = logTicks{durationTick}
	return p, legend, true
}

// courses are the unbroken parts of one line, each with two points or more.
func courses(series []results.Point, of func(results.Point) *int64) []plotter.XYs {
	var parts []plotter.XYs
	var part plotter.XYs
	for _, pt := range series {
		if v := of(pt); v != nil {
			part = append(part, plotter.XY{X: pt.TS, Y: max(1, float64(*v))})
			continue
		}
		if len(part) > 1 {
			parts = append(parts, part)
		}
		part = nil
	}
	if len(part) > 1 {
		parts = append(parts, part)
	}
	return parts
}

func ratePanel(r results.Run) *plot.Plot {
	p := newPlot("time since the run's start", "rate")
	p.Add(shade{r.MeasuredFromS, r.Stages})
	grid(p, false, true)
	var line plotter.XYs
	high := 0.0
	// A rate is of a whole interval: steps, where a line between their ends
	// would show a rise before it came.
	begin := 0.0
	for _, pt := range r.Series {
		line = append(line, plotter.XY{X: begin, Y: pt.AchievedMsgsPerS}, plotter.XY{X: pt.TS, Y: pt.AchievedMsgsPerS})
		high = max(high, pt.AchievedMsgsPerS)
		begin = pt.TS
	}
	p.Add(&plotter.Line{XYs: line, LineStyle: draw.LineStyle{Color: hue(2), Width: vg.Points(1.8)}})
	p.Add(lostMarks(r.Series))
	p.Y.Min, p.Y.Max = 0, high*1.15
	if high == 0 {
		p.Y.Max = 1
	}
	p.Y.Tick.Marker = linearTicks{rateTick, 3}
	return p
}
