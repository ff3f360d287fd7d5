package results

import (
	"math"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Interval is where a percentile lies with 95 % confidence, in ns, by how much
// the parts of its run differ. Where a bound is null Unpublished says why:
// "too_few" independent messages, or "lost": the bound is among the lost.
type Interval struct {
	LowNS       *int64 `json:"low_ns"`
	HighNS      *int64 `json:"high_ns"`
	Unpublished string `json:"unpublished,omitempty"`
}

// leastBatches is how many parts of time a run needs for an interval.
const leastBatches = 5

// interval is Woodruff's (1952), with the variance of batch means: the share
// of messages at or below v is looked at in every batch, and the interval is
// what has the ranks n·(p ± t·se). Neighbouring messages share their fate, so
// se is larger than that of n independent ones; then n counts for less, and
// where fewer than ten of them lie beyond, there is no interval.
func (d *distribution) interval(p float64, v int64) Interval {
	parts := group(d.batches, batchCount)
	if len(parts) < leastBatches {
		return Interval{Unpublished: causeTooFew}
	}
	se := max(spreadOf(parts, v), math.Sqrt(p*(1-p)/float64(d.count()+d.beyond)))
	if p*(1-p)*(1-p)/(se*se) < leastInTail*(1-1e-6) {
		return Interval{Unpublished: causeTooFew}
	}
	reach := student(len(parts)-1) * se
	iv := Interval{LowNS: d.at(max(p-reach, 0)), HighNS: d.at(min(p+reach, 1))}
	if iv.HighNS == nil {
		iv.Unpublished = causeLost
	}
	return iv
}

// spreadOf is the standard error of the share of messages at or below v.
// Batches count by their messages, for not all have equally many.
func spreadOf(batches [][]distribution, v int64) float64 {
	below, size := make([]float64, len(batches)), make([]float64, len(batches))
	total, under := 0.0, 0.0
	for i, parts := range batches {
		for _, d := range parts {
			below[i] += float64(d.atMost(v))
			size[i] += float64(d.count() + d.beyond)
		}
		under += below[i]
		total += size[i]
	}
	share, sum := under/total, 0.0
	for i := range batches {
		off := (below[i] - share*size[i]) / total
		sum += off * off
	}
	b := float64(len(batches))
	return math.Sqrt(sum * b / (b - 1))
}

// group joins neighbours into at most n groups of about the same number.
func group(parts []distribution, n int) [][]distribution {
	n = min(n, len(parts))
	groups := make([][]distribution, n)
	for i := range groups {
		groups[i] = parts[i*len(parts)/n : (i+1)*len(parts)/n]
	}
	return groups
}

// atMost counts the values up to v.
func (d *distribution) atMost(v int64) uint64 {
	if v < 0 {
		return size(d.mirrored) - upTo(d.mirrored, -v-1)
	}
	return size(d.mirrored) + upTo(d.values, v)
}

func upTo(h *hdr.PackedHistogram, v int64) (n uint64) {
	if h == nil {
		return 0
	}
	for low, k := range h.ForEachBucket {
		if low > v {
			break
		}
		n += uint64(k)
	}
	return n
}

// student is the 97.5 % quantile of Student's t, by the expansion of Cornish
// and Fisher: within 0.3 % from 4 degrees of freedom on.
func student(freedom int) float64 {
	const z = 1.959964
	const z3, z5, z7 = z * z * z, z * z * z * z * z, z * z * z * z * z * z * z
	n := float64(freedom)
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n)
}
