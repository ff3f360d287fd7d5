package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPlot is a plot in the look of the report, with no title of its own.
func newPlot(xLabel, yLabel string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.Y.Label.Text = xLabel, yLabel
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		label, tick := letters(10, inkQuiet, false), tickStyle()
		label.XAlign, label.YAlign = a.Label.TextStyle.XAlign, a.Label.TextStyle.YAlign
		tick.XAlign, tick.YAlign = a.Tick.Label.XAlign, a.Tick.Label.YAlign
		a.Label.TextStyle, a.Tick.Label = label, tick
		a.Label.Padding = 4
		a.Padding = 0
		a.LineStyle = draw.LineStyle{Color: inkAxis, Width: vg.Points(0.7)}
		a.Tick.LineStyle = draw.LineStyle{Color: inkAxis, Width: vg.Points(0.7)}
		a.Tick.Length = 4
	}
	return p
}

// grid draws lines at the major ticks of the axes named.
func grid(p *plot.Plot, x, y bool) {
	g := plotter.NewGrid()
	g.Vertical = draw.LineStyle{Color: inkGrid, Width: vg.Points(0.6)}
	g.Horizontal = g.Vertical
	if !x {
		g.Vertical.Width = 0
	}
	if !y {
		g.Horizontal.Width = 0
	}
	p.Add(g)
}

// logTicks marks 1, 2, 5 of every decade, or the decades alone where there
// are many, and the steps between them without a label.
type logTicks struct{ text func(float64) string }

// Ticks is of plot.Ticker; low must be above 0.
func (t logTicks) Ticks(low, high float64) []plot.Tick {
	decades := math.Log10(high / low)
	labelled := []float64{1}
	switch {
	case decades < 0.8:
		labelled = []float64{1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9}
	case decades < 1.4:
		labelled = []float64{1, 2, 3, 5, 7}
	case decades < 3.2:
		labelled = []float64{1, 2, 5}
	}
	const slack = 1e-9
	var ticks []plot.Tick
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		base := math.Pow(10, e)
		for _, m := range []float64{1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9} {
			v := m * base
			if v < low*(1-slack) || v > high*(1+slack) {
				continue
			}
			label := ""
			if contains(labelled, m) {
				label = t.text(v)
			} else if m == 1.5 {
				continue
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
	}
	return ticks
}

func contains(list []float64, v float64) bool {
	for _, l := range list {
		if l == v {
			return true
		}
	}
	return false
}

// logRange widens a range to steps of 1, 2, 5 such that nothing lies on the
// edge, to a factor of four at least.
func logRange(low, high float64) (float64, float64) {
	low, high = low/1.08, high*1.08
	if high/low < 4 {
		middle := math.Sqrt(low * high)
		low, high = middle/2, middle*2
	}
	return stepDown(low), stepUp(high)
}

func stepDown(v float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{5, 2} {
		if m*base <= v {
			return m * base
		}
	}
	return base
}

func stepUp(v float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*base >= v {
			return m * base
		}
	}
	return 10 * base
}

// linearTicks marks about n round values from 0 on.
type linearTicks struct {
	text func(float64) string
	n    float64
}

// Ticks is of plot.Ticker.
func (t linearTicks) Ticks(low, high float64) []plot.Tick {
	step := stepUp((high - low) / t.n)
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: t.text(i * step)})
	}
	return ticks
}

// nines is where a quantile lies on the nines axis: 0.9 at 1, 0.99 at 2, 0.999
// at 3. It is rounded, so that 0.999 does not lie beyond its tick.
func nines(q float64) float64 { return math.Round(-1e9*math.Log10(1-q)) / 1e9 }

// fromNines is the quantile at a place of the nines axis.
func fromNines(x float64) float64 { return 1 - math.Pow(10, -x) }

// ninesTicks marks 50 %, 90 %, 99 %, 99.9 % and so on.
type ninesTicks struct{}

// Ticks is of plot.Ticker.
func (ninesTicks) Ticks(_, high float64) []plot.Tick {
	ticks := []plot.Tick{{Value: nines(0.5), Label: "50 %"}}
	for n := 1; float64(n) <= high+1e-9; n++ {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: ninesText(n)})
	}
	return ticks
}

// ninesText is the percentage of n nines.
func ninesText(n int) string {
	decimals := max(0, n-2)
	return strconv.FormatFloat(100-math.Pow(10, float64(2-n)), 'f', decimals, 64) + " %"
}

func durationTick(ns float64) string { return roundDuration(ns) }

func rateTick(perS float64) string {
	if perS == 0 {
		return "0"
	}
	return roundRate(perS)
}
