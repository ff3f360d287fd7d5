package spread

import (
	"math"
	"slices"
	"testing"
)

func TestSpread(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		values           []float64
		median, min, max float64
		n                int
	}{
		{[]float64{3}, 3, 3, 3, 1},
		{[]float64{9, 1, 4}, 4, 1, 9, 3},
		{[]float64{9, 1, 4, 6}, 5, 1, 9, 4},
		{[]float64{nan, 2, nan, 8, 5}, 5, 2, 8, 3},
		{[]float64{nan}, nan, nan, nan, 0},
		{nil, nan, nan, nan, 0},
	}
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	for _, tt := range tests {
		before := slices.Clone(tt.values)
		got := Of(tt.values)
		if !same(got.Median, tt.median) || !same(got.Min, tt.min) || !same(got.Max, tt.max) || got.N != tt.n {
			t.Errorf("%v: %+v", tt.values, got)
		}
		if !slices.EqualFunc(before, tt.values, same) {
			t.Errorf("%v was changed to %v", before, tt.values)
		}
	}
}

func TestDigits(t *testing.T) {
	for v, want := range map[float64]string{0.0123456: "0.0123", 0: "0", 1: "1.00", 55.55: "55.5", 4321: "4321", -12.34: "-12.3"} {
		if got := Digits(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	if got := Digits(math.NaN()); got != "–" {
		t.Errorf("not a number: %s", got)
	}
}
