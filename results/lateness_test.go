package results

import (
	"bytes"
	"testing"
	"time"
)

// TestLateness adds the lags of both ends message by message, through the
// interval log as well.
func TestLateness(t *testing.T) {
	for _, tt := range []struct {
		name       string
		scheduled  bool
		kind       string
		lag, recv  int64
		wantRecv   int64 // -1: unknown
		wantWhole  int64 // lateness; -1: unknown
		wantSeries bool
	}{
		{"both", true, OneWay, 300, 500, 500, 800, true},
		{"no lag", true, OneWay, -1, 500, 500, 500, true},
		{"receive lag unknown", true, OneWay, 300, -1, -1, -1, false},
		{"not late", true, OneWay, 0, 0, 0, 0, true},
		{"unscheduled", false, RoundTrip, 0, 500, 500, -1, true},
		{"longer than it was on its way", false, RoundTrip, 0, 5000, 1000, -1, true},
		{"without a stamp", true, NoLatency, -1, 500, 500, -1, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const n = 2000
			var log bytes.Buffer
			c := newTest(t, Config{Scheduled: tt.scheduled, Kind: tt.kind, Log: &log, Phases: []Phase{
				{Name: "warmup", To: time.Second}, {Name: "measured", From: time.Second, To: endless, Measured: true},
			}})
			r := c.Recorder("peer 1")
			for i := range int64(2 * n) {
				now := start + i*int64(time.Second)/n
				r.RecordSend(0, now, now, tt.lag)
				if tt.kind == NoLatency {
					r.RecordUnstamped(0, now+1000, tt.recv, 64)
				} else {
					r.RecordReceive(0, 0, uint64(i), now, now, now+1000, tt.lag, tt.recv, 64)
				}
			}
			o := stop(t, c, Totals{Offered: 2 * n, OfferedMeasured: n, Now: start + 3e9})
			l, err := readLog(&log)
			if err != nil {
				t.Fatal(err)
			}
			var again Run
			l.fill(&again)
			for what, got := range map[string]Latency{"outcome": o.Latency, "log": again.Latency} {
				same(t, what+": receive lag", got.ReceiveLag, n, tt.wantRecv)
				same(t, what+": lateness", got.Lateness, n, tt.wantWhole)
			}
			if p := o.Series[0].ReceiveLagP99NS; (p != nil) != tt.wantSeries || p != nil && *p != tt.wantRecv {
				t.Errorf("series: %v", p)
			}
		})
	}
}

// TestTailOfLateMessages: fewer than one message of a hundred is late, and they make
// the p99 of the response all the same.
func TestTailOfLateMessages(t *testing.T) {
	c := newTest(t, Config{Scheduled: true, Kind: RoundTrip, Phases: []Phase{{Name: "measured", To: endless, Measured: true}}})
	r := c.Recorder("peer 1")
	const n, ms = 10_000, int64(time.Millisecond)
	for i := range int64(n) {
		due, lag, takes := start+i*ms, int64(0), ms/10
		switch {
		case i%200 == 0: // 0.5 % are late by 20 ms
			lag = 20 * ms
		case i%80 == 1: // 1.25 % take 1 ms, which is the service's
			takes = ms
		}
		r.RecordSend(0, due, due+lag, lag)
		r.RecordReceive(0, 0, uint64(i), due, due+lag, due+lag+takes, lag, 0, 64)
	}
	o := stop(t, c, Totals{Offered: n, OfferedMeasured: n, Now: start + n*ms + 1e9})
	response := o.Latency.Response
	if *o.Latency.Lateness.P99NS != 0 || *response.P99NS < ms || *response.P999NS < 20*ms {
		t.Fatalf("lateness p99 %d, response p99 %d, p99.9 %d", *o.Latency.Lateness.P99NS, *response.P99NS, *response.P999NS)
	}
	if p99, p999 := *response.inTime99, *response.inTime999; p99 < ms*9/10 || p99 > ms*11/10 || p999 < ms*9/10 || p999 > ms*11/10 {
		t.Errorf("in time p99 %d, p99.9 %d", p99, p999)
	}
}

// same wants n values that are all want, or no summary where that is below 0.
func same(t *testing.T, what string, s *Summary, n uint64, want int64) {
	t.Helper()
	switch {
	case want < 0 && s == nil:
	case want < 0 || s == nil:
		t.Errorf("%s is %+v, want %d", what, s, want)
	case s.Count != n || *s.P50NS != want || *s.MaxNS != want:
		t.Errorf("%s: %d values, p50 %d, max %d; want %d of %d", what, s.Count, *s.P50NS, *s.MaxNS, n, want)
	}
}
