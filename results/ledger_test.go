package results

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	p, q := &page{no: 3}, &page{no: 3}
	var in, and [pageLen]bool
	for range 200 {
		from := rng.IntN(pageLen)
		to := min(pageLen, from+1+rng.IntN(300))
		want := 0
		for i := from; i < to; i++ {
			if !in[i] {
				want++
			}
			in[i] = true
		}
		if got := p.fill(from, to); got != want {
			t.Fatalf("fill(%d, %d) added %d, want %d", from, to, got, want)
		}
		i := rng.IntN(pageLen)
		if q.set(uint64(i)) == and[i] {
			t.Fatalf("set(%d)", i)
		}
		and[i] = true
	}
	added := 0
	for i := range in {
		if and[i] && !in[i] {
			added++
			in[i] = true
		}
	}
	if got := p.or(q); got != added {
		t.Errorf("or added %d, want %d", got, added)
	}
	for range 200 {
		from, to := rng.IntN(pageLen), rng.IntN(pageLen+1)
		want := 0
		for i := from; i < to; i++ {
			if in[i] {
				want++
			}
		}
		if got := p.within(from, to); got != want {
			t.Errorf("within(%d, %d) is %d, want %d", from, to, got, want)
		}
	}
}

// TestHourStaysFlat enters an hour at 3 M/s in order, with a message lost every
// second: one page a second stays in detail until the budget is used up.
func TestHourStaysFlat(t *testing.T) {
	const rate, length = 3_000_000, 3600
	f := newFlow(1)
	l := newLedger(f, 1, newPagePool(4))
	most := 0
	for s := uint64(0); s < length; s++ {
		again := l.addSpan(s*rate, s*rate+1000) + l.addSpan(s*rate+1001, (s+1)*rate)
		if again != 0 {
			t.Fatalf("second %d: %d duplicates", s, again)
		}
		f.sent = (s + 1) * rate
		l.settle()
		most = max(most, len(l.open)+len(l.holes))
	}
	if most > l.pool.holes+2*openPages {
		t.Errorf("%d pages were kept, the budget is %d", most, l.pool.holes)
	}
	if lost := l.missing(f.sent)[0]; lost != length {
		t.Errorf("%d lost, want %d", lost, length)
	}
	// A late message still counts where the detail is there, and is a
	// duplicate where it is not.
	late := uint64(length-100)*rate + 1000
	if again := l.addSpan(late, late+1); again != 0 || l.missing(f.sent)[0] != length-1 {
		t.Errorf("the late message is not taken: %d, %d", again, l.missing(f.sent)[0])
	}
	if again := l.addSpan(1000, 1001); again != 1 {
		t.Error("the forgotten one is not a duplicate")
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
				r.RecordReceive(0, 0, seq, now, now, now+1, 1)
			}
		}
	}
	late := func(s int64, seq uint64) { r.RecordReceive(0, 0, seq, start, start, start+s*1e9, 1) }
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
			r.RecordReceive(0, 0, seq, due, due, due+latency, 10)
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

// TestDrift finds what changes over a run, and does not test a short one.
func TestDrift(t *testing.T) {
	for _, tt := range []struct {
		name    string
		seconds int64
		growth  int64 // ns per second of latency
		drifts  bool
		short   bool
	}{
		{"steady", 30, 0, false, false},
		{"slower", 30, 1000, true, false},
		{"short", 10, 1000, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTest(t, Config{Phases: onePhase(time.Duration(tt.seconds) * time.Second)})
			r := c.Recorder("peer 1")
			for s := int64(0); s < tt.seconds; s++ {
				for i := int64(0); i < 50; i++ {
					now := start + s*1e9 + i*2e7
					r.RecordSend(0, now, now, -1)
					r.RecordReceive(0, 0, uint64(s*50+i), now, now, now+50_000+s*tt.growth+i, 1)
				}
				c.collect(start+(s+1)*1e9, false)
			}
			o := stop(t, c, Totals{Now: start + tt.seconds*1e9})
			if (o.Drift != "") != tt.drifts {
				t.Errorf("drift %q", o.Drift)
			}
			if short := len(o.Warnings) == 1 && o.Warnings[0].Code == "too_short"; short != tt.short {
				t.Errorf("warnings %v", o.Warnings)
			}
			if len(o.Series) != int(tt.seconds) {
				t.Errorf("%d points", len(o.Series))
			}
		})
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
