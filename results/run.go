// Package results is what came out of a run: the data types of result.json,
// the Recorder that measuring goroutines fill, the accounting of every
// message, verdicts, and the files on disk. It imports nothing of zbench.
package results

import "time"

// Schema names the format of result.json.
const Schema = "zbench/result/1"

// File is result.json.
type File struct {
	Schema string `json:"schema"`
	Runs   []Run  `json:"runs"`
}

// Run is one execution of one cell.
type Run struct {
	ID            string    `json:"id"`
	Scenario      string    `json:"scenario"`
	StartedAt     time.Time `json:"started_at"`
	DurationS     float64   `json:"duration_s"` // wall time, first message to last
	Repeat        int       `json:"repeat"`     // 1, 2, …
	Seed          uint64    `json:"seed"`
	MeasuredFromS float64   `json:"measured_from_s"` // since the run's start
	MeasuredToS   float64   `json:"measured_to_s"`

	Cell        Cell         `json:"cell"`
	Verdict     Verdict      `json:"verdict"`
	Reasons     []Reason     `json:"reasons"`
	Warnings    []Warning    `json:"warnings"`
	Accounting  Accounting   `json:"accounting"`
	Throughput  Throughput   `json:"throughput"`
	Latency     Latency      `json:"latency"`
	Resources   []Resources  `json:"resources"`
	Floor       *Floor       `json:"floor,omitempty"`  // null: not measured
	Target      *Target      `json:"target,omitempty"` // the service under test, where it is known
	PerPeer     []PeerResult `json:"per_peer,omitempty"`
	Stages      []Stage      `json:"stages,omitempty"`
	Series      []Point      `json:"series"`
	Outages     []Outage     `json:"outages,omitempty"`  // of a service that exists
	Arrivals    *Arrivals    `json:"arrivals,omitempty"` // of messages without a stamp, from somebody else
	Thresholds  []Threshold  `json:"thresholds,omitempty"`
	Environment Environment  `json:"environment"`
}

// Verdict is whether a run can be believed, in one word.
type Verdict string

// Verdicts in the order of precedence: the first that applies is the run's.
const (
	Failed           Verdict = "failed"
	Interrupted      Verdict = "interrupted"
	Corrupted        Verdict = "corrupted"
	OutOfService     Verdict = "out_of_service"
	Lossy            Verdict = "lossy"
	GeneratorLimited Verdict = "generator_limited"
	Backpressured    Verdict = "backpressured"
	Unsustainable    Verdict = "unsustainable"
	Drifting         Verdict = "drifting"
	Valid            Verdict = "valid"
)

// Reason is one verdict that applies and why.
type Reason struct {
	Verdict Verdict `json:"verdict"`
	Detail  string  `json:"detail"`
}

// Warning is a doubt that does not invalidate the run.
type Warning struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Accounting counts messages over the whole run, warm-up included and probes
// not. It is closed when offered = sent + unsent and expected = received +
// lost, where expected is sent, or for fan-out sent times matching
// subscribers. Received counts each expected delivery once; duplicates are apart.
type Accounting struct {
	Offered    uint64 `json:"offered"`
	Sent       uint64 `json:"sent"`
	Unsent     uint64 `json:"unsent"`
	Expected   uint64 `json:"expected"` // deliveries
	Received   uint64 `json:"received"`
	Lost       uint64 `json:"lost"`
	Duplicated uint64 `json:"duplicated"`
	Reordered  uint64 `json:"reordered"`
	Corrupted  uint64 `json:"corrupted"`
	Errors     uint64 `json:"errors"`
	Timeouts   uint64 `json:"timeouts"`     // requests without a reply in time: they are lost
	Late       uint64 `json:"late"`         // replies to requests that were given up: not received
	Unmatched  uint64 `json:"unmatched"`    // replies that belong to no request
	OutOfRange uint64 `json:"out_of_range"` // latencies beyond 1 h
	Negative   uint64 `json:"negative"`     // one-way latencies below zero
}

// Closed reports whether every message is accounted for.
func (a Accounting) Closed() bool {
	return a.Offered == a.Sent+a.Unsent && a.Expected == a.Received+a.Lost
}

// Throughput is of the measured window of W seconds; duplicates are not counted.
// By schedule, achieved is what was due in the window and arrived, over W or
// for as long as it took to arrive if that is more: last arrival − begin of the
// window − smallest response of the run. Without a schedule it is what arrived
// in the window, over W, and where a count ends the load that count over the
// time from the first send to the last arrival. Of what is published, offered
// and achieved are the messages that some subscriber asked for: achieved is the
// delivered rate × wanted messages ÷ expected deliveries.
type Throughput struct {
	OfferedMsgsPerS   *float64 `json:"offered_msgs_per_s"` // null without a schedule
	AchievedMsgsPerS  *float64 `json:"achieved_msgs_per_s"`
	SentMsgsPerS      *float64 `json:"sent_msgs_per_s"`                // when they left; null where somebody else sends
	WantedMsgsPerS    *float64 `json:"wanted_msgs_per_s,omitempty"`    // of the sent ones, what some subscriber asked for
	AchievedBytesPerS *float64 `json:"achieved_bytes_per_s"`           // frames of bodies, without envelopes
	DeliveredMsgsPerS *float64 `json:"delivered_msgs_per_s,omitempty"` // fan-out: over all subscribers
}

