package report

import (
	"math"
	"testing"

	"gonum.org/v1/plot"
)

func labelled(ticks []plot.Tick) (n int) {
	for _, t := range ticks {
		if t.Label != "" {
			n++
		}
	}
	return n
}

// TestLogTicks finds a readable number of labels on every range.
func TestLogTicks(t *testing.T) {
	for _, low := range []float64{1, 7, 31, 460, 9.9e3, 1e6} {
		for _, ratio := range []float64{1, 1.3, 3, 8, 20, 90, 400, 1e4, 1e6, 1e9} {
			from, to := logRange(low, low*ratio)
			if from >= low || to <= low*ratio {
				t.Errorf("%g to %g: the range %g to %g leaves no room", low, low*ratio, from, to)
			}
			if n := labelled(logTicks{durationTick}.Ticks(from, to)); n < 2 || n > 14 {
				t.Errorf("%g to %g: %d labels", from, to, n)
			}
		}
	}
}

func TestLinearTicks(t *testing.T) {
	for _, high := range []float64{0.3, 1, 7, 130, 9999, 2.3e6} {
		if n := labelled(linearTicks{rateTick, 8}.Ticks(0, high)); n < 3 || n > 10 {
			t.Errorf("up to %g: %d labels", high, n)
		}
	}
}

func TestNines(t *testing.T) {
	for q, want := range map[float64]float64{0: 0, 0.9: 1, 0.99: 2, 0.999: 3} {
		if got := nines(q); math.Abs(got-want) > 1e-9 {
			t.Errorf("nines(%g) = %g, want %g", q, got, want)
		}
		if got := fromNines(want); math.Abs(got-q) > 1e-9 {
			t.Errorf("fromNines(%g) = %g, want %g", want, got, q)
		}
	}
}
