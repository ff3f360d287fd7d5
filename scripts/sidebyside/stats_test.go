package main

import (
	"errors"
	"math"
	"testing"
	"time"

	"zbench/scripts/spread"
)

// TestCompared takes the median of the rounds' ratios, which is not the ratio
// of the medians, or of their differences, and leaves out rounds in which one
// is missing.
func TestCompared(t *testing.T) {
	a, b := []float64{10, 40, 30, 7}, []float64{5, 10, 30, math.NaN()}
	m := measurement{series: []*series{
		{contender: "a", values: map[metric][]float64{rate: a, pacedP50: a}},
		{contender: "b", values: map[metric][]float64{rate: b, pacedP50: b}},
	}}
	m.metric = rate
	if got, want := m.compared("a", "b"), (spread.Spread{Median: 2, Min: 1, Max: 4, N: 3}); got != want {
		t.Errorf("%+v", got)
	}
	m.metric = pacedP50
	if got, want := m.compared("a", "b"), (spread.Spread{Median: 5, Min: 0, Max: 30, N: 3}); got != want {
		t.Errorf("%+v", got)
	}
	if got := m.compared("a", "nobody"); got.N != 0 || !math.IsNaN(got.Median) {
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
	for m, want := range map[metric]string{rate: "0.500", roundTrip: "0.500", pacedP99: "0.000500 µs"} {
		if got := m.formatCompared(0.5); got != want {
			t.Errorf("%s: %s, want %s", m, got, want)
		}
	}
}

func TestCalibrate(t *testing.T) {
	const startup = 0.02 // seconds that every run takes besides
	for _, perSecond := range []float64{500, 40_000, 3e6, 20e6} {
		runs := 0
		count, err := calibrate(time.Second, rate, func(count uint64) (figure, error) {
			runs++
			return figure{messages: count, values: map[metric]float64{rate: float64(count) / (startup + float64(count)/perSecond)}}, nil
		})
		took := startup + float64(count)/perSecond
		if err != nil || runs > steps || count > firstCount && (took < 0.8 || took > 1.3) {
			t.Errorf("%v/s: %d messages take %v s, found in %d runs, %v", perSecond, count, took, runs, err)
		}
	}
	trips, err := calibrate(time.Second, roundTrip, func(count uint64) (figure, error) {
		return figure{messages: count, values: map[metric]float64{roundTrip: 20_000}}, nil
	})
	if err != nil || trips != 50_000 {
		t.Errorf("%d round trips, %v", trips, err)
	}
	if _, err := calibrate(time.Second, rate, func(uint64) (figure, error) { return figure{}, errSide }); !errors.Is(err, errSide) {
		t.Errorf("%v", err)
	}
}
