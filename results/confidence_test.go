package results

import (
	"math"
	"math/rand/v2"
	"testing"
)

// inTime makes a distribution of the values of parts that follow one another.
func inTime(parts [][]int64) distribution {
	var all sums
	var course batches
	for _, part := range parts {
		s := &sums{}
		for _, v := range part {
			_ = s.need(service).RecordValue(v)
		}
		all.add(s)
		course.push(s)
	}
	return distribution{values: all.h[service], batches: course.of(service, service)}
}

// coverage is how often the interval of p holds the true quantile, and how
// often there is one.
func coverage(p float64, truth float64, draw func(*rand.Rand) [][]int64) (held, given float64) {
	const runs = 200 / fewer
	rng := rand.New(rand.NewPCG(7, 7))
	for range runs {
		d := inTime(draw(rng))
		iv := d.interval(p, *d.at(p))
		if iv.LowNS == nil || iv.HighNS == nil {
			continue
		}
		given++
		if float64(*iv.LowNS) <= truth*1.002 && truth <= float64(*iv.HighNS)*1.002 {
			held++
		}
	}
	return held / given, given / runs
}

// TestIntervals: they hold the truth 95 times of 100, whether messages are
// independent or share the fate of their neighbours.
func TestIntervals(t *testing.T) {
	const parts, each, mean = 45, 200, 1e6
	independent := func(rng *rand.Rand) [][]int64 {
		out := make([][]int64, parts)
		for i := range out {
			for range each {
				out[i] = append(out[i], int64(rng.ExpFloat64()*mean))
			}
		}
		return out
	}
	// Every value comes ten times in a row.
	clustered := func(rng *rand.Rand) [][]int64 {
		out := make([][]int64, parts)
		for i := range out {
			for range each / 10 {
				v := int64(rng.ExpFloat64() * mean)
				for range 10 {
					out[i] = append(out[i], v)
				}
			}
		}
		return out
	}
	for name, draw := range map[string]func(*rand.Rand) [][]int64{"independent": independent, "clustered": clustered} {
		for _, p := range []float64{0.5, 0.9} {
			held, given := coverage(p, -math.Log(1-p)*mean, draw)
			if held < 1-0.09*slack || given < 1-0.05*slack {
				t.Errorf("%s, p%g: %.3f of the intervals hold the truth, %.3f given", name, 100*p, held, given)
			}
		}
	}
	if held, given := coverage(0.99, -math.Log(0.01)*mean, independent); held < 1-0.09*slack || given < 1-0.05*slack {
		t.Errorf("p99: %.3f, given %.3f", held, given)
	}
	if _, given := coverage(0.99, 1, clustered); given > 0.5 {
		t.Errorf("p99 of 900 independent values: %.3f have an interval, though only nine lie beyond", given)
	}
}

// TestOneEventHasNoInterval: a percentile that a single stall makes is a fact
// about the run, but says nothing about another one.
func TestOneEventHasNoInterval(t *testing.T) {
	parts := make([][]int64, 60)
	for i := range parts {
		for k := range int64(1000) {
			v := 1000 + k
			if i == 20 {
				v += k * 2e6
			}
			parts[i] = append(parts[i], v)
		}
	}
	d := inTime(parts)
	s := d.summary()
	if s.P99NS == nil || s.Intervals["p99_ns"].Unpublished != causeTooFew {
		t.Errorf("p99 %v, interval %+v", s.P99NS, s.Intervals["p99_ns"])
	}
	if iv := s.Intervals["p50_ns"]; iv.LowNS == nil || *iv.LowNS > *s.P50NS || *iv.HighNS < *s.P50NS {
		t.Errorf("p50 %d, interval %+v", *s.P50NS, iv)
	}
}

func TestIntervalReachesTheLost(t *testing.T) {
	parts := make([][]int64, 40)
	for i := range parts {
		for k := range int64(1000) {
			parts[i] = append(parts[i], 1000+k)
		}
	}
	d := inTime(parts)
	d.beyond = 399 // of 40,399: the p99 is the last that arrived
	iv := d.interval(0.99, *d.at(0.99))
	if iv.LowNS == nil || iv.HighNS != nil || iv.Unpublished != causeLost {
		t.Errorf("interval %+v", iv)
	}
}

func TestBelowClockError(t *testing.T) {
	d := inTime([][]int64{{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900}})
	d.clockErrorNS = 40
	s := d.summary()
	if s.P50NS != nil || s.Unpublished["p50_ns"] != causeClock {
		t.Errorf("p50 of 100 ns with a clock error of 40 ns: %v, %q", s.P50NS, s.Unpublished["p50_ns"])
	}
	if s.MinNS == nil || s.MaxNS == nil {
		t.Error("least and most are gone")
	}
	d.clockErrorNS = 30
	if s := d.summary(); s.P50NS == nil {
		t.Error("a p50 of 100 ns is more than three times 30 ns")
	}
}

func TestStudent(t *testing.T) {
	for freedom, want := range map[int]float64{4: 2.7764, 9: 2.2622, 19: 2.0930, 39: 2.0227, 1000: 1.9623} {
		if got := student(freedom); math.Abs(got/want-1) > 0.004 {
			t.Errorf("%d degrees of freedom: %.4f, want %.4f", freedom, got, want)
		}
	}
}

// TestBatchesStayFew: however long a run is, its distributions by time take
// the room of eighty.
func TestBatchesStayFew(t *testing.T) {
	var b batches
	for i := range int64(1000) {
		s := &sums{}
		_ = s.need(service).RecordValue(i + 1)
		b.push(s)
	}
	total := uint64(0)
	for _, d := range b.of(service, service) {
		total += d.count()
	}
	if len(b.parts) > 2*batchCount || len(b.parts) < batchCount || total != 1000 {
		t.Errorf("%d parts with %d values", len(b.parts), total)
	}
}