// Latency holds the distributions; each is null where it has no meaning, and
// those of the generator's lateness where nobody knows it.
type Latency struct {
	Kind      string   `json:"kind"`       // "round_trip", "one_way" or "none"
	MatchedBy string   `json:"matched_by"` // "stamp", "order" or "none"
	Response  *Summary `json:"response"`   // received − due
	Service   *Summary `json:"service"`    // received − sent
	Lag       *Summary `json:"lag"`        // wake − ready: how late the generator sent
	// ReceiveLag is how late the generator read what had arrived, or the most
	// that it can have been.
	ReceiveLag *Summary `json:"receive_lag"`
	// Lateness is lag + receive lag, message by message: the generator's own
	// part of the response.
	Lateness *Summary `json:"lateness"`
	// BlockedS is the time all senders together spent inside Alloc, Send and
	// Flush while measuring.
	BlockedS float64 `json:"blocked_s"`
	// ClockErrorNS is by how much a time can be wrong: percentiles of response
	// and service below three times it are not published.
	ClockErrorNS int64 `json:"clock_error_ns"`
}

// Summary of a histogram, in nanoseconds. A percentile that cannot be
// published is nil, and Unpublished says why by its field name: "lost",
// "too_few", "below_clock_error" or "not_measured". Count is of the values
// there are; lost and unsent messages rank after them as +∞.
type Summary struct {
	Count       uint64            `json:"count"`
	MinNS       *int64            `json:"min_ns"`
	MeanNS      *float64          `json:"mean_ns"`
	P50NS       *int64            `json:"p50_ns"`
	P90NS       *int64            `json:"p90_ns"`
	P99NS       *int64            `json:"p99_ns"`
	P999NS      *int64            `json:"p99_9_ns"`
	P9999NS     *int64            `json:"p99_99_ns"`
	MaxNS       *int64            `json:"max_ns"`
	Unpublished map[string]string `json:"unpublished,omitempty"`
	// Intervals are of the published percentiles, by field name; not of those
	// of single receivers.
	Intervals map[string]Interval `json:"intervals,omitempty"`

	// judged is the 99th percentile of at least leastJudged values, whether it is
	// published or not: a verdict of zbench on itself need not forecast anything.
	judged *int64
	// inTime99 and inTime999 are the percentiles of a response that are left, at
	// least, without the messages that the generator sent or read late.
	inTime99, inTime999 *int64
}

// Target is the service under test that was started for a run, or that was
// there and was sampled.
type Target struct {
	Command     []string `json:"command,omitempty"`       // none where zbench did not start it
	PID         int      `json:"pid"`                     // leader of its process group
	ReadyAfterS float64  `json:"ready_after_s,omitempty"` // since its start
	Log         string   `json:"log,omitempty"`           // file in the result directory: its stdout and stderr
	Ended       string   `json:"ended,omitempty"`         // how it ended
}

// PeerResult is what one receiver saw.
type PeerResult struct {
	Peer       string     `json:"peer"` // "peer 1", "client 3"
	Accounting Accounting `json:"accounting"`
	Latency    Latency    `json:"latency"`
}

// Stage is one part of a staged load, measured by itself.
type Stage struct {
	Name       string     `json:"name"` // as written: "10s@1k"
	FromS      float64    `json:"from_s"`
	ToS        float64    `json:"to_s"`
	Throughput Throughput `json:"throughput"`
	Latency    Latency    `json:"latency"`
}

// Point is one interval of the series, by the time of arrival and of all
// receivers.
type Point struct {
	TS               float64 `json:"t_s"` // its end, since the run's start
	AchievedMsgsPerS float64 `json:"achieved_msgs_per_s"`
	SentMsgsPerS     float64 `json:"sent_msgs_per_s"`
	P50NS            *int64  `json:"p50_ns"` // response if scheduled, else service
	P99NS            *int64  `json:"p99_ns"`
	MaxNS            *int64  `json:"max_ns"`
	LagP99NS         *int64  `json:"lag_p99_ns"`
	ReceiveLagP99NS  *int64  `json:"receive_lag_p99_ns"`
	// Lost is by how much the overdue deliveries grew: those sent before this
	// interval that had not arrived at its end. It is negative where late ones
	// came in; over all points it adds up to the run's loss.
	Lost int64 `json:"lost"`
	// RSSBytes is the resident memory at its end, by the sides of Resources;
	// null where the system does not say.
	RSSBytes map[string]uint64 `json:"rss_bytes,omitempty"`
}

// Threshold is a scenario's demand and whether this run met it.
type Threshold struct {
	Expr   string `json:"expr"`   // "response.p99 < 2ms"
	Status string `json:"status"` // "pass", "fail" or "inconclusive"
	Detail string `json:"detail"`
	Figure string `json:"figure,omitempty"` // "response.p99"
	// Value is the figure's, in Unit: "ns", "messages/s", "bytes/s", "share" (a
	// fraction), or "" for a number. null: it has none, as Detail says.
	Value *float64 `json:"value"`
	Unit  string   `json:"unit,omitempty"`
}

// Environment is where the run took place.
type Environment struct {
	CPU            string            `json:"cpu"`
	Cores          int               `json:"cores"`
	Governor       string            `json:"governor"` // "unknown" where the host does not say
	Kernel         string            `json:"kernel"`
	OS             string            `json:"os"`
	Arch           string            `json:"arch"`
	Go             string            `json:"go"`
	Libzmq         string            `json:"libzmq"` // "none" without it
	Engines        map[string]string `json:"engines"`
	EngineDefaults map[string]string `json:"engine_defaults,omitempty"` // what options left at zero come to
	LoadAverage    [3]float64        `json:"load_average"`              // before the run
	Virtualisation string            `json:"virtualisation"`
	Zbench         string            `json:"zbench"`
}
