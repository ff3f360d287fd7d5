package report

import (
	"fmt"
	"time"

	"zbench/results"
)

var patterns = []string{"req-rep", "req-router", "router-dealer", "dealer-router", "dealer-rep", "broker",
	"pub-sub", "forwarder", "push-pull", "pipeline", "pair"}

var transports = []string{"tcp", "ipc", "inproc"}

func speed(transport string) time.Duration {
	return map[string]time.Duration{"tcp": 31 * time.Microsecond, "ipc": 24 * time.Microsecond, "inproc": 9 * time.Microsecond}[transport]
}

func achievedBy(transport string) float64 {
	return map[string]float64{"tcp": 141e3, "ipc": 172e3, "inproc": 268e3}[transport]
}

// docs make the reports that tests render, by name.
func docs() map[string]func() *Doc {
	return map[string]func() *Doc{
		"one":        func() *Doc { return New(load{tail: 0.004}.source()) },
		"transports": func() *Doc { return transportsDoc(1, 20_000) },
		"repeats2":   func() *Doc { return transportsDoc(2, 2_000) },
		"repeats10":  func() *Doc { return transportsDoc(10, 2_000) },
		"patterns":   patternsDoc,
		"sweep":      sweepDoc,
		"lost":       lostDoc,
		"few":        func() *Doc { return transportsDoc(1, 300) },
		"long":       longDoc,
		"stall":      stallDoc,
		"engines":    enginesDoc,
		"fan-out":    fanOutDoc,
		"bare":       bareDoc,
		"empty":      func() *Doc { return New() },
		"failed":     func() *Doc { return New(failed()) },
		"tiny":       func() *Doc { return New(load{size: "0", unstamped: true}.source(), load{size: "64"}.source()) },
		"staged":     stagedDoc,
	}
}

func stallDoc() *Doc {
	return New(load{loop: results.ScheduledLockstep, rate: 1000, stall: true, n: 20_000, seconds: 20}.source())
}

func bareDoc() *Doc {
	return New(load{bare: true}.source(), load{bare: true, transport: "ipc", p50: 22 * time.Microsecond}.source())
}

func transportsDoc(repeats, n int) *Doc {
	var all []Source
	for r := 1; r <= repeats; r++ {
		for _, t := range transports {
			all = append(all, load{transport: t, p50: speed(t), tail: 0.003, n: n, repeat: r}.source())
			all = append(all, load{pattern: "push-pull", transport: t, achieved: achievedBy(t), p50: 40 * speed(t), sigma: 0.6, n: n, repeat: r}.source())
		}
	}
	return New(all...)
}

func patternsDoc() *Doc {
	var all []Source
	for i, p := range patterns {
		for _, t := range transports {
			l := load{pattern: p, transport: t, p50: speed(t) + time.Duration(i)*time.Microsecond, tail: 0.002, n: 10_000, seconds: 2}
			if kindOf(p) == "one_way" {
				l.achieved, l.sigma = achievedBy(t)/float64(1+i%3), 0.5
			}
			if p == "forwarder" && t == "tcp" {
				l.lost, l.verdict, l.reason = 412, results.Lossy, "412 of 10,000 deliveries never arrived (4.12 %); at most 0 % may be lost"
			}
			if p == "pair" {
				l.warnings = []results.Warning{{Code: "too_short", Detail: "2 intervals are too few to see whether it drifts; run for 20 s or more"}}
			}
			all = append(all, l.source())
		}
	}
	return New(all...)
}

func sweepDoc() *Doc {
	var all []Source
	for _, t := range []string{"tcp", "inproc"} {
		for i, rate := range []float64{1e3, 2e3, 5e3, 10e3, 20e3, 50e3, 100e3} {
			l := load{pattern: "dealer-router", transport: t, loop: results.Open, rate: rate, n: 10_000,
				p50: speed(t) * time.Duration(10+i*i) / 10, sigma: 0.2 + 0.1*float64(i), tail: 0.003}
			if t == "tcp" && rate >= 50e3 {
				l.verdict, l.reason, l.achieved, l.p50 = results.Unsustainable, "the backlog grows to the end: 41,000 messages behind", 38e3, 400*time.Millisecond
			}
			if t == "tcp" && rate == 100e3 {
				l.lost = 700
			}
			all = append(all, l.source())
		}
	}
	return New(all...)
}

func lostDoc() *Doc {
	const why = "every message was lost: no subscriber received one"
	return New(load{pattern: "pub-sub", n: 10_000, lost: 10_000, verdict: results.Lossy, reason: why, bare: true}.source())
}

func failed() Source {
	return Source{Run: results.Run{ID: "x", Scenario: "sample", Repeat: 1, Verdict: results.Failed,
		Reasons: []results.Reason{{Verdict: results.Failed, Detail: "bind tcp://127.0.0.1:5555: address in use; choose another port or * for any"}},
		Cell:    results.Cell{Pattern: "req-rep", Transport: "tcp", Engine: "null", PeerEngine: "null", Size: "64", Loop: results.Lockstep}}}
}

func longDoc() *Doc {
	var all []Source
	for i, s := range []string{"64:70%+1KiB:25%+64KiB:5%", "16:10%+64:20%+256:20%+1KiB:20%+4KiB:20%+64KiB:10%"} {
		for _, e := range []string{"go-zeromq", "some-very-long-engine-name"} {
			all = append(all, load{pattern: "router-dealer", size: s, engine: e, window: 1000, clients: 12 + i, n: 10_000,
				p50: time.Duration(1+i) * 120 * time.Microsecond}.source())
		}
	}
	return New(all...)
}

func enginesDoc() *Doc {
	var all []Source
	for i, e := range []string{"go-zeromq", "zmtp", "libzmq", "null"} {
		for _, t := range transports {
			all = append(all, load{pattern: "push-pull", engine: e, transport: t, achieved: achievedBy(t) * []float64{1, 60, 20, 130}[i],
				p50: 900 * time.Microsecond / time.Duration(1+i*3), sigma: 0.5, n: 10_000}.source())
		}
	}
	return New(all...)
}

func fanOutDoc() *Doc {
	var all []Source
	for _, n := range []int{1, 2, 4, 8} {
		for r := 1; r <= 3; r++ {
			l := load{pattern: "pub-sub", peers: n, achieved: 120e3 / float64(n), p50: time.Duration(n) * 200 * time.Microsecond, n: 10_000, repeat: r}
			if n == 8 && r == 2 {
				l.lost, l.verdict, l.reason = 30, results.Lossy, "30 of 10,000 deliveries never arrived (0.3 %)"
			}
			l.thresholds = []results.Threshold{{Expr: "service.p99 < 2ms", Status: "pass", Detail: "1.1 ms"}}
			if n == 8 {
				l.thresholds[0].Status, l.thresholds[0].Detail = "fail", "2.9 ms"
			}
			all = append(all, l.source())
		}
	}
	return New(all...)
}

func stagedDoc() *Doc {
	l := load{pattern: "dealer-router", loop: results.Open, rate: 3000, stages: "10s@1k+10s@5k", seconds: 20, n: 60_000}
	s := l.source()
	for i, rate := range []float64{1000, 5000} {
		s.Run.Stages = append(s.Run.Stages, results.Stage{Name: fmt.Sprintf("10s@%dk", int(rate/1000)), FromS: 1 + 10*float64(i), ToS: 11 + 10*float64(i),
			Throughput: results.Throughput{OfferedMsgsPerS: &rate, AchievedMsgsPerS: &rate}, Latency: s.Run.Latency})
	}
	return New(s)
}
