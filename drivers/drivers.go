// Package drivers makes load and measures it: the table of patterns and a
// handful of loops that play its roles on sockets of any engine.
//
// A run opens its sockets, sends a flagged probe over every path (the start
// barrier), then lets the load loops go by the schedule while the peers echo or
// collect. Every message carries a stamp; the side that measures checks flow,
// sequence and payload and records the latencies from the due time and from the
// actual send time. The supervisor gives every wait a deadline.
package drivers

import (
	"io"
	"time"

	"zbench/engines"
	"zbench/results"
)

// Setup is one run to be made.
type Setup struct {
	ID          string // of the run
	Scenario    string
	Repeat      int // 1, 2, …
	Cell        results.Cell
	Load        engines.Engine
	Middle      engines.Engine // nil where the pattern has none
	Peer        engines.Engine
	Seed        uint64
	Force       bool          // open sockets that Supports refuses
	Scratch     string        // directory for ipc sockets
	Timeout     time.Duration // of opening, joining and closing; 0: 10 s
	Environment results.Environment
	Password    string        // of security plain:USER
	Keys        engines.Curve // of what serves and listens with security curve; empty: made for the run
	Target      Watch         // nil: no service whose resources are sampled
}

// Watch samples the service under test while a run measures. Where the warm-up
// does not end neither is called.
type Watch interface {
	Begin(at time.Duration) // so long after the run's start
	End(msgs uint64)        // with how many messages were sent since Begin
}

// Output is where a run reports while it goes on. Both may be nil.
type Output struct {
	Log        io.Writer // HdrHistogram interval log
	OnInterval func(results.Point)
}

// NewCell is a cell with everything left open: Resolve fills it in. A negative
// WarmupS means unset, for 0 is a choice.
func NewCell() results.Cell { return results.Cell{WarmupS: -1} }
