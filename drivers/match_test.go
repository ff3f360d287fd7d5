package drivers

import (
	"fmt"
	"testing"

	"zbench/engines"
	"zbench/results"
)

func TestRepliesAreMatched(t *testing.T) {
	for _, c := range []struct {
		pattern string
		kind    engines.Kind
		hand    answerer
		by      string
	}{
		{"req-rep", engines.REP, echo, "stamp"},
		{"req-rep", engines.REP, world, "order"},
		{"dealer-router", engines.ROUTER, echo, "stamp"},
		{"dealer-router", engines.ROUTER, world, "order"},
		{"dealer-rep", engines.REP, world, "order"},
		{"pair", engines.PAIR, world, "order"},
	} {
		t.Run(fmt.Sprint(c.pattern, " by ", c.by), func(t *testing.T) {
			f := startFake(t, c.kind, c.hand)
			r := loadFake(t, f, func(cell *results.Cell) { cell.Pattern, cell.Count, cell.RateMsgsPerS = c.pattern, 300, 3000 })
			if a := r.Accounting; a.Received != 300 || a.Lost+a.Unmatched+a.Late+a.Corrupted+a.Timeouts+a.Errors != 0 || !a.Closed() {
				t.Errorf("accounting %+v", a)
			}
			l := r.Latency
			if l.Kind != "round_trip" || l.MatchedBy != c.by || l.Response == nil || l.Response.Count != 300 || l.Service.P50NS == nil {
				t.Errorf("latency %+v", l)
			}
			if r.Verdict == results.Failed || r.Verdict == results.Corrupted || r.Verdict == results.Lossy || len(r.Outages) > 0 {
				t.Errorf("verdict %s %v", r.Verdict, r.Reasons)
			}
		})
	}
}

func TestSmallBodiesAreMatchedByOrder(t *testing.T) {
	f := startFake(t, engines.REP, world)
	r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.Size, c.Count, c.Clients = "req-rep", "5", 60, 3 })
	if a := r.Accounting; a.Received != 60 || r.Latency.MatchedBy != "order" || r.Latency.Service.Count != 60 || !a.Closed() {
		t.Errorf("accounting %+v, latency %+v", a, r.Latency)
	}
}

func TestRepliesOfSeveralServicesWithoutStamp(t *testing.T) {
	f, g := startFake(t, engines.ROUTER, world), startFake(t, engines.ROUTER, world)
	r := loadFake(t, f, func(c *results.Cell) {
		c.Pattern, c.Count, c.Window, c.Clients = "dealer-router", 200, 4, 2
		c.Endpoints = []string{f.at, g.at}
	})
	if a := r.Accounting; a.Received != 200 || a.Unmatched != 0 || !a.Closed() || r.Latency.Kind != "none" || r.Latency.MatchedBy != "none" {
		t.Errorf("accounting %+v, latency %+v", a, r.Latency)
	}
}

// TestWrongReplies: whatever a service does is counted, and the run ends.
func TestWrongReplies(t *testing.T) {
	twice := func(s engines.Socket, m *engines.Msg, _ int) {
		body := string(m.Body())
		say(s, m, body)
		say(s, m, body)
	}
	worlds := func(s engines.Socket, m *engines.Msg, n int) {
		world(s, m, n)
		world(s, m, n)
	}
	short := func(s engines.Socket, m *engines.Msg, _ int) { say(s, m, string(m.Body()[:40])) }
	empty := func(s engines.Socket, m *engines.Msg, _ int) { say(s, m, "") }
	garbage := func(s engines.Socket, m *engines.Msg, n int) { say(s, m, fmt.Sprint("garbage ", n)) }
	parts := func(s engines.Socket, m *engines.Msg, _ int) {
		if out, err := s.Alloc(append(m.Frames[:len(m.Frames):len(m.Frames)], []byte("x"), nil), 1); err == nil {
			s.Send(out)
		}
	}
	const sent = 100
	for _, c := range []struct {
		name    string
		hand    answerer
		right   func(results.Accounting) bool
		verdict results.Verdict
	}{
		{"garbage", fifth(garbage, echo), func(a results.Accounting) bool { return a.Unmatched == 10 && a.Lost == 10 }, results.Corrupted},
		{"empty", fifth(empty, echo), func(a results.Accounting) bool { return a.Unmatched == 10 && a.Lost == 10 }, results.Corrupted},
		{"short", fifth(short, echo), func(a results.Accounting) bool { return a.Corrupted == 10 && a.Lost == 0 }, results.Corrupted},
		{"twice", fifth(twice, echo), func(a results.Accounting) bool { return a.Duplicated == 10 && a.Lost == 0 }, results.Corrupted},
		{"twice by order", fifth(worlds, world), func(a results.Accounting) bool { return a.Unmatched == 10 && a.Lost == 0 }, results.Corrupted},
		{"parts", parts, func(a results.Accounting) bool { return a.Corrupted == sent && a.Lost+a.Unmatched == 0 }, results.Corrupted},
		{"drops", fifth(nothing, echo), func(a results.Accounting) bool { return a.Lost == 10 && a.Timeouts == 10 && a.Unmatched == 0 }, results.Lossy},
	} {
		for _, loop := range []results.Loop{results.Window, results.Open} {
			t.Run(fmt.Sprint(c.name, " ", loop), func(t *testing.T) {
				f := startFake(t, engines.ROUTER, c.hand)
				r := loadFake(t, f, func(cell *results.Cell) {
					cell.Pattern, cell.Count, cell.TimeoutS = "dealer-router", sent, 0.3
					if cell.Window = 4; loop == results.Open {
						cell.Window, cell.RateMsgsPerS = 0, 1000
					}
				})
				if a := r.Accounting; a.Sent != sent || !c.right(a) || !a.Closed() || r.Verdict != c.verdict {
					t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
				}
			})
		}
	}
}

