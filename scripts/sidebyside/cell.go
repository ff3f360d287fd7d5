package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"zbench/scripts/wire"
)

// metric is what a cell compares.
type metric string

const (
	rate      metric = "msgs_per_s"        // more is better
	roundTrip metric = "round_trip_p50_ns" // less is better
	pacedP50  metric = "service_p50_ns"    // of a load at a rate; less is better
	pacedP99  metric = "service_p99_ns"    // the same
)

// differs reports whether values are compared by their difference, else it is
// by their ratio. At a rate the service takes most of the time, and what a
// client adds to it is a time too.
func (m metric) differs() bool { return m == pacedP50 || m == pacedP99 }

// measure is a metric of a cell, and what is wanted of it.
type measure struct {
	metric metric
	wants  []want
}

// cell is one kind of work, which every contender does in its own way.
type cell struct {
	name      string
	pattern   string // as zbench calls it
	transport string // tcp, ipc or inproc
	size      int    // bytes of a body
	width     int    // subscribers, or messages in flight; else 1
	perS      int    // messages a second that are offered; 0: as many as go
	measures  []measure
}

// paced has a rate, and every contender then loads the same service, which is
// none of theirs.
func (c cell) paced() bool { return c.perS > 0 }

const (
	// pacedWarmup is what is left out at the start of a paced load.
	pacedWarmup = 200 * time.Millisecond
	// pacedLeast is how many messages make a p99: ten lie beyond it.
	pacedLeast = 1100
)

// pacedFor is how long a paced load takes at least, and how many messages it
// then has.
func (c cell) pacedFor(d time.Duration) (time.Duration, uint64) {
	d = max(d, pacedLeast*time.Second/time.Duration(c.perS))
	return d, uint64(d.Nanoseconds()) * uint64(c.perS) / 1e9
}

// want is what a contender shall reach beside another one: a ratio, which is a
// lower bound for rates and an upper one for round trips, or the most that it
// may be above it, in ns. Zero: none is named.
type want struct {
	against    string
	least, aim float64
	of         string // "": the subject
}

// who is the contender of whom it is wanted.
func (w want) who() string { return cmp.Or(w.of, subject) }

// subject is the contender of whom something is wanted.
const subject = "zmtp"

// beforeName is the contender that is the subject as another build has it.
const beforeName = "before"

// layer is the contender that is zbench on libzmq: what it loses to the
// library's own loop is what zbench costs.
const layer = "libzmq-engine"

// cells are all there are, in the order in which they run.
func cells() []cell {
	fast := want{"go-zeromq", 40, 0, ""}
	limit := want{"plain", 0, 1, ""}
	ofRate := func(wants ...want) []measure { return []measure{{rate, wants}} }
	trip := []measure{{roundTrip, []want{{"libzmq", 0.35, 0.15, ""}, {"plain", 1.3, 1.1, ""}, {"go-zeromq", 0.6, 0, ""}}}}
	all := []cell{
		{"push-pull-tcp-64B", "push-pull", "tcp", 64, 1, 0, ofRate(want{"libzmq", 4.5, 0, ""}, limit, fast, want{"libzmq", 0.85, 0, layer})},
		{"push-pull-tcp-1KiB", "push-pull", "tcp", 1 << 10, 1, 0, ofRate(want{"libzmq", 4, 0, ""}, limit, fast)},
		{"push-pull-tcp-16KiB", "push-pull", "tcp", 16 << 10, 1, 0, ofRate(want{"libzmq", 2.5, 0, ""}, limit, fast)},
		{"push-pull-ipc-64B", "push-pull", "ipc", 64, 1, 0, ofRate(want{"libzmq", 4.5, 0, ""}, limit, fast)},
		{"push-pull-inproc-64B", "push-pull", "inproc", 64, 1, 0, ofRate(want{"libzmq", 6, 12, ""}, fast)},
		{"pub-sub-tcp-64B", "pub-sub", "tcp", 64, 8, 0, ofRate(want{"libzmq", 4, 8, ""}, fast)},
		{"dealer-router-tcp-64B", "dealer-router", "tcp", 64, 64, 0, ofRate(want{"libzmq", 3, 6, ""}, fast)},
		{"req-rep-tcp-64B", "req-rep", "tcp", 64, 1, 0, trip},
		{"req-rep-ipc-64B", "req-rep", "ipc", 64, 1, 0, trip},
	}
	for _, pattern := range []string{"dealer-router", "req-rep"} {
		for _, perS := range []int{200, 2000, 10_000} {
			all = append(all, cell{fmt.Sprintf("paced-%s-%d", pattern, perS), pattern, "tcp", wire.BodySize, 1, perS, []measure{
				{pacedP50, []want{{"plain-c", 30_000, 5000, ""}}},
				{pacedP99, []want{{"plain-c", 100_000, 0, ""}}},
			}})
		}
	}
	return all
}

// since adds what is wanted of the subject beside an older build of itself.
func (c cell) since() cell {
	c.measures = slices.Clone(c.measures)
	for i, m := range c.measures {
		switch m.metric {
		case rate:
			c.measures[i].wants = append(slices.Clone(m.wants), want{beforeName, 0.97, 0, ""})
		case roundTrip:
			c.measures[i].wants = append(slices.Clone(m.wants), want{beforeName, 1.03, 0, ""})
		}
	}
	return c
}

func cellNames() []string {
	var names []string
	for _, c := range cells() {
		names = append(names, c.name)
	}
	return names
}
