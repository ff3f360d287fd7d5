package results

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// server departs every message d after the later of its arrival and the
// departure before: its latencies are known exactly.
type server struct {
	last    int64
	service func() int64
}

func (v *server) depart(arrival int64) int64 {
	v.last = max(v.last, arrival) + v.service()
	return v.last
}

func constant(d time.Duration) func() int64 { return func() int64 { return int64(d) } }

// play sends every message that is due in time to the server and hands its
// reply to a collector, whose intervals are a second or a hundredth of it all.
func play(t *testing.T, length time.Duration, dues func(i int) (due int64, ok bool), arrive func(due int64) (sent, received int64)) *Outcome {
	t.Helper()
	interval := max(length/100, time.Second)
	c := newTest(t, Config{Kind: RoundTrip, Scheduled: true, Phases: onePhase(length), Interval: interval})
	r := c.Recorder("peer 1")
	n, tick, now := uint64(0), start+int64(interval), start
	for ; ; n++ {
		due, ok := dues(int(n))
		if !ok {
			break
		}
		sent, received := arrive(start + due)
		for received >= tick {
			c.collect(tick, false)
			tick += int64(interval)
		}
		r.RecordSend(0, start+due, sent, 0)
		r.RecordReceive(0, 0, n, start+due, sent, received, -1, -1, 64)
		now = received
	}
	return stop(t, c, Totals{Offered: n, OfferedMeasured: n, Now: now})
}

// paced is due every gap for length.
func paced(gap, length time.Duration) func(int) (int64, bool) {
	return func(i int) (int64, bool) {
		due := int64(i) * int64(gap)
		return due, due < int64(length)
	}
}

// poisson is n arrivals, on average one a gap.
func poisson(rng *rand.Rand, gap time.Duration, n int) func(int) (int64, bool) {
	due := 0.0
	return func(i int) (int64, bool) {
		due += rng.ExpFloat64() * float64(gap)
		return int64(due), i < n
	}
}

func millisOf(ns *int64) float64 {
	if ns == nil {
		return math.NaN()
	}
	return float64(*ns) / 1e6
}

// check wants each figure within the relative tolerance, in ms.
func check(t *testing.T, s *Summary, tolerance float64, mean, p50, p90, p99, p999 float64) {
	t.Helper()
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"mean", *s.MeanNS / 1e6, mean}, {"p50", millisOf(s.P50NS), p50}, {"p90", millisOf(s.P90NS), p90},
		{"p99", millisOf(s.P99NS), p99}, {"p99.9", millisOf(s.P999NS), p999},
	} {
		if math.Abs(f.got-f.want) > tolerance*f.want || math.IsNaN(f.got) {
			t.Errorf("%s is %.3f ms, want %.3f", f.name, f.got, f.want)
		}
	}
}

// TestMD1 is a queue with Poisson arrivals, constant service of 1 ms and load
// 0.7.
func TestMD1(t *testing.T) {
	const n, load = 10_000_000 / fewer, 0.7
	rng := rand.New(rand.NewPCG(7, 7))
	v := server{service: constant(time.Millisecond)}
	gap := time.Duration(math.Round(1e6 / load))
	o := play(t, time.Duration(n)*gap, poisson(rng, gap, n), func(due int64) (int64, int64) { return due, v.depart(due) })
	check(t, o.Latency.Response, 0.01*slack, 2.167, 1.730, 4.077, 7.485, 10.894)
	if o.BacklogGrows || o.Drift != "" {
		t.Errorf("backlog grows: %v, drift: %q", o.BacklogGrows, o.Drift)
	}
	near(t, "rate", *o.Throughput.AchievedMsgsPerS, 700, 2*slack)
	near(t, "offered", *o.Throughput.OfferedMsgsPerS, 700, 2*slack)
}

// TestMM1 is the same with exponential service: −ln(1−p)/(μ−λ).
func TestMM1(t *testing.T) {
	const n, load = 5_000_000 / fewer, 0.7
	rng := rand.New(rand.NewPCG(8, 8))
	v := server{service: func() int64 { return int64(rng.ExpFloat64() * 1e6) }}
	gap := time.Duration(math.Round(1e6 / load))
	o := play(t, time.Duration(n)*gap, poisson(rng, gap, n), func(due int64) (int64, int64) { return due, v.depart(due) })
	check(t, o.Latency.Response, 0.03*slack, 3.333, 2.310, 7.675, 15.35, 23.03)
}

