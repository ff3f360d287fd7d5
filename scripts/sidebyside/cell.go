package main

import "cmp"

// metric is what a cell compares.
type metric string

const (
	rate      metric = "msgs_per_s"        // more is better
	roundTrip metric = "round_trip_p50_ns" // less is better
)

// cell is one kind of work, which every contender does in its own way.
type cell struct {
	name      string
	pattern   string // as zbench calls it
	transport string // tcp, ipc or inproc
	size      int    // bytes of a body
	width     int    // subscribers, or messages in flight; else 1
	metric    metric
	wants     []want
}

// want is a ratio that a contender shall reach to another one: a lower bound
// for rates, an upper one for round trips. Zero: none is named.
type want struct {
	against    string
	least, aim float64
	of         string // "": the subject
}

// who is the contender of whom it is wanted.
func (w want) who() string { return cmp.Or(w.of, subject) }

// subject is the contender of whom something is wanted.
const subject = "zmtp"

// layer is the contender that is zbench on libzmq: what it loses to the
// library's own loop is what zbench costs.
const layer = "libzmq-engine"

// cells are all there are, in the order in which they run.
func cells() []cell {
	fast := want{"go-zeromq", 40, 0, ""}
	limit := want{"plain", 0, 1, ""}
	trip := []want{{"libzmq", 0.35, 0.15, ""}, {"plain", 1.3, 1.1, ""}, {"go-zeromq", 0.6, 0, ""}}
	return []cell{
		{"push-pull-tcp-64B", "push-pull", "tcp", 64, 1, rate, []want{{"libzmq", 4.5, 0, ""}, limit, fast, {"libzmq", 0.85, 0, layer}}},
		{"push-pull-tcp-1KiB", "push-pull", "tcp", 1 << 10, 1, rate, []want{{"libzmq", 4, 0, ""}, limit, fast}},
		{"push-pull-tcp-16KiB", "push-pull", "tcp", 16 << 10, 1, rate, []want{{"libzmq", 2.5, 0, ""}, limit, fast}},
		{"push-pull-ipc-64B", "push-pull", "ipc", 64, 1, rate, []want{{"libzmq", 4.5, 0, ""}, limit, fast}},
		{"push-pull-inproc-64B", "push-pull", "inproc", 64, 1, rate, []want{{"libzmq", 6, 12, ""}, fast}},
		{"pub-sub-tcp-64B", "pub-sub", "tcp", 64, 8, rate, []want{{"libzmq", 4, 8, ""}, fast}},
		{"dealer-router-tcp-64B", "dealer-router", "tcp", 64, 64, rate, []want{{"libzmq", 3, 6, ""}, fast}},
		{"req-rep-tcp-64B", "req-rep", "tcp", 64, 1, roundTrip, trip},
		{"req-rep-ipc-64B", "req-rep", "ipc", 64, 1, roundTrip, trip},
	}
}

func cellNames() []string {
	var names []string
	for _, c := range cells() {
		names = append(names, c.name)
	}
	return names
}
