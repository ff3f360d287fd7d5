package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"zbench/results"
)

// TestChartsKeepInside draws every chart and looks whether ink touches the
// edge: then something is clipped.
func TestChartsKeepInside(t *testing.T) {
	for name, doc := range docs() {
		for _, c := range sampleOf(doc().Charts()) {
			canvas := vgimg.NewWith(vgimg.UseWH(pageWidth, c.figure.height()), vgimg.UseDPI(48))
			c.Draw(draw.New(canvas))
			if x, y, ok := inkAtEdge(canvas.Image()); ok {
				t.Errorf("%s: %s has ink at its edge, at %d,%d", name, c.Name, x, y)
			}
		}
	}
}

// sampleOf leaves out all but one of a kind of chart.
func sampleOf(charts []Chart) []Chart {
	var some []Chart
	kinds := map[string]int{}
	for _, c := range charts {
		kind, _, _ := strings.Cut(c.Name, "-")
		if kinds[kind]++; kinds[kind] <= 1 {
			some = append(some, c)
		}
	}
	return some
}

// inkAtEdge looks at the outermost two dots all around.
func inkAtEdge(m image.Image) (x, y int, ok bool) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		step := 1
		if y > b.Min.Y+1 && y < b.Max.Y-2 {
			step = b.Dx() - 1
		}
		for x := b.Min.X; x < b.Max.X; x += step {
			for _, at := range []int{x, min(x+1, b.Max.X-1), max(x-1, b.Min.X)} {
				if r, g, b, _ := m.At(at, y).RGBA(); r+g+b != 3*0xffff {
					return at, y, true
				}
			}
		}
	}
	return 0, 0, false
}

// TestSVG parses every kind of chart as XML.
func TestSVG(t *testing.T) {
	for _, c := range sampleOf(docs()["sweep"]().Charts()) {
		var b bytes.Buffer
		if err := c.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		in := xml.NewDecoder(&b)
		for {
			_, err := in.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
		}
	}
}

// TestWhichCharts says which charts a report has, and so that none is empty.
func TestWhichCharts(t *testing.T) {
	for name, want := range map[string]map[string]int{
		"empty":      {},
		"failed":     {},
		"lost":       {"time": 1},
		"one":        {"percentiles": 1, "distribution": 1, "time": 1},
		"bare":       {"throughput": 1, "percentiles": 1, "time": 2},
		"transports": {"throughput": 2, "percentiles": 2, "distribution": 2, "time": 6},
		"patterns":   {"throughput": 3, "percentiles": 11, "distribution": 3},
		"sweep":      {"rate": 3, "percentiles": 4, "distribution": 2, "time": 8},
		"stall":      {"percentiles": 1, "distribution": 1, "time": 1},
		"few":        {"throughput": 2, "percentiles": 2, "distribution": 2, "time": 6},
	} {
		got := map[string]int{}
		for _, c := range docs()[name]().Charts() {
			kind, _, _ := strings.Cut(c.Name, "-")
			got[kind]++
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for kind, n := range want {
			if got[kind] != n {
				t.Errorf("%s: %d charts of %s, want %d", name, got[kind], kind, n)
			}
		}
	}
}

func TestBundles(t *testing.T) {
	d := patternsDoc()
	for _, g := range d.Groups {
		seen := 0
		for _, part := range bundles(g.Cells, 6) {
			if len(part) > 6 || len(part) == 0 {
				t.Errorf("a bundle of %d", len(part))
			}
			for _, c := range part {
				if c.Pattern != part[0].Pattern {
					t.Errorf("%s and %s share a chart", c.Pattern, part[0].Pattern)
				}
			}
			seen += len(part)
		}
		if seen != len(g.Cells) {
			t.Errorf("%d of %d cells in bundles", seen, len(g.Cells))
		}
	}
}

// TestChartNames guards against files that overwrite each other.
func TestChartNames(t *testing.T) {
	for name, doc := range docs() {
		seen := map[string]bool{}
		for _, c := range doc().Charts() {
			if seen[c.Name] || c.Name != slug(c.Name) || len(c.Name) > 120 {
				t.Errorf("%s: chart name %q", name, c.Name)
			}
			seen[c.Name] = true
		}
	}
}

// TestNothingArrived: a course with nothing in it is said, not drawn.
func TestNothingArrived(t *testing.T) {
	r := load{pattern: "push-pull", transport: "tcp", engine: "x", loop: results.Open, rate: 1000, seconds: 6}.fill().source()
	for i := range r.Run.Series {
		r.Run.Series[i] = results.Point{TS: float64(i + 1), Lost: 1000}
	}
	d := New(r)
	for _, c := range d.Charts() {
		if strings.HasPrefix(c.Name, "time") {
			t.Errorf("%s is drawn", c.Name)
		}
	}
	var b strings.Builder
	if err := Markdown()(&b, d); err != nil || !strings.Contains(b.String(), "Nothing arrived in") {
		t.Errorf("%v: it is not said", err)
	}
}

// TestBarsHaveNoEmptyPlaces: a category is as long as the bars that it has,
// and the axis no longer than the figures need.
func TestBarsHaveNoEmptyPlaces(t *testing.T) {
	q := func(v float64) Quantity { return Quantity{Median: v, Min: v, Max: v, Runs: 1} }
	b := &bars{series: []string{"a", "b"}}
	b.place("both", 2)
	b.place("one", 1)
	b.bars = []oneBar{{rate: q(100), category: 0}, {rate: q(50), category: 0, row: 1, series: 1}, {rate: q(20), category: 1}}
	if gap := float64(categoryGap / barHeight); b.length() != 3+2*gap || b.tops[1] != 2+gap {
		t.Errorf("length %g, tops %v", b.length(), b.tops)
	}
	if _, high := b.rangeOfRates(); high < 105 || high > 120 {
		t.Errorf("an axis to %g for rates up to 100", high)
	}
}