func TestWrongRepliesInLockstep(t *testing.T) {
	garbage := func(s engines.Socket, m *engines.Msg, n int) { say(s, m, "garbage") }
	f := startFake(t, engines.REP, fifth(garbage, echo))
	r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.Count = "req-rep", 50 })
	if a := r.Accounting; a.Unmatched != 5 || a.Lost != 5 || a.Received != 45 || !a.Closed() || r.Verdict != results.Corrupted {
		t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
	}
}

func TestLockstepTimesOut(t *testing.T) {
	f := startFake(t, engines.ROUTER, fifth(nothing, echo))
	r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.Count, c.TimeoutS = "req-router", 40, 0.3 })
	a := r.Accounting
	if a.Timeouts < 4 || a.Lost != a.Timeouts || a.Sent != 40 || a.Errors != 0 || !a.Closed() || r.Verdict != results.Lossy || len(r.Outages) > 0 {
		t.Errorf("verdict %s %v, accounting %+v, outages %v", r.Verdict, r.Reasons, a, r.Outages)
	}
}

// TestLateReplies: what comes after its time is counted, not received.
func TestLateReplies(t *testing.T) {
	for _, hand := range []answerer{echo, world} {
		var held []*engines.Msg
		f := startFake(t, engines.ROUTER, func(s engines.Socket, m *engines.Msg, n int) {
			// By order none must overtake another. They are held for 0.3 s: a
			// silence of a second would be an outage.
			if n >= 10 && n < 40 {
				held = append(held, m)
				return
			}
			for _, h := range held {
				hand(s, h, 0)
			}
			held = nil
			hand(s, m, n)
		})
		r := loadFake(t, f, func(c *results.Cell) {
			c.Pattern, c.Count, c.TimeoutS, c.RateMsgsPerS = "dealer-router", 100, 0.1, 100
		})
		a := r.Accounting
		if a.Timeouts == 0 || a.Late != a.Timeouts || a.Lost != a.Timeouts || a.Received+a.Lost != 100 || a.Unmatched != 0 || !a.Closed() {
			t.Errorf("matched by %s: accounting %+v", r.Latency.MatchedBy, a)
		}
		if r.Verdict != results.Lossy {
			t.Errorf("verdict %s %v", r.Verdict, r.Reasons)
		}
	}
}

// TestSecondRepliesInLockstep: they are counted, and do not put the REQ out of
// step.
func TestSecondRepliesInLockstep(t *testing.T) {
	for _, hand := range []answerer{echo, world} {
		f := startFake(t, engines.ROUTER, fifth(func(s engines.Socket, m *engines.Msg, n int) {
			say(s, m, string(m.Body()))
			hand(s, m, n)
		}, hand))
		r := loadFake(t, f, func(c *results.Cell) { c.Pattern, c.Count = "req-router", 200 })
		a := r.Accounting
		if r.Verdict != results.Corrupted || a.Late > 0 || !a.Closed() {
			t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
		}
		if n := a.Unmatched + a.Duplicated; n < 19 || n > 21 || a.Lost > 10 {
			t.Errorf("accounting %+v", a)
		}
	}
}
