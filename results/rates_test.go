package results

import (
	"bytes"
	"testing"
	"time"
)

// TestRates: none flatters. Times are ms since the run's start; each message is
// due (or sent) at its index × gap and arrives at arrive(index), never if that
// is below 0.
func TestRates(t *testing.T) {
	const ms = int64(time.Millisecond)
	prompt := func(gap int64) func(int64) int64 { return func(i int64) int64 { return i*gap + 1 } }
	window := func(to time.Duration) []Phase {
		return []Phase{{Name: "measured", To: to, Measured: true}}
	}
	warm := []Phase{{Name: "warmup", To: time.Second}, {Name: "measured", From: time.Second, To: endless, Measured: true}}
	for _, tt := range []struct {
		name      string
		cfg       Config
		n, gap    int64
		arrive    func(i int64) int64
		end       Totals
		want, tol float64
	}{
		{"scheduled, all in time", Config{Scheduled: true, Phases: window(2 * time.Second)}, 1000, 2, prompt(2), Totals{}, 500, 0.01},
		{"scheduled, ten messages", Config{Scheduled: true, Phases: window(time.Second)}, 10, 100, prompt(100), Totals{}, 10, 0.01},
		{"scheduled, the service dies after 1 s of 2.2", Config{Scheduled: true, Phases: window(2200 * time.Millisecond)}, 1100, 2,
			func(i int64) int64 {
				if i >= 500 {
					return -1
				}
				return i*2 + 1
			}, Totals{}, 227.3, 0.1},
		{"scheduled, the peer stalls to the end and then takes all", Config{Scheduled: true, Phases: window(2 * time.Second)}, 1000, 2,
			func(i int64) int64 {
				if i >= 500 {
					return 4001
				}
				return i*2 + 1
			}, Totals{}, 250, 0.1},
		{"scheduled, random and by count", Config{Scheduled: true, Phases: window(endless)}, 1000, 2, prompt(2), Totals{Counted: true}, 500, 0.01},
		{"scheduled, interrupted", Config{Scheduled: true, Phases: window(10 * time.Second)}, 500, 2, prompt(2),
			Totals{Stopped: start + 1000*ms}, 500, 0.01},
		{"ten huge messages in 3.2 s", Config{Phases: window(endless)}, 10, 0,
			func(i int64) int64 { return 2300 + 100*i }, Totals{Counted: true}, 10 / 3.2, 0.01},
		{"by count, the last is lost", Config{Phases: window(endless)}, 10, 100,
			func(i int64) int64 {
				if i == 9 {
					return -1
				}
				return 100*i + 1
			}, Totals{Counted: true}, 10, 0.01},
		{"what came in the window, of whatever phase", Config{Phases: warm, MeasuredTo: 3 * time.Second}, 3000, 1,
			func(i int64) int64 { return i + 500 }, Totals{}, 1000, 1},
		{"the peer stalls after the window's first half", Config{Phases: warm, MeasuredTo: 3 * time.Second}, 3000, 1,
			func(i int64) int64 {
				if i >= 2000 {
					return 3001
				}
				return i
			}, Totals{}, 500, 1},
		{"as fast as it goes, interrupted", Config{Phases: warm, MeasuredTo: 30 * time.Second}, 3000, 1, func(i int64) int64 { return i },
			Totals{Stopped: start + 3000*ms}, 1000, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTest(t, tt.cfg)
			s, r := c.Recorder(""), c.Recorder("peer 1")
			for i := range tt.n {
				at := start + i*tt.gap*ms
				s.RecordSend(0, at, at, -1)
				if a := tt.arrive(i); a >= 0 {
					r.RecordReceive(0, 0, uint64(i), at, at, start+a*ms, -1, -1, 64)
				}
			}
			end := tt.end
			end.Now = start + 60e9
			if tt.cfg.Scheduled {
				end.Offered, end.OfferedMeasured = uint64(tt.n), uint64(tt.n)
			}
			o := stop(t, c, end)
			if o.Throughput.AchievedMsgsPerS == nil {
				t.Fatal("no rate")
			}
			near(t, "achieved", *o.Throughput.AchievedMsgsPerS, tt.want, tt.tol)
			near(t, "bytes", *o.Throughput.AchievedBytesPerS, 64*tt.want, 64*tt.tol)
		})
	}
}

