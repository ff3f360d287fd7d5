package results

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestProxy drops, duplicates and swaps known messages between one sender and
// one receiver, across many intervals.
func TestProxy(t *testing.T) {
	const n = 1_000_000 / fewer
	c := newTest(t, Config{})
	s, r := c.Recorder(""), c.Recorder("peer 1")
	var dropped, doubled, swapped uint64
	now := start
	receive := func(seq uint64) {
		r.RecordReceive(0, 0, seq, now-1000, now-1000, now, -1, -1, 64)
	}
	for seq := uint64(0); seq < n; seq++ {
		now += 10_000
		s.Begin()
		s.RecordSend(0, now-1000, now-1000, -1)
		s.End()
		r.Begin()
		switch {
		case seq%100 == 50:
			dropped++
		case seq%250 == 3:
			doubled++
			receive(seq)
			receive(seq)
		case seq%1000 == 400: // swapped with the next
			swapped++
			receive(seq + 1)
			receive(seq)
		case seq%1000 == 401:
		default:
			receive(seq)
		}
		r.End()
		if seq%(n/30) == 0 {
			c.collect(now, false)
		}
	}
	if got, want := r.Received(), n-dropped; got != want {
		t.Errorf("live received %d, want %d", got, want)
	}
	o := stop(t, c, Totals{Now: now})
	want := Accounting{
		Offered: n, Sent: n, Expected: n, Received: n - dropped, Lost: dropped,
		Duplicated: doubled, Reordered: swapped,
	}
	if o.Accounting != want {
		t.Errorf("got  %+v\nwant %+v", o.Accounting, want)
	}
	lost := int64(0)
	for _, p := range o.Series {
		lost += p.Lost
	}
	if lost != int64(dropped) {
		t.Errorf("the series lost %d, want %d", lost, dropped)
	}
}

// TestRoundRobin spreads one flow over four receivers; in order nothing may
// accumulate, and what two of them get is a duplicate.
func TestRoundRobin(t *testing.T) {
	const n = 4_000_000 / fewer
	c := newTest(t, Config{Kind: NoLatency})
	s := c.Recorder("")
	var peers []*Recorder
	for _, name := range []string{"peer 1", "peer 2", "peer 3", "peer 4"} {
		peers = append(peers, c.Recorder(name))
	}
	now := start
	for seq := uint64(0); seq < n; seq++ {
		now += 300
		s.RecordSend(0, now, now, -1)
		r := peers[seq%4]
		r.RecordReceive(0, 0, seq, now, now, now, -1, -1, 8)
		if seq == 70_000 || seq == 150_000 {
			peers[(seq+1)%4].RecordReceive(0, 0, seq, now, now, now, -1, -1, 8)
		}
		if seq%(n/5+777) == 0 {
			c.collect(now, false)
			if l := c.account.ledgers[place{"", 0}]; len(l.open)+len(l.holes) > 2 {
				t.Fatalf("at %d: %d open pages and %d holes are kept", seq, len(l.open), len(l.holes))
			}
		}
	}
	o := stop(t, c, Totals{Now: now})
	want := Accounting{Offered: n, Sent: n, Expected: n, Received: n, Duplicated: 2, Reordered: 0}
	if o.Accounting != want {
		t.Errorf("got  %+v\nwant %+v", o.Accounting, want)
	}
	if len(o.PerPeer) != 4 || o.PerPeer[0].Accounting.Received != n/4 {
		t.Errorf("per peer: %+v", o.PerPeer)
	}
}

// TestShuffled compares the account of a thoroughly disturbed flow with a
// plain list of what was delivered.
func TestShuffled(t *testing.T) {
	const n = 150_000
	rng := rand.New(rand.NewPCG(1, 2))
	c := newTest(t, Config{Flows: 2, Phases: []Phase{
		{Name: "warmup", To: time.Second},
		{Name: "measured", From: time.Second, To: 4 * time.Second, Measured: true},
	}})
	s := c.Recorder("")
	peers := []*Recorder{c.Recorder("a"), c.Recorder("b"), c.Recorder("a")}
	seen := make([]int, n)
	type late struct {
		seq uint64
		at  int
	}
	var pending []late
	lostMeasured := uint64(0)
	sentMeasured := uint64(0)
	for i := 0; i < n; i++ {
		due := start + int64(i)*10_000
		if due >= start+1e9 {
			sentMeasured++
		}
		s.RecordSend(1, due, due, -1)
		for k := 0; k < rng.IntN(3); k++ { // 0, 1 or 2 deliveries
			pending = append(pending, late{uint64(i), i + rng.IntN(10)*rng.IntN(100)})
		}
		kept := pending[:0]
		for _, p := range pending {
			if p.at > i && i < n-1 {
				kept = append(kept, p)
				continue
			}
			seen[p.seq]++
			peers[rng.IntN(3)].RecordReceive(1, uint32(rng.IntN(3)), p.seq, start+int64(p.seq)*10_000, due, due+5, -1, -1, 1)
		}
		pending = kept
		if i%20_000 == 19_999 {
			c.collect(due, false)
			pending = pending[:min(len(pending), 100)] // lose the rest
		}
	}
	var received, lost, doubled uint64
	for i, k := range seen {
		switch {
		case k == 0:
			lost++
			if i >= 100_000 {
				lostMeasured++
			}
		default:
			received++
			doubled += uint64(k - 1)
		}
	}
	o := stop(t, c, Totals{Now: start + n*10_000})
	a := o.Accounting
	if a.Received != received || a.Lost != lost || a.Duplicated != doubled || a.Corrupted != 0 {
		t.Errorf("got %+v, want received %d, lost %d, duplicated %d", a, received, lost, doubled)
	}
	b := c.account.total()
	if b.lostBy[1] != lostMeasured || b.expectedBy[1] != sentMeasured {
		t.Errorf("measured: expected %d, lost %d; want %d, %d", b.expectedBy[1], b.lostBy[1], sentMeasured, lostMeasured)
	}
}

