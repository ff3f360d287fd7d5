package results

// Loop is how load is made; runs of different loops are different experiments.
type Loop string

// The loops of a load role.
const (
	Lockstep          Loop = "lockstep"           // next when the reply has come
	ScheduledLockstep Loop = "scheduled_lockstep" // the same, each with a due time
	Window            Loop = "window"             // N in flight
	Open              Loop = "open"               // by schedule, whatever comes back
	Max               Loop = "max"                // as fast as it goes
)

// Scheduled reports whether messages of this loop have a due time, and so a
// response latency and a lag.
func (l Loop) Scheduled() bool { return l == ScheduledLockstep || l == Open }

// External is the engine of a side that is somebody else's.
const External = "external"

// Cell is one fully resolved combination, in the words of the command line.
type Cell struct {
	Pattern       string   `json:"pattern"`
	Engine        string   `json:"engine"`
	PeerEngine    string   `json:"peer_engine"` // External for somebody else's
	MiddleEngine  string   `json:"middle_engine,omitempty"`
	Transport     string   `json:"transport"`
	Size          string   `json:"size"` // "64", "64:70%+1KiB:30%"
	MeanSizeBytes float64  `json:"mean_size_bytes"`
	Frames        int      `json:"frames"`
	Payload       string   `json:"payload"` // "zero", "random", "file:PATH" or "template:TEXT"
	Topics        int      `json:"topics"`
	Clients       int      `json:"clients"`
	Connections   int      `json:"connections"`
	Middles       int      `json:"middles"`
	Peers         int      `json:"peers"`
	Listen        string   `json:"listen"` // "load" or "peer"
	Identity      string   `json:"identity,omitempty"`
	Binds         []string `json:"binds"`     // as resolved
	Endpoints     []string `json:"endpoints"` // given with --connect or --bind
	Window        int      `json:"window"`
	Loop          Loop     `json:"loop"`
	RateMsgsPerS  float64  `json:"rate_msgs_per_s"` // of all clients; 0: none
	Arrival       string   `json:"arrival,omitempty"`
	Stages        string   `json:"stages,omitempty"`
	DurationS     float64  `json:"duration_s"` // of the measured part; 0: by count
	Count         uint64   `json:"count"`      // 0: by duration
	WarmupS       float64  `json:"warmup_s"`
	HWM           int      `json:"hwm"`              // messages; 0: the engine's default
	AtHWM         string   `json:"at_hwm,omitempty"` // of publishers: "drop" or "block"
	SndBuf        int      `json:"sndbuf"`           // bytes; 0: the engine's default
	RcvBuf        int      `json:"rcvbuf"`
	IOThreads     int      `json:"io_threads"`          // of an engine; 0: its default
	Security      string   `json:"security"`            // "null", "plain", "plain:USER", "curve" or "curve:KEY"
	AllowLoss     float64  `json:"allow_loss"`          // fraction, 0.01 is 1 %
	TimeoutS      float64  `json:"timeout_s,omitempty"` // a request without a reply by then is lost; of echoing patterns
	Subscribe     string   `json:"subscribe,omitempty"` // prefixes joined by +, "*" for all: zbench subscribes to a publisher
	PeerDelay     string   `json:"peer_delay,omitempty"`
	PeerStall     string   `json:"peer_stall,omitempty"`
	Placement     string   `json:"placement"`            // "goroutines", "processes", "hosts", "external"
	TargetPID     int      `json:"target_pid,omitempty"` // of a service whose resources are sampled
}
