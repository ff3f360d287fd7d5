package results

import (
	"bytes"
	"testing"
	"time"
)

// start is the clock reading of every fake run's start.
const start = int64(1_000_000_000_000)

var wallOfStart = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func onePhase(length time.Duration) []Phase {
	return []Phase{{Name: "measured", To: length, Measured: true}}
}

// newTest makes a collector whose time is what the test says.
func newTest(t testing.TB, cfg Config) *Collector {
	t.Helper()
	cfg.Start, cfg.StartWall = start, wallOfStart
	if cfg.Kind == "" {
		cfg.Kind = OneWay
	}
	if cfg.Flows == 0 {
		cfg.Flows = 1
	}
	if cfg.Phases == nil {
		cfg.Phases = onePhase(time.Minute)
	}
	c, err := NewCollector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func stop(t testing.TB, c *Collector, end Totals) *Outcome {
	t.Helper()
	o, err := c.Stop(end)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Accounting.Closed() {
		t.Errorf("accounting is open: %+v", o.Accounting)
	}
	return o
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got < want-tolerance || got > want+tolerance {
		t.Errorf("%s is %.4g, want %.4g ± %.2g", what, got, want, tolerance)
	}
}

func TestConfig(t *testing.T) {
	sound := Config{Kind: OneWay, Flows: 1, Phases: onePhase(time.Second)}
	if _, err := NewCollector(sound); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Config){
		"kind":     func(c *Config) { c.Kind = "half" },
		"flows":    func(c *Config) { c.Flows = 0 },
		"interval": func(c *Config) { c.Interval = -1 },
		"none":     func(c *Config) { c.Phases = nil },
		"order":    func(c *Config) { c.Phases = []Phase{{From: 2, To: 1}} },
		"gap":      func(c *Config) { c.Phases = []Phase{{To: 1}, {From: 2, To: 3}} },
	} {
		cfg := sound
		spoil(&cfg)
		if _, err := NewCollector(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestConcurrent lets goroutines record, in bursts and blocked, while the
// collector takes intervals as fast as it can.
func TestConcurrent(t *testing.T) {
	const n = 200_000 / fewer
	var log bytes.Buffer
	c, err := NewCollector(Config{
		Start: start, StartWall: time.Now(), Phases: onePhase(1 << 62), Kind: RoundTrip, Scheduled: true,
		Flows: 2, Interval: time.Millisecond, Log: &log,
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	for flow := uint32(0); flow < 2; flow++ {
		s, r := c.Recorder(""), c.Recorder("x")
		ch := make(chan uint64, 100)
		go func() {
			for i := uint64(0); i < n; i++ {
				s.Begin()
				s.RecordSend(flow, start, start, 5)
				s.End()
				if i%7 != 3 {
					ch <- i
				}
			}
			close(ch)
		}()
		go func() {
			for seq := range ch {
				r.Begin()
				r.RecordReceive(flow, 0, seq, start, start, start+int64(seq), -1, -1, 1)
				r.End()
			}
			done <- struct{}{}
		}()
	}
	c.Start()
	<-done
	<-done
	o := stop(t, c, Totals{Now: start + 1e9})
	lost := 2 * uint64((n-3+6)/7)
	if a := o.Accounting; a.Sent != 2*n || a.Lost != lost || a.Received != 2*n-lost || a.Duplicated != 0 {
		t.Errorf("%+v, want %d lost", a, lost)
	}
	for i, p := range o.Series[1:] {
		if p.TS <= o.Series[i].TS {
			t.Errorf("point %d ends at %v, the one before at %v", i+1, p.TS, o.Series[i].TS)
		}
	}
	if o.Latency.Response.Count != 2*n-lost || o.Latency.Lag.Count != 2*n {
		t.Errorf("%+v", o.Latency)
	}
}

// TestSeriesLost counts what is overdue, and takes it back when it comes.
func TestSeriesLost(t *testing.T) {
	c := newTest(t, Config{})
	r := c.Recorder("peer 1")
	second := func(s int64, missing ...uint64) {
		for i := int64(0); i < 100; i++ {
			now, seq := start+s*1e9+i*1e7, uint64(s*100+i)
			r.RecordSend(0, now, now, -1)
			held := false
			for _, m := range missing {
				held = held || m == seq
			}
			if !held {
				r.RecordReceive(0, 0, seq, now, now, now+1, -1, -1, 1)
			}
		}
	}
	late := func(s int64, seq uint64) { r.RecordReceive(0, 0, seq, start, start, start+s*1e9, -1, -1, 1) }
	second(0, 50, 99) // one lost, one on its way
	c.collect(start+1e9, false)
	late(1, 99)
	second(1)
	c.collect(start+2e9, false)
	second(2, 250)
	c.collect(start+3e9, false)
	second(3)
	c.collect(start+4e9, false)
	late(4, 250)
	o := stop(t, c, Totals{Now: start + 5e9})
	for i, want := range []int64{0, 1, 0, 1, -1} {
		if got := o.Series[i].Lost; got != want {
			t.Errorf("interval %d lost %d, want %d", i+1, got, want)
		}
	}
	if o.Accounting.Lost != 1 || o.Accounting.Duplicated != 0 {
		t.Errorf("%+v", o.Accounting)
	}
}
