package report

import (
	"math"
	"testing"

	"zbench/results"
)

// TestCurveEnds follows the line to the last percentile that is published.
func TestCurveEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		l    load
		last float64
	}{
		{"many", load{n: 200_000}, 0.9999},
		{"few", load{n: 300}, 0.9},
		{"some lost", load{n: 10_000, lost: 60}, 0.99},
		{"without histograms", load{n: 10_000, bare: true}, 0.999},
	} {
		cell := New(c.l.source()).Groups[0].Cells[0]
		pts := cell.primaryCurve().points
		if got := pts[len(pts)-1].q; math.Abs(got-c.last) > 0.001*(1-c.last) {
			t.Errorf("%s: the line ends at %g, want %g", c.name, got, c.last)
		}
		for i := 1; i < len(pts); i++ {
			if pts[i].q <= pts[i-1].q || pts[i].ns < pts[i-1].ns {
				t.Fatalf("%s: the line turns back at %g", c.name, pts[i].q)
			}
		}
	}
	if cell := lostDoc().Groups[0].Cells[0]; len(cell.primaryCurve().points) != 0 {
		t.Error("a curve of messages that never arrived")
	}
}

// TestCurveMeetsMarks compares the line with the published percentiles.
func TestCurveMeetsMarks(t *testing.T) {
	cell := New(load{n: 100_000, tail: 0.01}.source()).Groups[0].Cells[0]
	cv := cell.primaryCurve()
	for _, m := range cv.marks {
		best := math.Inf(1)
		for _, p := range cv.points {
			if math.Abs(nines(p.q)-nines(m.q)) < 0.02 {
				best = min(best, math.Abs(p.ns/m.all.Median-1))
			}
		}
		if best > 0.02 {
			t.Errorf("at %g the line is %.1f %% off the published percentile", m.q, best*100)
		}
	}
	end, mark := cv.points[len(cv.points)-1], cv.marks[len(cv.marks)-1]
	if math.Abs(end.ns/mark.all.Median-1) > 0.002 {
		t.Errorf("the line ends at %g ns, the last percentile is %g ns", end.ns, mark.all.Median)
	}
}

func TestDensitySumsToOne(t *testing.T) {
	s := load{n: 20_000, loop: results.Window, pattern: "pair"}.source()
	d := newDensity(s.Service)
	sum := 0.0
	for _, share := range d.shares {
		sum += share
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("shares sum to %g", sum)
	}
	if low, high := d.edge(0), d.edge(len(d.shares)); low > float64(s.Service.Min()) || high < float64(s.Service.Max()) {
		t.Errorf("from %g to %g ns leaves out some of %d to %d", low, high, s.Service.Min(), s.Service.Max())
	}
}