// TestLoadedIsNoBacklog plays short runs at a load of 0.7, where luck alone
// may look like growth.
func TestLoadedIsNoBacklog(t *testing.T) {
	for seed := uint64(0); seed < 100/fewer; seed++ {
		rng := rand.New(rand.NewPCG(seed, 9))
		v := server{service: func() int64 { return int64(rng.ExpFloat64() * 1e6) }}
		length := time.Duration(2+seed%9) * time.Second
		gap := time.Duration(math.Round(1e6 / 0.7))
		o := play(t, length, poisson(rng, gap, int(length/gap)), func(due int64) (int64, int64) { return due, v.depart(due) })
		if o.BacklogGrows {
			t.Errorf("seed %d, %v: the backlog is said to grow", seed, length)
		}
	}
}

// TestOverload offers 1250/s to a server of 1000/s for 5 s.
func TestOverload(t *testing.T) {
	v := server{service: constant(time.Millisecond)}
	o := play(t, 5*time.Second, paced(800*time.Microsecond, 5*time.Second),
		func(due int64) (int64, int64) { return due, v.depart(due) })
	near(t, "max", millisOf(o.Latency.Response.MaxNS), 1251, 1.5)
	near(t, "rate", *o.Throughput.AchievedMsgsPerS, 1000, 0.2)
	near(t, "offered", *o.Throughput.OfferedMsgsPerS, 1250, 0.01)
	if !o.BacklogGrows {
		t.Error("the backlog is not seen to grow")
	}
	r := Run{Cell: Cell{Loop: Open, Pattern: "dealer-router"}}
	o.Fill(&r)
	Judge(&r, o.Signals())
	if r.Verdict != Unsustainable {
		t.Errorf("verdict %s, reasons %v", r.Verdict, r.Reasons)
	}
}

// TestStall stops the server for 100 ms every second. An open loop waits in
// the server's queue; a lockstep one waits before it sends.
func TestStall(t *testing.T) {
	for _, tt := range []struct {
		name     string
		lockstep bool
	}{{"open", false}, {"scheduled lockstep", true}} {
		t.Run(tt.name, func(t *testing.T) {
			v := server{}
			free := int64(0)
			o := play(t, 20*time.Second, paced(time.Millisecond, 20*time.Second), func(due int64) (int64, int64) {
				sent := due
				if tt.lockstep {
					sent = max(due, free)
				}
				v.service = constant(20 * time.Microsecond)
				begin := max(sent, v.last)
				if into := (begin - start) % 1e9; into < 100e6 {
					v.last = begin - into + 100e6
				}
				free = v.depart(sent)
				return sent, free
			})
			near(t, "response p99", millisOf(o.Latency.Response.P99NS), 90.2, 1.5)
			near(t, "response p99.9", millisOf(o.Latency.Response.P999NS), 99, 1.5)
			if service := millisOf(o.Latency.Service.P99NS); tt.lockstep != (service < 2) {
				t.Errorf("service p99 is %.2f ms", service)
			}
			if o.BacklogGrows || o.Drift != "" {
				t.Errorf("backlog grows: %v, drift: %q", o.BacklogGrows, o.Drift)
			}
		})
	}
}

// TestLost lets an unsent or lost message count as +∞.
func TestLost(t *testing.T) {
	c := newTest(t, Config{Kind: RoundTrip, Scheduled: true, Phases: onePhase(10 * time.Second)})
	r := c.Recorder("peer 1")
	const n = 10_000
	for i := int64(0); i < n; i++ {
		now := start + i*1_000_000
		r.RecordSend(0, now, now, 100)
		if i%200 != 0 {
			r.RecordReceive(0, 0, uint64(i), now, now, now+1e6, -1, -1, 64)
		}
	}
	o := stop(t, c, Totals{Offered: n + n/100, OfferedMeasured: n + n/100, Now: start + 11e9})
	// 0.5 % lost and 1 % unsent: p99 of the response is among them, p99 of
	// the service is not.
	resp, serv := o.Latency.Response, o.Latency.Service
	if resp.P99NS != nil || resp.Unpublished["p99_ns"] != "lost" || resp.P90NS == nil {
		t.Errorf("response: %+v", resp)
	}
	if serv.P99NS == nil || serv.P999NS != nil || serv.Unpublished["p99_9_ns"] != "lost" || serv.Unpublished["p99_99_ns"] != "too_few" {
		t.Errorf("service: %+v", serv)
	}
	if o.Accounting.Unsent != n/100 || o.Accounting.Lost != n/200 {
		t.Errorf("%+v", o.Accounting)
	}
}