// TestStageIsLate: what arrives after a stage's end counts for the stage in
// which it was due, and for as long as it took.
func TestStageIsLate(t *testing.T) {
	c := newTest(t, Config{Scheduled: true, Phases: []Phase{
		{Name: "1s@1k", To: time.Second, Measured: true},
		{Name: "1s@100", From: time.Second, To: 2 * time.Second, Measured: true},
		{Name: "1s@10", From: 2 * time.Second, To: 3 * time.Second, Measured: true},
	}})
	r := c.Recorder("peer 1")
	seq := uint64(0)
	send := func(due, arrival int64) {
		r.RecordSend(0, start+due*1e6, start+due*1e6, 0)
		if arrival > 0 {
			r.RecordReceive(0, 0, seq, start+due*1e6, start+due*1e6, start+arrival*1e6, -1, -1, 10)
		}
		seq++
	}
	for i := range int64(1000) {
		send(i, 2*i+1) // at half the rate: the last one after 2 s
	}
	for i := range int64(100) {
		send(1000+10*i, 2000+5*i)
	}
	for i := range int64(10) {
		send(2000+100*i, 0) // none comes any more
	}
	o := stop(t, c, Totals{Offered: 1110, OfferedMeasured: 1110, OfferedByPhase: []uint64{1000, 100, 10}, Now: start + 9e9})
	for i, want := range [][2]float64{{1000, 500}, {100, 100 / 1.494}, {10, 0}} {
		rates := o.Stages[i].Throughput
		near(t, o.Stages[i].Name+" offered", *rates.OfferedMsgsPerS, want[0], 0.01)
		near(t, o.Stages[i].Name+" achieved", *rates.AchievedMsgsPerS, want[1], 0.6)
	}
}

// TestPublished: a publisher of four topics has one subscriber, of one.
func TestPublished(t *testing.T) {
	c := newTest(t, Config{Scheduled: true, Flows: 4, Phases: onePhase(time.Second)})
	s, r := c.Recorder(""), c.Recorder("peer 1")
	c.Expect("peer 1", 0)
	for i := range int64(2000) {
		at := start + i*500_000
		s.RecordSend(uint32(i%4), at, at, 0)
		if i%4 == 0 {
			r.RecordReceive(0, 0, uint64(i/4), at, at, at+1000, -1, -1, 10)
		}
	}
	o := stop(t, c, Totals{Offered: 2000, OfferedMeasured: 2000, Now: start + 2e9})
	rates := o.Throughput
	near(t, "sent", *rates.SentMsgsPerS, 2000, 1)
	near(t, "wanted", *rates.WantedMsgsPerS, 500, 1)
	near(t, "offered", *rates.OfferedMsgsPerS, 500, 0.01)
	near(t, "achieved", *rates.AchievedMsgsPerS, 500, 0.01)
	if o.Accounting.Expected != 500 || rates.DeliveredMsgsPerS != nil {
		t.Errorf("%+v %+v", o.Accounting, rates)
	}
}

// TestNothingReceivesHere: what arrived at somebody else's peer is not known.
func TestNothingReceivesHere(t *testing.T) {
	for _, scheduled := range []bool{true, false} {
		c := newTest(t, Config{Scheduled: scheduled, Phases: onePhase(time.Second)})
		s := c.Recorder("")
		for i := range int64(100) {
			s.RecordSend(0, start+i*1e7, start+i*1e7, 0)
		}
		if o := stop(t, c, Totals{Now: start + 2e9}); o.Throughput.AchievedMsgsPerS != nil || o.Throughput.WantedMsgsPerS != nil {
			t.Errorf("scheduled %v: %+v", scheduled, o.Throughput)
		}
	}
}

// TestRatesFromTheLog: a run that was killed has the rates of what is logged,
// over its window without the warm-up.
func TestRatesFromTheLog(t *testing.T) {
	for _, tt := range []struct {
		name          string
		scheduled     bool
		subscribers   []string
		want, deliver float64 // deliver 0: none
	}{
		{"scheduled", true, nil, 100, 0},
		{"unscheduled", false, nil, 100, 0},
		{"one subscriber", true, []string{"peer 1"}, 100, 0},
		{"two subscribers", true, []string{"peer 1", "peer 2"}, 100, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			c := newTest(t, Config{Scheduled: tt.scheduled, Log: &log, Phases: []Phase{
				{Name: "warmup", To: time.Second}, {Name: "measured", From: time.Second, To: 9 * time.Second, Measured: true},
			}})
			s, receivers := c.Recorder(""), []*Recorder{c.Recorder("peer 1")}
			for i, peer := range tt.subscribers {
				if i > 0 {
					receivers = append(receivers, c.Recorder(peer))
				}
				c.Expect(peer, 0)
			}
			for i := range int64(300) { // 3 s, of which 1 is warm-up
				at := start + i*1e7
				s.RecordSend(0, at, at, 0)
				for _, r := range receivers {
					r.RecordReceive(0, 0, uint64(i), at, at, at+1000, -1, -1, 10)
				}
			}
			c.collect(start+3e9, false)
			l, err := readLog(&log)
			if err != nil {
				t.Fatal(err)
			}
			var r Run
			l.fill(&r)
			near(t, "achieved", *r.Throughput.AchievedMsgsPerS, tt.want, 0.01)
			if d := r.Throughput.DeliveredMsgsPerS; (d != nil) != (tt.deliver > 0) || d != nil && *d != tt.deliver {
				t.Errorf("delivered %v, want %g", d, tt.deliver)
			}
		})
	}
}
