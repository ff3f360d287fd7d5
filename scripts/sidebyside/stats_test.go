package main

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"
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
		got := newSpread(tt.values)
		if !same(got.median, tt.median) || !same(got.min, tt.min) || !same(got.max, tt.max) || got.n != tt.n {
			t.Errorf("%v: %+v", tt.values, got)
		}
		if !slices.EqualFunc(before, tt.values, same) {
			t.Errorf("%v was changed to %v", before, tt.values)
		}
	}
}

// TestRatio takes the median of the rounds' ratios, which is not the ratio of
// the medians, and leaves out rounds in which one is missing.
func TestRatio(t *testing.T) {
	m := measurement{series: []*series{
		{contender: "a", values: []float64{10, 40, 30, 7}},
		{contender: "b", values: []float64{5, 10, 30, math.NaN()}},
	}}
	if got := m.ratio("a", "b"); got.median != 2 || got.min != 1 || got.max != 4 || got.n != 3 {
		t.Errorf("%+v", got)
	}
	if got := m.ratio("a", "nobody"); got.n != 0 || !math.IsNaN(got.median) {
		t.Errorf("%+v", got)
	}
}

func TestFormat(t *testing.T) {
	tests := []struct {
		metric metric
		value  float64
		want   string
	}{
		{rate, 17_654_321, "17.7 M"},
		{rate, 999.4, "999"},
		{rate, 152_400, "152 k"},
		{rate, math.NaN(), "–"},
		{roundTrip, 12_345, "12.3 µs"},
		{roundTrip, 123_456, "123 µs"},
	}
	for _, tt := range tests {
		if got := tt.metric.format(tt.value); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.value, got, tt.want)
		}
	}
	for v, want := range map[float64]string{0.0123456: "0.0123", 1: "1.00", 55.55: "55.5", 4321: "4321"} {
		if got := multiple(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

func TestCalibrate(t *testing.T) {
	const startup = 0.02 // seconds that every run takes besides
	for _, perSecond := range []float64{500, 40_000, 3e6, 20e6} {
		runs := 0
		count, err := calibrate(time.Second, rate, func(count uint64) (figure, error) {
			runs++
			return figure{messages: count, value: float64(count) / (startup + float64(count)/perSecond)}, nil
		})
		took := startup + float64(count)/perSecond
		if err != nil || runs > steps || count > firstCount && (took < 0.8 || took > 1.3) {
			t.Errorf("%v/s: %d messages take %v s, found in %d runs, %v", perSecond, count, took, runs, err)
		}
	}
	trips, err := calibrate(time.Second, roundTrip, func(count uint64) (figure, error) {
		return figure{messages: count, value: 20_000}, nil
	})
	if err != nil || trips != 50_000 {
		t.Errorf("%d round trips, %v", trips, err)
	}
	if _, err := calibrate(time.Second, rate, func(uint64) (figure, error) { return figure{}, errSide }); !errors.Is(err, errSide) {
		t.Errorf("%v", err)
	}
}
