package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Steady state: a run drifts when one of its figures per interval has a
// monotonic trend (Mann-Kendall, p < 0.01) that is large enough to matter
// (Theil-Sen, at least 5 % of the median over the run).
const (
	leastIntervals = 20
	trendP         = 0.01
	trendShare     = 0.05
)

// steadiness tests each measured phase by itself: a change of load between
// stages is no drift, and neither is one within a ramp.
func (c *Collector) steadiness(o *Outcome) {
	tested := false
	for _, p := range c.cfg.Phases {
		if !p.Measured || strings.Contains(p.Name, "..") {
			continue
		}
		to := p.To.Seconds()
		if p.To >= endless {
			to = o.MeasuredToS
		}
		points := whole(o.Series, c.cfg.Interval.Seconds(), p.From.Seconds(), to)
		if len(points) < leastIntervals {
			continue
		}
		tested = true
		if found := drift(points); found != "" && o.Drift == "" {
			o.Drift = found
			if len(o.Stages) > 0 {
				o.Drift = p.Name + ": " + found
			}
		}
	}
	if !tested {
		o.Warnings = append(o.Warnings, Warning{"too_short", fmt.Sprintf(
			"fewer than %d whole intervals were measured, so steadiness was not tested: run longer", leastIntervals)})
	}
	o.Warnings = append(o.Warnings, memoryGrows(o.Series, c.cfg.Interval.Seconds(), o.MeasuredFromS, o.MeasuredToS)...)
	if c.cfg.Scheduled {
		o.BacklogGrows = backlogGrows(o.Series, o.MeasuredFromS, o.MeasuredToS)
	}
}

// whole gives the intervals of length seconds that lie between from and to.
func whole(series []Point, length, from, to float64) (points []Point) {
	slack, begin := length/10, 0.0
	for _, p := range series {
		if begin >= from-slack && p.TS <= to+slack && p.TS-begin >= length-slack {
			points = append(points, p)
		}
		begin = p.TS
	}
	return points
}

// drift names what drifts over the points, "" if nothing does.
func drift(points []Point) string {
	var rates, medians []float64
	for _, p := range points {
		rates = append(rates, p.AchievedMsgsPerS)
		if p.P50NS != nil {
			medians = append(medians, float64(*p.P50NS))
		}
	}
	for _, figure := range []struct {
		name   string
		values []float64
	}{{"p50", medians}, {"rate", rates}} {
		if share, ok := trend(figure.values); ok {
			return fmt.Sprintf("%s changes by %+.0f %% over the run", figure.name, 100*share)
		}
	}
	return ""
}

// trend gives the change over all values as a share of their median, and
// whether it is a drift.
func trend(values []float64) (share float64, drifts bool) {
	if len(values) < leastIntervals {
		return 0, false
	}
	slope := theilSen(values)
	middle := median(values)
	if middle == 0 {
		return 0, false
	}
	share = slope * float64(len(values)-1) / middle
	return share, math.Abs(share) >= trendShare && mannKendall(values, slope) < trendP
}

// mannKendall gives the two-sided p of the trend test, its variance corrected
// for correlation of neighbours once the trend is taken off (effective sample
// size, Yue and Wang 2004, of a first-order process).
func mannKendall(values []float64, slope float64) float64 {
	n := float64(len(values))
	s := score(values)
	variance := n * (n - 1) * (2*n + 5) / 18
	for _, t := range ties(values) {
		variance -= t * (t - 1) * (2*t + 5) / 18
	}
	if variance <= 0 {
		return 1
	}
	// A first-order process correlates by rho^k at lag k.
	if rho := lagOne(values, slope); rho > 0 {
		sum := 0.0
		power := 1.0
		for k := 1.0; k < n; k++ {
			power *= rho
			sum += (n - k) * power
		}
		variance *= 1 + 2*sum/n
	}
	z := math.Max(math.Abs(s)-1, 0) / math.Sqrt(variance)
	return math.Erfc(z / math.Sqrt2)
}

// score is the number of rising pairs less that of falling ones.
func score(values []float64) (s float64) {
	for i, a := range values {
		for _, b := range values[i+1:] {
			switch {
			case b > a:
				s++
			case b < a:
				s--
			}
		}
	}
	return s
}

// ties gives the sizes of the groups of equal values.
func ties(values []float64) (sizes []float64) {
	groups := map[float64]float64{}
	for _, v := range values {
		groups[v]++
	}
	for _, n := range groups {
		if n > 1 {
			sizes = append(sizes, n)
		}
	}
	return sizes
}

// lagOne is the correlation of neighbours once the trend is taken off.
func lagOne(values []float64, slope float64) float64 {
	rest := make([]float64, len(values))
	mean := 0.0
	for i, v := range values {
		rest[i] = v - slope*float64(i)
		mean += rest[i] / float64(len(values))
	}
	var with, own float64
	for i, v := range rest {
		own += (v - mean) * (v - mean)
		if i > 0 {
			with += (v - mean) * (rest[i-1] - mean)
		}
	}
	if own == 0 {
		return 0
	}
	return min(with/own, 0.95)
}

// longestSlope bounds the pairs of theilSen: longer series are thinned by
// medians of neighbours.
const longestSlope = 600

// theilSen is the median slope of all pairs, per step.
func theilSen(values []float64) float64 {
	group := (len(values) + longestSlope - 1) / longestSlope
	if group > 1 {
		return theilSen(thin(values, group)) / float64(group)
	}
	slopes := make([]float64, 0, len(values)*(len(values)-1)/2)
	for i, a := range values {
		for j := i + 1; j < len(values); j++ {
			slopes = append(slopes, (values[j]-a)/float64(j-i))
		}
	}
	return median(slopes)
}

func thin(values []float64, group int) (medians []float64) {
	for chunk := range slices.Chunk(values, group) {
		medians = append(medians, median(chunk))
	}
	return medians
}

// median of values, 0 of none; it leaves them as they are.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
