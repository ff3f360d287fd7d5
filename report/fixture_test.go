package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/results"
)

// load is one made-up run: latencies are drawn from a log-normal body with a
// heavier tail, so that charts look like measured ones.
type load struct {
	pattern, transport, engine string
	loop                       results.Loop
	rate                       float64 // offered, 0: none
	achieved                   float64
	size                       string
	clients, peers, window     int
	p50                        time.Duration
	sigma                      float64
	tail                       float64 // share of messages ten times as slow
	n                          int
	seconds                    float64
	lost                       uint64
	repeat                     int
	verdict                    results.Verdict
	reason                     string
	warnings                   []results.Warning
	thresholds                 []results.Threshold
	stall                      bool // service is quick, response waits
	bare                       bool // no histograms at hand
	unstamped                  bool
	stages                     string
}

func kindOf(pattern string) string {
	switch pattern {
	case "push-pull", "pub-sub", "forwarder", "pipeline":
		return "one_way"
	}
	return "round_trip"
}

func loopOf(pattern string) results.Loop {
	switch pattern {
	case "req-rep", "req-router", "broker":
		return results.Lockstep
	case "push-pull", "pub-sub", "forwarder", "pipeline":
		return results.Max
	}
	return results.Window
}

func (l load) fill() load {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&l.pattern, "req-rep")
	def(&l.transport, "tcp")
	def(&l.engine, "go-zeromq")
	def(&l.size, "64")
	def((*string)(&l.loop), string(loopOf(l.pattern)))
	def((*string)(&l.verdict), string(results.Valid))
	if l.loop == results.Window && l.window == 0 {
		l.window = 1
	}
	l.clients, l.peers, l.repeat = max(1, l.clients), max(1, l.peers), max(1, l.repeat)
	if l.p50 == 0 {
		l.p50 = 31 * time.Microsecond
	}
	if l.sigma == 0 {
		l.sigma = 0.25
	}
	if l.n == 0 {
		l.n = 100_000
	}
	if l.seconds == 0 {
		l.seconds = 10
	}
	if l.achieved == 0 {
		l.achieved = l.rate
	}
	return l
}

// source makes the run, the same for the same load.
func (l load) source() Source {
	l = l.fill()
	rng := rand.New(rand.NewPCG(uint64(l.repeat), uint64(len(l.transport)*31+len(l.pattern)*7+int(l.rate))))
	drift := math.Exp(rng.NormFloat64() * 0.05)
	s := Source{Run: l.run(drift)}
	if l.unstamped {
		s.Run.Latency = results.Latency{Kind: "none", MatchedBy: "none"}
		return s
	}
	service, response := newHistogram(), newHistogram()
	for range l.n {
		v := float64(l.p50) * drift * math.Exp(rng.NormFloat64()*l.sigma)
		if rng.Float64() < l.tail {
			v *= 10 * math.Exp(rng.NormFloat64()*0.5)
		}
		_ = service.RecordValue(int64(v))
		if l.stall && rng.Float64() < 0.1 {
			v += rng.Float64() * 1e8
		}
		_ = response.RecordValue(int64(v))
	}
	lat := &s.Run.Latency
	lat.Kind, lat.MatchedBy = kindOf(l.pattern), "stamp"
	lat.Service = summary(service, l.lost)
	if l.loop.Scheduled() {
		lat.Response = summary(response, l.lost)
		lat.Lag, lat.ReceiveLag, lat.Lateness = summary(service, 0), summary(service, 0), summary(response, 0)
	}
	if !l.bare {
		s.Service = packed(service)
		if l.loop.Scheduled() {
			s.Response = packed(response)
		}
	}
	s.Run.Series = l.series(rng, lat)
	return s
}

func newHistogram() *hdr.Histogram { return hdr.New(1, 3_600_000_000_000, 3) }

func packed(h *hdr.Histogram) *hdr.PackedHistogram {
	p := hdr.NewPacked(1, 3_600_000_000_000, 3)
	p.MergeFrom(h)
	return p
}

