package results

import (
	"testing"
	"time"
)

// TestFanOut has three subscribers, of which one misses a tenth.
func TestFanOut(t *testing.T) {
	const n = 10_000
	c := newTest(t, Config{Phases: onePhase(10 * time.Second)})
	s := c.Recorder("")
	var subs []*Recorder
	for _, name := range []string{"a", "b", "c"} {
		subs = append(subs, c.Recorder(name))
		c.Expect(name, 0)
	}
	for i := int64(0); i < n; i++ {
		now := start + i*1_000_000
		s.RecordSend(0, now, now, -1)
		for k, r := range subs {
			if k == 2 && i%10 == 5 {
				continue
			}
			r.RecordReceive(0, 0, uint64(i), now, now, now+50_000, -1, -1, 100)
		}
	}
	o := stop(t, c, Totals{Now: start + 10e9})
	want := Accounting{Offered: n, Sent: n, Expected: 3 * n, Received: 3*n - n/10, Lost: n / 10}
	if o.Accounting != want {
		t.Errorf("got  %+v\nwant %+v", o.Accounting, want)
	}
	if got := o.PerPeer[2].Accounting.Lost; got != n/10 {
		t.Errorf("subscriber c lost %d, want %d", got, n/10)
	}
	near(t, "delivered", *o.Throughput.DeliveredMsgsPerS, 2900, 1)
	near(t, "achieved", *o.Throughput.AchievedMsgsPerS, 2900.0/3, 1)
	near(t, "bytes", *o.Throughput.AchievedBytesPerS, 2900.0/3*100, 100)
}

// TestStages measures each stage by itself, with its own losses.
func TestStages(t *testing.T) {
	c := newTest(t, Config{Scheduled: true, Phases: []Phase{
		{Name: "warmup", To: time.Second},
		{Name: "2s@100", From: time.Second, To: 3 * time.Second, Measured: true},
		{Name: "1s@1k", From: 3 * time.Second, To: 4 * time.Second, Measured: true},
	}})
	r := c.Recorder("peer 1")
	seq := uint64(0)
	send := func(at time.Duration, latency int64) {
		due := start + int64(at)
		r.RecordSend(0, due, due, 50)
		if seq%10 != 9 || at < 3*time.Second {
			r.RecordReceive(0, 0, seq, due, due, due+latency, -1, -1, 10)
		}
		seq++
	}
	for at := time.Duration(0); at < 3*time.Second; at += 10 * time.Millisecond {
		send(at, 1000)
	}
	c.collect(start+3e9, false)
	for at := 3 * time.Second; at < 4*time.Second; at += time.Millisecond {
		send(at, 2000)
	}
	o := stop(t, c, Totals{
		Offered: 1310, OfferedMeasured: 1210, OfferedByPhase: []uint64{100, 200, 1010}, Now: start + 5e9,
	})
	if len(o.Stages) != 2 {
		t.Fatalf("%d stages", len(o.Stages))
	}
	first, second := o.Stages[0], o.Stages[1]
	if *first.Latency.Response.P50NS != 1000 || *second.Latency.Service.P50NS/10 != 200 {
		t.Errorf("p50 %d and %d", *first.Latency.Response.P50NS, *second.Latency.Service.P50NS)
	}
	if first.Latency.Response.MaxNS == nil || second.Latency.Service.Unpublished["max_ns"] != "lost" {
		t.Errorf("%+v, %+v", first.Latency.Response, second.Latency.Service)
	}
	near(t, "offered", *second.Throughput.OfferedMsgsPerS, 1010, 0.01)
	near(t, "achieved first", *first.Throughput.AchievedMsgsPerS, 100, 0.01)
	near(t, "achieved second", *second.Throughput.AchievedMsgsPerS, 900, 1)
	if first.FromS != 1 || second.ToS != 4 || o.MeasuredFromS != 1 || o.MeasuredToS != 4 {
		t.Errorf("%+v", o)
	}
	if o.Accounting.Unsent != 10 || o.Accounting.Lost != 100 {
		t.Errorf("%+v", o.Accounting)
	}
}

// TestOddLatencies keeps what the plain histogram cannot.
func TestOddLatencies(t *testing.T) {
	c := newTest(t, Config{Phases: onePhase(1 << 62)})
	s, r := c.Recorder(""), c.Recorder("peer 1")
	latencies := []int64{-300, -200, -100, 0, 100, 2 * longestNS}
	for i := 0; i < 60; i++ {
		s.RecordSend(0, start, start, -1)
		r.RecordReceive(0, 0, uint64(i), start, start, start+latencies[i%6], -1, -1, 1)
	}
	o := stop(t, c, Totals{Now: start + 1e9})
	if a := o.Accounting; a.Negative != 30 || a.OutOfRange != 10 || a.Received != 60 {
		t.Errorf("%+v", a)
	}
	sv := o.Latency.Service
	if sv.Count != 50 || *sv.MinNS != -300 || *sv.P50NS != -100 || sv.MaxNS != nil || sv.Unpublished["max_ns"] != "lost" {
		t.Errorf("%+v", sv)
	}
}

// TestSentRate: of the time in which messages could be sent, also where the
// senders stood still at its end, but not of what an early end cut off.
func TestSentRate(t *testing.T) {
	for seconds, want := range map[int64]float64{1: 10, 2: 5.5} {
		c := newTest(t, Config{Kind: RoundTrip, Phases: onePhase(2e9)})
		r := c.Recorder("")
		for i := range int64(11) {
			r.RecordSend(0, start+i*1e8, start+i*1e8, -1)
		}
		c.collect(start+1e9, false)
		o := stop(t, c, Totals{Now: start + seconds*1e9})
		if rate := o.Throughput.SentMsgsPerS; rate == nil || *rate != want || o.Throughput.AchievedMsgsPerS != nil {
			t.Errorf("after %d s: throughput %+v, want %g/s", seconds, o.Throughput, want)
		}
		if o.Series[0].SentMsgsPerS != 11 {
			t.Errorf("series %+v", o.Series)
		}
	}
}
