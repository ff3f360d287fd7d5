package report

import (
	"math"
	"math/bits"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// bins a decade of a density: as fine as the number of messages bears.
const (
	fineBins   = 40
	coarseBins = 16
	fineFrom   = 5000 // messages
)

// density is the share of messages by latency, in bins of equal width on a
// logarithmic axis.
type density struct {
	bins   int       // a decade
	first  int       // shares[0] begins at 10^(first/bins) ns
	shares []float64 // sum to 1
}

// edge is where bin i begins, in ns.
func (d density) edge(i int) float64 { return math.Pow(10, float64(d.first+i)/float64(d.bins)) }

func (d density) peak() float64 {
	most := 0.0
	for _, s := range d.shares {
		most = max(most, s)
	}
	return most
}

// newDensity spreads each of h's buckets over the bins that it covers.
func newDensity(h *hdr.PackedHistogram) density {
	d := density{bins: coarseBins}
	if h.TotalCount() >= fineFrom {
		d.bins = fineBins
	}
	total := float64(h.TotalCount())
	for low, n := range h.ForEachBucket {
		from, to := d.place(float64(max(low, 1))), d.place(float64(bucketEnd(low)))
		if len(d.shares) == 0 {
			d.first = int(math.Floor(from))
		}
		for need := int(math.Ceil(to)) - d.first; len(d.shares) < need; {
			d.shares = append(d.shares, 0)
		}
		for bin := math.Floor(from); bin < to; bin++ {
			overlap := min(to, bin+1) - max(from, bin)
			d.shares[int(bin)-d.first] += float64(n) / total * overlap / (to - from)
		}
	}
	return d
}

// bucketEnd is where the bucket that begins at low ends, for histograms of
// three digits: these take 11 bits of a value.
func bucketEnd(low int64) int64 {
	low = max(low, 1)
	return low + 1<<max(bits.Len64(uint64(low))-11, 0)
}

// place is where v lies on the axis of bins.
func (d density) place(ns float64) float64 { return math.Log10(ns) * float64(d.bins) }
