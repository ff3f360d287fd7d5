package results

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// correlated gives n values around 100 with a first-order correlation and a
// linear change over all of them.
func correlated(rng *rand.Rand, n int, sd, rho, change float64) []float64 {
	values := make([]float64, n)
	noise := rng.NormFloat64()
	for i := range values {
		noise = rho*noise + math.Sqrt(1-rho*rho)*rng.NormFloat64()
		values[i] = 100 + sd*noise + change*float64(i)/float64(n-1)
	}
	return values
}

func TestTrend(t *testing.T) {
	tests := []struct {
		name            string
		n               int
		sd, rho, change float64
		least, most     int // of 500
	}{
		{"noise", 60, 10, 0, 0, 0, 15},
		{"correlated noise", 60, 10, 0.5, 0, 0, 25},
		{"small but certain", 60, 0.1, 0, 3, 0, 0},
		{"a drift of 20 %", 60, 5, 0, 20, 490, 500},
		{"a drift of 20 % in correlated noise", 120, 5, 0.4, 20, 450, 500},
		{"too few", 19, 0.1, 0, 50, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			found := 0
			for i := 0; i < 500; i += fewer {
				if _, ok := trend(correlated(rng, tt.n, tt.sd, tt.rho, tt.change)); ok {
					found += fewer
				}
			}
			if margin := 10 * (fewer - 1); found < tt.least-margin || found > tt.most+margin {
				t.Errorf("%d of 500 drift, want %d to %d", found, tt.least, tt.most)
			}
		})
	}
}

func TestTheilSen(t *testing.T) {
	values := make([]float64, 3600)
	for i := range values {
		values[i] = 5 + 0.25*float64(i)
	}
	values[100] = 1e9
	near(t, "slope of 3600 points", theilSen(values), 0.25, 1e-6)
	near(t, "slope of 20 points", theilSen(values[:20]), 0.25, 1e-6)
	near(t, "median of none", median(nil), 0, 0)
}

func series(medians ...float64) (points []Point) {
	for i, m := range medians {
		ns := int64(m * 1e6)
		points = append(points, Point{TS: float64(i + 1), P50NS: &ns})
	}
	return points
}

func TestBacklogGrows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	random := make([]float64, 30)
	for i := range random {
		random[i] = 2 + rng.Float64()
	}
	growing := make([]float64, 60)
	for i := range growing {
		growing[i] = 10*float64(i) + 5 // one percent too much
	}
	tests := []struct {
		name    string
		to      float64
		medians []float64 // ms
		want    bool
	}{
		{"none", 5, nil, false},
		{"overload", 5, []float64{100, 300, 500, 700, 900, 1100, 1230}, true},
		{"overload for 2 s", 2, []float64{100, 300, 480}, true},
		{"one percent for a minute", 60, growing, true},
		{"noise", 30, random, false},
		{"a stall in the last second", 10, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 400}, false},
		{"a stall at the end of a short run", 3, []float64{1, 1, 90}, false},
		{"caught up", 10, []float64{1, 100, 300, 600, 900, 700, 500, 300, 100, 1}, false},
		{"late overload", 10, []float64{1, 1, 1, 1, 1, 1, 200, 400, 600, 800}, true},
		{"slow but steady", 10, []float64{900, 910, 905, 908, 911, 909, 912, 913, 914, 915}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := backlogGrows(series(tt.medians...), 0, tt.to); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestDrift finds what changes over a run, and does not test a short one.
func TestDrift(t *testing.T) {
	for _, tt := range []struct {
		name    string
		seconds int64
		growth  int64 // ns per second of latency
		drifts  bool
		short   bool
	}{
		{"steady", 30, 0, false, false},
		{"slower", 30, 1000, true, false},
		{"short", 10, 1000, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTest(t, Config{Phases: onePhase(time.Duration(tt.seconds) * time.Second)})
			r := c.Recorder("peer 1")
			for s := int64(0); s < tt.seconds; s++ {
				for i := int64(0); i < 50; i++ {
					now := start + s*1e9 + i*2e7
					r.RecordSend(0, now, now, -1)
					r.RecordReceive(0, 0, uint64(s*50+i), now, now, now+50_000+s*tt.growth+i, -1, -1, 1)
				}
				c.collect(start+(s+1)*1e9, false)
			}
			o := stop(t, c, Totals{Now: start + tt.seconds*1e9})
			if (o.Drift != "") != tt.drifts {
				t.Errorf("drift %q", o.Drift)
			}
			if short := len(o.Warnings) == 1 && o.Warnings[0].Code == "too_short"; short != tt.short {
				t.Errorf("warnings %v", o.Warnings)
			}
			if len(o.Series) != int(tt.seconds) {
				t.Errorf("%d points", len(o.Series))
			}
		})
	}
}
