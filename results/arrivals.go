package results

import (
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Arrivals is what can be said of messages that carry no stamp, whoever sends
// them: how they came. Gaps and silence are of each receiver by itself.
type Arrivals struct {
	Count     uint64   `json:"count"`
	MsgsPerS  *float64 `json:"msgs_per_s"` // (count − 1) / (last − first), of one receiver
	Gaps      *Summary `json:"gaps"`       // between arrivals
	SizeMin   int      `json:"size_min_bytes"`
	SizeMean  float64  `json:"size_mean_bytes"` // of all frames of a message
	SizeMax   int      `json:"size_max_bytes"`
	LongGapNS int64    `json:"long_gap_ns"` // silence is a gap longer than this
	Silences  uint64   `json:"silences"`
	SilentS   float64  `json:"silent_s"` // all silences together
}

// A gap is silence when it is longer than leastSilence and than
// silenceTimes the median gap.
const (
	leastSilence = 100 * time.Millisecond
	silenceTimes = 10
)

// ArrivalMeter takes the arrivals of one receiver; one goroutine uses it.
type ArrivalMeter struct {
	count, bytes uint64
	least, most  int
	first, last  int64
	gaps         *hdr.Histogram
	beyond       uint64
	long         []int64 // gaps that may be silence
}

// NewArrivalMeter makes a meter for one receiver.
func NewArrivalMeter() *ArrivalMeter { return &ArrivalMeter{gaps: newDense()} }

// Note takes a message of so many bytes that arrived at that clock reading.
func (m *ArrivalMeter) Note(now int64, bytes int) {
	if m.count == 0 {
		m.first, m.last, m.least = now, now, bytes
	} else {
		gap := max(now-m.last, 0)
		if m.gaps.RecordValue(gap) != nil {
			m.beyond++
		}
		if gap > int64(leastSilence) {
			m.long = append(m.long, gap)
		}
		m.last = max(now, m.last)
	}
	m.count++
	m.bytes += uint64(bytes)
	m.least, m.most = min(m.least, bytes), max(m.most, bytes)
}

// End notes how the time without messages went on until the end of the run.
func (m *ArrivalMeter) End(now int64) {
	if m.count > 0 && now-m.last > int64(leastSilence) {
		m.long = append(m.long, now-m.last)
	}
}

// SumArrivals joins the receivers of a run; nil where nothing came.
func SumArrivals(meters []*ArrivalMeter) *Arrivals {
	all := newPacked()
	a := &Arrivals{}
	bytes, beyond, rates, receivers := uint64(0), uint64(0), 0.0, 0
	for _, m := range meters {
		if m == nil || m.count == 0 {
			continue
		}
		if a.Count == 0 {
			a.SizeMin = m.least
		}
		a.Count += m.count
		bytes, beyond = bytes+m.bytes, beyond+m.beyond
		a.SizeMin, a.SizeMax = min(a.SizeMin, m.least), max(a.SizeMax, m.most)
		all.MergeFrom(m.gaps)
		if m.last > m.first {
			rates += float64(m.count-1) / seconds(m.last-m.first)
			receivers++
		}
	}
	if a.Count == 0 {
		return nil
	}
	a.SizeMean = float64(bytes) / float64(a.Count)
	if receivers > 0 {
		rate := rates / float64(receivers)
		a.MsgsPerS = &rate
	}
	d := distribution{values: all, beyond: beyond}
	a.Gaps = d.summary()
	a.LongGapNS = int64(leastSilence)
	if median := d.at(0.5); median != nil {
		a.LongGapNS = max(a.LongGapNS, silenceTimes**median)
	}
	for _, m := range meters {
		if m == nil {
			continue
		}
		for _, gap := range m.long {
			if gap > a.LongGapNS {
				a.Silences++
				a.SilentS += seconds(gap)
			}
		}
	}
	return a
}
