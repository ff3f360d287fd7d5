package results

import (
	"cmp"
	"fmt"
	"strings"
)

// Floor is what the same load takes where there is no ZeroMQ: what zbench
// itself costs on this host.
type Floor struct {
	Engine   string   `json:"engine"`
	Loop     Loop     `json:"loop,omitempty"` // it says nothing of another; "": not known
	P50NS    *int64   `json:"p50_ns"`         // as of the run: response if scheduled, else service
	MsgsPerS *float64 `json:"msgs_per_s"`     // achieved; null with a schedule, which sets it
}

// floorTimes is how many times its floor a figure must be to be mostly not
// zbench's own.
const floorTimes = 3

// FloorOf is what a run on an engine without a network says about zbench.
func FloorOf(r *Run) *Floor {
	f := &Floor{Engine: r.Cell.Engine, Loop: r.Cell.Loop}
	if !r.Cell.Loop.Scheduled() {
		f.MsgsPerS = r.Throughput.AchievedMsgsPerS
	}
	if s := primary(r); s != nil {
		f.P50NS = s.P50NS
	}
	if f.P50NS == nil && f.MsgsPerS == nil {
		return nil
	}
	return f
}

// Better is the floor that two measurements of one load make known: disturbances
// only add to what a load takes, so each figure is the better one. Either may be
// nil.
func (f *Floor) Better(g *Floor) *Floor {
	if f == nil || g == nil {
		return cmp.Or(f, g)
	}
	better := *f
	if g.P50NS != nil && (f.P50NS == nil || *g.P50NS < *f.P50NS) {
		better.P50NS = g.P50NS
	}
	if g.MsgsPerS != nil && (f.MsgsPerS == nil || *g.MsgsPerS > *f.MsgsPerS) {
		better.MsgsPerS = g.MsgsPerS
	}
	return &better
}

// Beats reports whether a run is better than its floor, which was disturbed then:
// in its rate, or in its p50. As fast as it goes, latency is the length of a queue
// and says nothing.
func (r *Run) Beats(f *Floor) (rate, p50 bool) {
	if f == nil {
		return false, false
	}
	s, achieved := primary(r), r.Throughput.AchievedMsgsPerS
	rate = !r.Cell.Loop.Scheduled() && achieved != nil && f.MsgsPerS != nil && *achieved > *f.MsgsPerS
	p50 = r.Cell.Loop != Max && s != nil && s.P50NS != nil && f.P50NS != nil && *f.P50NS > *s.P50NS
	return rate, p50
}

// SetFloor puts the floor beside the run's figures, and warns of those that
// are not far above it. It is subtracted from nothing. Both rates are of what
// arrived over the time measured; that of a run by count begins with its first
// send, which is a little less.
func (r *Run) SetFloor(f *Floor) {
	if f == nil || f.Engine == r.Cell.Engine || r.Accounting.Received == 0 {
		return
	}
	if f.Loop != "" && f.Loop != r.Cell.Loop {
		return
	}
	r.Floor = f
	s := primary(r)
	fasterRate, lowerP50 := r.Beats(f)
	if lowerP50 {
		r.Warnings = append(r.Warnings, Warning{"floor_disturbed", fmt.Sprintf(
			"how much of the figures is zbench itself is not known: the same load on the engine %s, in memory, was disturbed, for it took %s at p50, more than the %s here",
			f.Engine, inWords(float64(*f.P50NS)), inWords(float64(*s.P50NS)))})
		return
	}
	var near []string
	// As fast as it goes, latency is the length of a queue and no cost.
	if s != nil && f.P50NS != nil && r.Cell.Loop != Max {
		for _, p := range []struct {
			name string
			ns   *int64
		}{{"p50", s.P50NS}, {"p90", s.P90NS}, {"p99", s.P99NS}, {"p99.9", s.P999NS}, {"p99.99", s.P9999NS}} {
			if p.ns != nil && *p.ns < floorTimes**f.P50NS {
				near = append(near, p.name)
			}
		}
	}
	if rate := r.Throughput.AchievedMsgsPerS; !r.Cell.Loop.Scheduled() && rate != nil && f.MsgsPerS != nil {
		switch {
		case fasterRate:
			r.Warnings = append(r.Warnings, Warning{"floor_disturbed", fmt.Sprintf(
				"how much of the rate is zbench itself is not known: the same load on the engine %s, in memory, moves %s, less than the %s here",
				f.Engine, perSecond(*f.MsgsPerS), perSecond(*rate))})
		case floorTimes**rate > *f.MsgsPerS:
			near = append(near, "rate")
		}
	}
	if len(near) > 0 {
		r.Warnings = append(r.Warnings, Warning{"harness_floor", fmt.Sprintf(
			"zbench itself is a large part of %s: the same load on the engine %s, in memory,%s", strings.Join(near, ", "), f.Engine, f.says())})
	}
}

func (f *Floor) says() string {
	s := ""
	if f.P50NS != nil {
		s += " takes " + inWords(float64(*f.P50NS)) + " at p50"
	}
	if f.MsgsPerS != nil {
		if s != "" {
			s += " and"
		}
		s += " moves " + perSecond(*f.MsgsPerS)
	}
	return s
}

// primary is the latency by which a run is judged.
func primary(r *Run) *Summary {
	if r.Cell.Loop.Scheduled() {
		return r.Latency.Response
	}
	return r.Latency.Service
}