// TestUnstamped counts what cannot be told apart.
func TestUnstamped(t *testing.T) {
	tests := []struct {
		name                       string
		sent, got                  int
		lost, duplicated, received uint64
	}{
		{"all", 1000, 1000, 0, 0, 1000},
		{"some lost", 1000, 990, 10, 0, 990},
		{"too many", 1000, 1003, 0, 3, 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTest(t, Config{Kind: NoLatency})
			s, r := c.Recorder(""), c.Recorder("peer 1")
			for i := 0; i < tt.sent; i++ {
				s.RecordSend(0, start+int64(i), start+int64(i), -1)
			}
			for i := 0; i < tt.got; i++ {
				r.RecordUnstamped(0, start+int64(i)*1000, -1, 0)
			}
			a := stop(t, c, Totals{Now: start + 1e9}).Accounting
			if a.Lost != tt.lost || a.Duplicated != tt.duplicated || a.Received != tt.received {
				t.Errorf("%+v", a)
			}
		})
	}
}

// TestMixedStamps lets bodies without a stamp fill the gaps of those with one.
func TestMixedStamps(t *testing.T) {
	c := newTest(t, Config{})
	s, r := c.Recorder(""), c.Recorder("peer 1")
	for i := int64(0); i < 100_000; i++ {
		now := start + i*1000
		s.RecordSend(0, now, now, -1)
		switch {
		case i%1000 == 1: // lost
		case i%3 == 0:
			r.RecordUnstamped(0, now, -1, 0)
		default:
			r.RecordReceive(0, 0, uint64(i), now, now, now, -1, -1, 64)
		}
	}
	a := stop(t, c, Totals{Now: start + 1e9}).Accounting
	if a.Lost != 100 || a.Duplicated != 0 || a.Corrupted != 0 {
		t.Errorf("%+v", a)
	}
}

// TestStrange feeds what no sound run contains.
func TestStrange(t *testing.T) {
	c := newTest(t, Config{Flows: 2})
	c.Expect("a", 0)
	c.Expect("b", 1)
	s, a := c.Recorder(""), c.Recorder("a")
	for i := int64(0); i < 10; i++ {
		s.RecordSend(0, start, start, -1)
		a.RecordReceive(0, 0, uint64(i), start, start, start+1000, -1, -1, 1)
	}
	a.RecordReceive(7, 0, 0, start, start, start, -1, -1, 1)     // no such flow
	a.RecordReceive(1, 0, 0, start, start, start, -1, -1, 1)     // not subscribed
	a.RecordReceive(0, 0, 1<<40, start, start, start, -1, -1, 1) // a leap
	a.RecordReceive(0, 0, 10, start, start, start, -1, -1, 1)    // never sent
	a.RecordReceive(0, 1<<30, 3, start, start, start, -1, -1, 1) // no such path
	a.RecordCorrupt()
	s.RecordSend(7, start, start, -1) // no such flow
	s.RecordBlocked(500)
	got := stop(t, c, Totals{Now: start + 1e9}).Accounting
	want := Accounting{Offered: 10, Sent: 10, Expected: 10, Received: 10, Corrupted: 6, Errors: 1}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestForeignSender takes a flow that is sent elsewhere to be as long as its
// highest sequence.
func TestForeignSender(t *testing.T) {
	c := newTest(t, Config{})
	r := c.Recorder("peer 1")
	for _, seq := range []uint64{0, 1, 2, 5, 4, 9} {
		r.RecordReceive(0, 0, seq, start, start, start+1, -1, -1, 1)
	}
	a := stop(t, c, Totals{Now: start + 1e9}).Accounting
	if a.Sent != 10 || a.Received != 6 || a.Lost != 4 || a.Reordered != 1 {
		t.Errorf("%+v", a)
	}
}

// TestNobodyReceives expects nothing where all receivers are elsewhere.
func TestNobodyReceives(t *testing.T) {
	c := newTest(t, Config{Scheduled: true})
	s := c.Recorder("")
	for i := int64(0); i < 100; i++ {
		s.RecordSend(0, start+i*1e9, start+i*1e9, 5)
		c.collect(start+i*1e9+1, false)
	}
	o := stop(t, c, Totals{Offered: 100, OfferedMeasured: 100, Now: start + 101e9})
	if want := (Accounting{Offered: 100, Sent: 100}); o.Accounting != want {
		t.Errorf("%+v", o.Accounting)
	}
	if o.Latency.Response.Unpublished["p50_ns"] != "not_measured" || o.Latency.Lag.Count != 100 {
		t.Errorf("%+v", o.Latency)
	}
	for _, p := range o.Series {
		if p.Lost != 0 {
			t.Errorf("%v lost", p)
		}
	}
}
