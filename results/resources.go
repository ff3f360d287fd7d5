package results

import (
	"math"
	"runtime/metrics"
	"time"
)

// Resources of one side over the measured window. Of a service under test
// ("target") only the system's figures are known, over all its processes.
type Resources struct {
	Side                string       `json:"side"` // "load", "middle", "peer", "all" or "target"
	CPUNSPerMsg         float64      `json:"cpu_ns_per_msg"`
	AllocsPerMsg        float64      `json:"allocs_per_msg"`
	VoluntarySwitches   uint64       `json:"voluntary_switches"`
	InvoluntarySwitches uint64       `json:"involuntary_switches"`
	GCPauseMaxNS        int64        `json:"gc_pause_max_ns"`
	GCCycles            uint64       `json:"gc_cycles"`          // garbage collections
	LookedS             float64      `json:"looked_s,omitempty"` // loops looked at their sockets for so long where they could have slept
	CoresAwake          CoresAwake   `json:"cores_awake,omitempty"`
	MaxRSSBytes         uint64       `json:"max_rss_bytes"`
	MaxThreads          int          `json:"max_threads,omitempty"` // of a target
	Series              []UsagePoint `json:"series,omitempty"`      // of a target
}

// CoresAwake is what came of asking the system to have idle cores ready at once;
// "": it was not asked, or cannot be.
type CoresAwake string

const (
	AwakeKept    CoresAwake = "kept"
	AwakeRefused CoresAwake = "refused" // that takes a right that zbench did not have
)

// UsagePoint is what a service used in one interval of about a second.
type UsagePoint struct {
	TS       float64 `json:"t_s"`       // its end, since the run's start
	CPUCores float64 `json:"cpu_cores"` // CPU time divided by wall time
	RSSBytes uint64  `json:"rss_bytes"` // at the end
	Threads  int     `json:"threads"`   // at the end
}

// Meter measures what this whole process uses from StartMeter to Stop: with
// all roles in one process, all of them together.
type Meter struct{ before usage }

// usage is a reading of counters since the process began.
type usage struct {
	cpu                    time.Duration // user and system
	voluntary, involuntary uint64        // context switches
	maxRSSBytes            uint64        // since the meter started, where the system can say; else ever
	allocs                 uint64        // heap objects
	collections            uint64        // of garbage
	pauses                 *metrics.Float64Histogram
}

// StartMeter starts measuring.
func StartMeter() *Meter {
	resetPeak()
	return &Meter{before: readUsage()}
}

// Stop gives the resources used since StartMeter, for msgs messages: sent and
// echoed ones count once. With none the figures per message are 0.
func (m *Meter) Stop(msgs uint64) Resources {
	now := readUsage()
	r := Resources{
		Side:                "all",
		VoluntarySwitches:   now.voluntary - m.before.voluntary,
		InvoluntarySwitches: now.involuntary - m.before.involuntary,
		GCPauseMaxNS:        longestPause(m.before.pauses, now.pauses),
		GCCycles:            now.collections - m.before.collections,
		MaxRSSBytes:         now.maxRSSBytes,
	}
	if msgs > 0 {
		r.CPUNSPerMsg = float64(now.cpu-m.before.cpu) / float64(msgs)
		r.AllocsPerMsg = float64(now.allocs-m.before.allocs) / float64(msgs)
	}
	return r
}

// readUsage asks the system, then the Go runtime.
func readUsage() usage {
	u := systemUsage()
	samples := []metrics.Sample{
		{Name: "/gc/heap/allocs:objects"},
		{Name: "/sched/pauses/total/gc:seconds"},
		{Name: "/gc/cycles/total:gc-cycles"},
	}
	metrics.Read(samples)
	if v := samples[0].Value; v.Kind() == metrics.KindUint64 {
		u.allocs = v.Uint64()
	}
	if v := samples[1].Value; v.Kind() == metrics.KindFloat64Histogram {
		u.pauses = v.Float64Histogram()
	}
	if v := samples[2].Value; v.Kind() == metrics.KindUint64 {
		u.collections = v.Uint64()
	}
	return u
}

// longestPause gives the upper end, in ns, of the highest bucket that grew.
func longestPause(before, now *metrics.Float64Histogram) int64 {
	if before == nil || now == nil || len(before.Counts) != len(now.Counts) {
		return 0
	}
	for i := len(now.Counts) - 1; i >= 0; i-- {
		if now.Counts[i] == before.Counts[i] {
			continue
		}
		end := now.Buckets[i+1]
		if math.IsInf(end, 1) {
			end = now.Buckets[i]
		}
		return int64(end * 1e9)
	}
	return 0
}
