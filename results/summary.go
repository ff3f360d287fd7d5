package results

import (
	"math"
	"math/bits"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// distribution is a histogram with its mirror below zero, and the messages
// that are to count as +∞: unsent, lost, or beyond the histogram.
type distribution struct {
	values   *hdr.PackedHistogram // nil: empty
	mirrored *hdr.PackedHistogram // |v| of the values below zero; nil: none
	beyond   uint64               // +∞

	batches      []distribution // the same by time, for intervals; nil: none
	clockErrorNS int64          // percentiles below three times it are not published
}

// Why a percentile is not published.
const (
	causeLost     = "lost"
	causeTooFew   = "too_few"
	causeClock    = "below_clock_error"
	causeUnknown  = "not_measured"
	leastJudged   = 100
	leastInTail   = 10 // a percentile p of n values is published where n(1−p) is at least this
	clockTimes    = 3  // times the error of the clock
	roundingSlack = 1e-9
)

func size(h *hdr.PackedHistogram) uint64 {
	if h == nil {
		return 0
	}
	return uint64(h.TotalCount())
}

func (d *distribution) count() uint64 { return size(d.values) + size(d.mirrored) }

// at gives the value of rank ceil(p·n), n with the infinities; nil where that
// is +∞ or there is nothing.
func (d *distribution) at(p float64) *int64 {
	n := d.count() + d.beyond
	if n == 0 {
		return nil
	}
	rank := uint64(math.Ceil(p*float64(n) - roundingSlack))
	rank = min(max(rank, 1), n)
	below := size(d.mirrored)
	switch {
	case rank <= below:
		v := -valueAt(d.mirrored, below-rank+1)
		return &v
	case rank <= below+size(d.values):
		v := valueAt(d.values, rank-below)
		return &v
	}
	return nil
}

// without gives the percentile p that is left, at least, without the messages of
// which too much is the generator's for that percentile, as if those were the
// slowest; nil where the percentile itself is +∞ or there is none.
func (d *distribution) without(late *distribution, p float64) *int64 {
	whole, n := d.at(p), d.count()+d.beyond
	if whole == nil {
		return nil
	}
	few := late.above(int64(max(ownLimitNS, ownLimitShare*float64(*whole))))
	return d.at(p * float64(n-min(few, n)) / float64(n))
}

// above counts what is more than v.
func (d *distribution) above(v int64) uint64 {
	n := d.count() + d.beyond
	if d.values == nil {
		return n
	}
	for low, count := range d.values.ForEachBucket {
		if low <= v {
			n -= uint64(count)
		}
	}
	return n
}

// valueAt is the highest value equivalent to that of the rank, from 1 on.
func valueAt(h *hdr.PackedHistogram, rank uint64) (v int64) {
	seen := uint64(0)
	for low, n := range h.ForEachBucket {
		seen += uint64(n)
		if seen >= rank {
			return highest(low)
		}
	}
	return h.Max()
}

// highest is the largest value that shares the bucket with low: 3 digits take
// 11 bits.
func highest(low int64) int64 {
	spare := max(bits.Len64(uint64(low))-11, 0)
	return low + 1<<spare - 1
}

// summary publishes what d supports.
func (d *distribution) summary() *Summary {
	s := &Summary{Count: d.count()}
	total := float64(s.Count + d.beyond)
	publish := func(name string, p float64) *int64 {
		cause, v := "", d.at(p)
		switch {
		case total == 0:
			cause = causeUnknown
		case p < 1 && total*(1-p) < leastInTail-roundingSlack*total:
			cause = causeTooFew
		case v == nil:
			cause = causeLost
		case p < 1 && max(*v, -*v) < clockTimes*d.clockErrorNS:
			cause = causeClock
		default:
			if p < 1 && d.batches != nil {
				s.bound(name, d.interval(p, *v))
			}
			return v
		}
		s.refuse(name, cause)
		return nil
	}
	s.P50NS = publish("p50_ns", 0.5)
	s.P90NS = publish("p90_ns", 0.9)
	s.P99NS = publish("p99_ns", 0.99)
	s.P999NS = publish("p99_9_ns", 0.999)
	s.P9999NS = publish("p99_99_ns", 0.9999)
	s.MaxNS = publish("max_ns", 1)
	if s.Count+d.beyond >= leastJudged {
		s.judged = d.at(0.99)
	}
	d.edges(s)
	return s
}

// edges sets the least value and the mean.
func (d *distribution) edges(s *Summary) {
	cause := ""
	switch {
	case s.Count+d.beyond == 0:
		cause = causeUnknown
	case s.Count == 0:
		cause = causeLost
	}
	if cause != "" {
		s.refuse("min_ns", cause)
		s.refuse("mean_ns", cause)
		return
	}
	low, sum := int64(0), 0.0
	if size(d.mirrored) > 0 {
		low = -d.mirrored.Max()
		sum -= d.mirrored.Mean() * float64(size(d.mirrored))
	} else {
		low = d.values.Min()
	}
	if size(d.values) > 0 {
		sum += d.values.Mean() * float64(size(d.values))
	}
	s.MinNS = &low
	if d.beyond > 0 {
		s.refuse("mean_ns", causeLost)
		return
	}
	mean := sum / float64(s.Count)
	s.MeanNS = &mean
}

func (s *Summary) refuse(name, cause string) {
	if s.Unpublished == nil {
		s.Unpublished = map[string]string{}
	}
	s.Unpublished[name] = cause
}

func (s *Summary) bound(name string, iv Interval) {
	if s.Intervals == nil {
		s.Intervals = map[string]Interval{}
	}
	s.Intervals[name] = iv
}
