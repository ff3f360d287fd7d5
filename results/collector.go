package results

import (
	"io"
	"time"
)

// Phase is a part of the schedule, by due time (send time where nothing is
// due): the warm-up (Measured false), then stages, or one phase "measured".
type Phase struct {
	Name     string
	From, To time.Duration // since the run's start
	Measured bool
}

// Config says what a Collector is to collect.
type Config struct {
	Start      int64         // clock reading (ns, CLOCK_MONOTONIC) of the run's start
	StartWall  time.Time     // the same instant, for the log
	Phases     []Phase       // in order and contiguous; the last may be open-ended (To = 1<<62)
	Scheduled  bool          // response and lag exist
	Kind       string        // "round_trip", "one_way" or "none": none records no latency
	Flows      int           // flow ids are 0..Flows-1
	Interval   time.Duration // 0: 1 s
	Log        io.Writer     // HdrHistogram interval log; nil: none
	OnInterval func(Point)   // called from the collector's goroutine; nil: none
}

// Collector gathers what the recorders of a run measured.
type Collector struct{ cfg Config }

// NewCollector checks cfg.
func NewCollector(cfg Config) (*Collector, error) { return &Collector{cfg: cfg}, nil }

// Recorder makes the recorder of one goroutine; before Start.
func (c *Collector) Recorder(peer string) *Recorder { return &Recorder{} }

// Expect says that the receiver peer shall get every message of flow.
func (c *Collector) Expect(peer string, flow uint32) {}

// Start starts the interval goroutine.
func (c *Collector) Start() {}

// Stop closes the accounting after all measuring goroutines have ended.
func (c *Collector) Stop(end Totals) (*Outcome, error) { return &Outcome{}, nil }

// Totals is what only the load side knows at the end of a run.
type Totals struct {
	Offered         uint64
	OfferedMeasured uint64   // of measured phases
	OfferedByPhase  []uint64 // by index of Config.Phases; nil: unknown
	Now             int64    // clock reading of the end
}

// Outcome is what a run's collector found.
type Outcome struct {
	Accounting   Accounting
	Throughput   Throughput
	Latency      Latency
	PerPeer      []PeerResult
	Stages       []Stage
	Series       []Point
	BacklogGrows bool
	Drift        string    // what drifted; "": nothing, or not tested
	Warnings     []Warning // found while measuring
}

// Fill copies what o knows into r.
func (o *Outcome) Fill(r *Run) {}

// Signals gives what Judge needs of o beside the Run.
func (o *Outcome) Signals() Signals { return Signals{} }

// Recorder takes the measurements of one goroutine.
type Recorder struct{}

// Begin opens a burst of records.
func (r *Recorder) Begin() {}

// End closes it.
func (r *Recorder) End() {}

// RecordSend counts one sent message.
func (r *Recorder) RecordSend(flow uint32, due, sent, lag int64) {}

// RecordBlocked adds time spent in Alloc, Send and Flush.
func (r *Recorder) RecordBlocked(ns int64) {}

// RecordReceive counts one received message and its latencies.
func (r *Recorder) RecordReceive(flow, path uint32, seq uint64, due, sent, now int64, bytes int) {}

// RecordUnstamped counts one received message that carries no stamp.
func (r *Recorder) RecordUnstamped(flow uint32, now int64, bytes int) {}

// RecordCorrupt counts a message that was damaged or is not of this run.
func (r *Recorder) RecordCorrupt() {}

// RecordError counts a failed operation.
func (r *Recorder) RecordError() {}

// Sent is the number of messages sent, as of the last End.
func (r *Recorder) Sent() uint64 { return 0 }

// Received is the number of messages received, as of the last End.
func (r *Recorder) Received() uint64 { return 0 }
