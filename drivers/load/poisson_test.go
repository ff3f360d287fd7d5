package load

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestPoissonIsSeeded(t *testing.T) {
	spec := Spec{Rate: Rate{1000, 1}, Arrival: Poisson, Warmup: time.Second, Duration: time.Second, Seed: 7}
	first := all(spec, 3)
	if !slices.Equal(first, all(spec, 3)) {
		t.Error("the same seed gave another schedule")
	}
	other := spec
	other.Seed++
	if slices.Equal(first, all(other, 3)) {
		t.Error("another seed gave the same schedule")
	}
	a, b := spec.Client(0, 2), spec.Client(1, 2)
	x, _ := a.Next()
	y, _ := b.Next()
	if x == y {
		t.Error("two clients have the same schedule")
	}
}

// TestPoissonIsPoisson tests the gaps of several clients together against the
// exponential distribution (Kolmogorov-Smirnov) and the counts of equal slices
// against their variance, which is the mean. The seeds are fixed, so the test
// cannot fail by chance.
func TestPoissonIsPoisson(t *testing.T) {
	for _, clients := range []int{1, 5} {
		due := all(Spec{Rate: Rate{1000, 1}, Arrival: Poisson, Duration: 200 * time.Second, Seed: 42}, clients)
		n := float64(len(due))
		if math.Abs(n-200_000) > 4*math.Sqrt(200_000) {
			t.Errorf("%d clients: %v messages, want about 200000", clients, n)
		}
		gaps := make([]float64, len(due)-1)
		for i := range gaps {
			gaps[i] = float64(due[i+1]-due[i]) / 1e6
		}
		slices.Sort(gaps)
		worst := 0.0
		for i, g := range gaps {
			worst = max(worst, math.Abs(1-math.Exp(-g)-float64(i)/float64(len(gaps))))
		}
		if limit := 1.95 / math.Sqrt(n); worst > limit {
			t.Errorf("%d clients: distance from the exponential %.5f, limit %.5f", clients, worst, limit)
		}
		counts := make([]float64, 2000)
		for _, d := range due {
			counts[d/(100*time.Millisecond)]++
		}
		sum := 0.0
		for _, c := range counts {
			sum += (c - 100) * (c - 100)
		}
		if ratio := sum / 2000 / 100; ratio < 0.88 || ratio > 1.12 {
			t.Errorf("%d clients: variance %.3f of the mean, want 1", clients, ratio)
		}
	}
}

func TestPoissonFollowsStages(t *testing.T) {
	spec := Spec{Stages: mustStages(t, "10s@1k+10s@0+10s@0..2k+10s@3k..1k"), Arrival: Poisson, Warmup: 10 * time.Second, Seed: 3}
	var got [5]float64
	late := 0.0 // of the rising ramp's, those in its second half
	for _, d := range all(spec, 4) {
		got[d/(10*time.Second)]++
		if d >= 35*time.Second && d < 40*time.Second {
			late++
		}
	}
	for i, want := range []float64{10_000, 10_000, 0, 10_000, 20_000} {
		if math.Abs(got[i]-want) > 4*math.Sqrt(want) {
			t.Errorf("phase %d has %v messages, want about %v", i, got[i], want)
		}
	}
	if math.Abs(late-7500) > 4*math.Sqrt(7500) {
		t.Errorf("the ramp's second half has %v messages, want about 7500", late)
	}
}

func TestPoissonCount(t *testing.T) {
	for _, clients := range []int{1, 3, 50} {
		spec := Spec{Rate: Rate{1000, 1}, Arrival: Poisson, Warmup: time.Second, Count: 40, Seed: 1}
		measured := 0
		for _, d := range all(spec, clients) {
			if d >= spec.Warmup {
				measured++
			}
		}
		if measured != 40 {
			t.Errorf("%d clients: %d measured messages, want 40", clients, measured)
		}
	}
}