func (l load) run(drift float64) results.Run {
	n := uint64(l.n)
	peer := l.engine
	bytes := 64.0
	_, _ = fmt.Sscanf(l.size, "%g", &bytes)
	achieved := l.achieved / drift
	if l.achieved == 0 {
		achieved = 1e9 / float64(l.p50) / drift
	}
	if l.rate > 0 {
		achieved = l.achieved
	}
	r := results.Run{
		ID: fmt.Sprintf("%s-%s-%d", l.pattern, l.transport, l.repeat), Scenario: "sample", DurationS: l.seconds + 1,
		StartedAt: time.Date(2026, 3, 4, 12, 0, l.repeat, 0, time.UTC), Repeat: l.repeat, Seed: 7,
		MeasuredFromS: 1, MeasuredToS: l.seconds + 1,
		Cell: results.Cell{Pattern: l.pattern, Engine: l.engine, PeerEngine: peer, Transport: l.transport, Size: l.size,
			MeanSizeBytes: bytes, Frames: 1, Payload: "zero", Clients: l.clients, Connections: 1, Peers: l.peers, Listen: "peer",
			Binds: []string{fmt.Sprintf("tcp://127.0.0.1:%d", 40000+l.repeat)}, Window: l.window, Loop: l.loop, RateMsgsPerS: l.rate,
			DurationS: l.seconds, WarmupS: 1, Security: "null", Placement: "goroutines", Stages: l.stages},
		Verdict: l.verdict, Warnings: l.warnings, Thresholds: l.thresholds,
		Accounting: results.Accounting{Offered: n, Sent: n, Expected: n, Received: n - l.lost, Lost: l.lost},
		Resources: []results.Resources{{Side: "all", CPUNSPerMsg: 5400, AllocsPerMsg: 12, VoluntarySwitches: 31000,
			InvoluntarySwitches: 200, GCPauseMaxNS: 180_000, GCCycles: 4, MaxRSSBytes: 41 << 20}},
		Environment: results.Environment{CPU: "Example CPU at 3 GHz", Cores: 2, Governor: "unknown", Kernel: "6.18.0", OS: "linux",
			Arch: "amd64", Go: "go1.26", Libzmq: "none", Engines: map[string]string{l.engine: "0.17.0"},
			LoadAverage: [3]float64{0.1 * float64(l.repeat), 0.1, 0.1}, Virtualisation: "kvm", Zbench: "0.1.0"},
	}
	if l.loop.Scheduled() {
		r.Cell.Arrival = "constant"
		r.Throughput.OfferedMsgsPerS = &l.rate
	}
	r.Throughput.AchievedMsgsPerS = &achieved
	volume := achieved * bytes
	r.Throughput.AchievedBytesPerS = &volume
	if l.peers > 1 && (l.pattern == "pub-sub" || l.pattern == "forwarder") {
		delivered := achieved * float64(l.peers)
		r.Throughput.DeliveredMsgsPerS = &delivered
	}
	if l.verdict != results.Valid {
		r.Reasons = []results.Reason{{Verdict: l.verdict, Detail: l.reason}}
	}
	return r
}

// summary publishes what ten messages beyond it bear out, and no percentile
// that lost messages reach.
func summary(h *hdr.Histogram, lost uint64) *results.Summary {
	n := float64(h.TotalCount())
	kept := n - float64(lost)
	s := &results.Summary{Count: uint64(kept), Unpublished: map[string]string{}}
	mean, low, high := h.Mean(), h.Min(), h.Max()
	if kept <= 0 {
		for _, name := range []string{"min_ns", "mean_ns", "p50_ns", "p90_ns", "p99_ns", "p99_9_ns", "p99_99_ns", "max_ns"} {
			s.Unpublished[name] = "lost"
		}
		return s
	}
	s.MinNS, s.MeanNS = &low, &mean
	for _, p := range []struct {
		q    float64
		name string
		at   **int64
	}{{0.5, "p50_ns", &s.P50NS}, {0.9, "p90_ns", &s.P90NS}, {0.99, "p99_ns", &s.P99NS}, {0.999, "p99_9_ns", &s.P999NS}, {0.9999, "p99_99_ns", &s.P9999NS}} {
		v := h.ValueAtQuantile(p.q * 100)
		switch {
		case p.q*n > kept:
			s.Unpublished[p.name] = "lost"
		case n*(1-p.q) < 10:
			s.Unpublished[p.name] = "too_few"
		default:
			*p.at = &v
		}
	}
	if lost > 0 {
		s.Unpublished["max_ns"] = "lost"
	} else {
		s.MaxNS = &high
	}
	return s
}

func (l load) series(rng *rand.Rand, lat *results.Latency) []results.Point {
	sum := lat.Service
	if l.loop.Scheduled() {
		sum = lat.Response
	}
	var points []results.Point
	rate := l.achieved
	if rate == 0 {
		rate = 1e9 / float64(l.p50)
	}
	shift := func(v *int64, sigma float64) *int64 {
		if v == nil {
			return nil
		}
		w := int64(float64(*v) * math.Exp(rng.NormFloat64()*sigma))
		return &w
	}
	for t := 1.0; t <= l.seconds+1; t++ {
		p := results.Point{TS: t, AchievedMsgsPerS: rate * math.Exp(rng.NormFloat64()*0.04)}
		p.P50NS, p.P99NS, p.MaxNS = shift(sum.P50NS, 0.04), shift(sum.P99NS, 0.15), shift(sum.MaxNS, 0.4)
		if l.loop.Scheduled() {
			lag := int64(12_000 * math.Exp(rng.NormFloat64()*0.3))
			receiveLag := int64(15_000 * math.Exp(rng.NormFloat64()*0.2))
			p.LagP99NS, p.ReceiveLagP99NS = &lag, &receiveLag
		}
		if l.lost > 0 && int(t)%4 == 0 {
			p.Lost = int64(l.lost) / 3
		}
		points = append(points, p)
	}
	return points
}
