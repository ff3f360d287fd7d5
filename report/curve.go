package report

import (
	"math"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/results"
)

// curve is latency by quantile, as far as it may be published.
type curve struct {
	points []quantilePoint // the line
	marks  []quantileMark  // the published percentiles on it
}

type quantilePoint struct{ q, ns float64 }

type quantileMark struct {
	q   float64
	all Quantity
}

// primaryCurve is of all the cell's runs together: response where there is a
// schedule, else service.
func (c *Cell) primaryCurve() curve {
	return c.curve(c.Latency, Source.histogram, func(a results.Accounting) uint64 {
		if c.Loop.Scheduled() {
			return a.Lost + a.Unsent
		}
		return a.Lost
	})
}

// serviceCurve is beside a response, else empty.
func (c *Cell) serviceCurve() curve {
	if !c.Loop.Scheduled() {
		return curve{}
	}
	return c.curve(c.Service, func(s Source) *hdr.PackedHistogram { return s.Service },
		func(a results.Accounting) uint64 { return a.Lost })
}

// curve ends at the last percentile that is published. Messages that never
// arrived count as slower than all others.
func (c *Cell) curve(f Figures, of func(Source) *hdr.PackedHistogram, never func(results.Accounting) uint64) curve {
	var cv curve
	for _, m := range f.marks() {
		if !m.all.Known() || m.all.Median <= 0 {
			break
		}
		cv.marks = append(cv.marks, m)
	}
	if len(cv.marks) == 0 {
		return curve{}
	}
	h := c.merged(of)
	if h == nil || h.TotalCount() == 0 {
		for _, m := range cv.marks {
			cv.points = append(cv.points, quantilePoint{m.q, m.all.Median})
		}
		return cv
	}
	last := cv.marks[len(cv.marks)-1].q
	cv.points = quantilePoints(h, last, float64(c.Total.Negative), float64(never(c.Total)))
	return cv
}

// marks are the percentiles of a table, lowest first.
func (f Figures) marks() []quantileMark {
	return []quantileMark{{0.5, f.P50}, {0.9, f.P90}, {0.99, f.P99}, {0.999, f.P999}, {0.9999, f.P9999}}
}

// merged is the sum of the runs' histograms, nil where one is not at hand.
func (c *Cell) merged(of func(Source) *hdr.PackedHistogram) *hdr.PackedHistogram {
	var sum *hdr.PackedHistogram
	for _, s := range c.Sources {
		h := of(s)
		switch {
		case h == nil:
			return nil
		case sum == nil:
			sum = h.Clone()
		default:
			sum.Merge(h)
		}
	}
	return sum
}

// quantilePoints reads h at evenly spaced places of the nines axis, from the
// first percentile up to the quantile last. Below and above are messages that
// h does not hold: values under zero, and those that never arrived. A quantile
// q of n messages is the one of rank ceil(q·n), as in the published figures.
func quantilePoints(h *hdr.PackedHistogram, last, below, above float64) []quantilePoint {
	const steps = 240
	const first = 0.01 // the very least latencies would take half of the axis
	all := below + float64(h.TotalCount()) + above
	at := func(i int) (q, rank float64) {
		q = fromNines(nines(first) + (nines(last)-nines(first))*float64(i)/steps)
		return q, math.Ceil(q*all-1e-9) - below
	}
	var points []quantilePoint
	seen, next := 0.0, 0
	for low, n := range h.ForEachBucket {
		seen += float64(n)
		for ; next <= steps; next++ {
			q, rank := at(next)
			if rank > seen {
				break
			}
			if rank > 0 {
				points = append(points, quantilePoint{q, float64(max(1, bucketEnd(low)-1))})
			}
		}
	}
	return points
}
