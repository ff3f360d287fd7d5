package results

import (
	"testing"
	"time"
)

// TestNoAllocation holds the hot path to its promise, with everything it can
// be asked to record.
func TestNoAllocation(t *testing.T) {
	c := newTest(t, Config{Scheduled: true, Flows: 3, Phases: []Phase{
		{Name: "warmup", To: time.Second},
		{Name: "measured", From: time.Second, To: endless, Measured: true},
	}})
	s, r := c.Recorder(""), c.Recorder("peer 1")
	now, seq := start, uint64(0)
	burst := func() {
		for i := 0; i < 8; i++ {
			now += 1000
			s.Begin()
			s.RecordSend(1, now-500, now-400, 7)
			s.RecordBlocked(10)
			s.End()
			r.Begin()
			r.RecordReceive(1, 0, seq, now-500, now-400, now, 20, 30, 64)
			r.RecordReceive(2, 1, seq*4, now-500, now-400, now, -1, -1, 64) // every fourth
			r.RecordUnstamped(0, now, 50, 0)
			r.End()
			seq++
		}
	}
	burst()
	if n := testing.AllocsPerRun(1000, burst); n != 0 {
		t.Errorf("%v allocations for 8 messages", n)
	}
	now += 2e9
	burst() // the phase changes
	c.collect(now, false)
	burst()
	c.collect(now, false)
	if n := testing.AllocsPerRun(1000, burst); n != 0 {
		t.Errorf("%v allocations for 8 messages after a swap", n)
	}
}

func BenchmarkRecordReceive(b *testing.B) {
	for _, bm := range []struct {
		name      string
		scheduled bool
		step      uint64
	}{
		{"service", false, 1},
		{"response", true, 1},
		{"round robin", false, 4},
	} {
		b.Run(bm.name, func(b *testing.B) {
			c := newTest(b, Config{Scheduled: bm.scheduled})
			r := c.Recorder("peer 1")
			b.ReportAllocs()
			now := start
			for i := 0; i < b.N; i++ {
				now += 300
				r.RecordReceive(0, 0, uint64(i)*bm.step, now-12_345, now-5000-int64(i&1023), now, 100, int64(i&255), 64)
			}
		})
	}
}

func BenchmarkRecordSend(b *testing.B) {
	c := newTest(b, Config{Scheduled: true})
	r := c.Recorder("")
	b.ReportAllocs()
	now := start
	for i := 0; i < b.N; i++ {
		now += 300
		r.RecordSend(0, now, now, int64(i&1023))
	}
}

func BenchmarkBurst(b *testing.B) {
	c := newTest(b, Config{})
	r := c.Recorder("")
	for i := 0; i < b.N; i++ {
		r.Begin()
		r.End()
	}
}
