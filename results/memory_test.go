package results

import (
	"math/rand/v2"
	"testing"
)

func TestMemoryGrows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for name, c := range map[string]struct {
		at    func(i int) float64 // MiB
		grows bool
	}{
		"flat":            {func(int) float64 { return 60 + rng.Float64() }, false},
		"fills, then not": {func(i int) float64 { return 30 + float64(min(i, 40)) + rng.Float64() }, false},
		"a little":        {func(i int) float64 { return 60 + float64(i)/20 }, false},
		"leaks":           {func(i int) float64 { return 60 + float64(i) + 3*rng.Float64() }, true},
	} {
		var series []Point
		for i := range 100 {
			series = append(series, Point{TS: float64(i + 1), RSSBytes: map[string]uint64{"all": uint64(c.at(i) * (1 << 20))}})
		}
		if got := memoryGrows(series, 1, 0, 100); (len(got) > 0) != c.grows {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMemoryIsSampled(t *testing.T) {
	c := newTest(t, Config{Kind: RoundTrip, Phases: onePhase(2e9), Side: "all"})
	c.Recorder("peer 1")
	c.collect(start+1e9, false)
	if rss := c.series[0].RSSBytes["all"]; residentBytes() > 0 && rss < 1<<20 {
		t.Errorf("resident memory %d bytes", rss)
	}
}
