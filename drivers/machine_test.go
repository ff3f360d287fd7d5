package drivers

import (
	"testing"
	"time"

	"zbench/engines"
	"zbench/results"
)

const (
	us = time.Microsecond
	ms = time.Millisecond
)

// TestOpenLoopKeepsItsSchedule: what is due goes out, nothing before it is due,
// and what is late keeps its due time and says how late it is.
func TestOpenLoopKeepsItsSchedule(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "push-pull", 1000 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	for _, step := range []struct {
		at, next time.Duration
		sent     int
	}{
		{-ms, 0, 0}, {0, 1 * ms, 1}, {999 * us, 1 * ms, 1}, {1 * ms, 2 * ms, 2},
		{10*ms + 500*us, 11 * ms, 11}, // nine of them late
		{10*ms + 600*us, 11 * ms, 11}, {11 * ms, 12 * ms, 12},
	} {
		if next := s.at(step.at, c); next != step.next || len(sock.sent) != step.sent || sock.flushed != step.sent {
			t.Errorf("at %v: next %v, %d sent, %d flushed; want %v, %d", step.at, next, len(sock.sent), sock.flushed, step.next, step.sent)
		}
	}
	for i, st := range s.stamps(c) {
		due := time.Duration(i) * ms
		want := time.Duration(0)
		if i >= 2 && i <= 10 {
			want = 10*ms + 500*us - due
		}
		if got := time.Duration(st.lag); time.Duration(st.due-s.start) != due || got < want*93/100 || got > want*107/100 {
			t.Errorf("message %d was due at %v and lags %v, want %v and %v", i, time.Duration(st.due-s.start), got, due, want)
		}
	}
}

// TestRoomIsNoLag: waiting for room is blocked time, and no lateness of ours.
func TestRoomIsNoLag(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "push-pull", 1000 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	s.at(0, c)
	sock.room = 0
	for d := 1 * ms; d <= 5*ms; d += ms {
		if next := s.at(d, c); next != time.Duration(never) || len(sock.sent) != 1 {
			t.Fatalf("at %v: next %v, %d sent", d, next, len(sock.sent))
		}
	}
	sock.room = 100
	if next := s.at(5*ms, c); next != 6*ms || len(sock.sent) != 6 {
		t.Fatalf("with room: next %v, %d sent", next, len(sock.sent))
	}
	for i, st := range s.stamps(c) {
		if st.lag != 0 || st.due != s.start+int64(i)*int64(ms) {
			t.Errorf("message %d lags %v", i, time.Duration(st.lag))
		}
	}
	if o := s.outcome(); o.Latency.BlockedS != 0.004 || *o.Latency.Lag.MaxNS > 1 {
		t.Errorf("blocked for %g s, lag %v", o.Latency.BlockedS, *o.Latency.Lag.MaxNS)
	}
}

// TestRoomOfAFlushIsNoLag: some engines find no room only when they pass on what
// was sent.
func TestRoomOfAFlushIsNoLag(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "push-pull", 1000 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	sock.stuck = true
	for d := 0 * ms; d <= 5*ms; d += ms {
		if s.at(d, c); len(sock.sent) != 1 {
			t.Fatalf("at %v: %d sent", d, len(sock.sent))
		}
	}
	sock.stuck = false
	if next := s.at(5*ms, c); next != 6*ms || sock.flushed != 6 {
		t.Fatalf("with room: next %v, %d flushed", next, sock.flushed)
	}
	for i, st := range s.stamps(c) {
		if st.lag != 0 {
			t.Errorf("message %d lags %v", i, time.Duration(st.lag))
		}
	}
	if o := s.outcome(); o.Latency.BlockedS != 0.005 {
		t.Errorf("blocked for %g s", o.Latency.BlockedS)
	}
}

// TestLagOutlastsAWaitForRoom: a client that was late before it had to wait is as
// late afterwards.
func TestLagOutlastsAWaitForRoom(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "push-pull", 1000 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	s.at(0, c)
	sock.room = 2
	s.at(200*ms, c) // it stood still since 1 ms, and two go
	sock.room = 1000
	s.at(210*ms, c)
	stamps := s.stamps(c)
	if len(stamps) != 211 {
		t.Fatalf("%d sent", len(stamps))
	}
	for i, st := range stamps[1:] {
		due := time.Duration(i+1) * ms
		want := 200*ms - due
		if i >= 2 { // on time, it would have had to wait from 3 to 13 ms
			want = 210*ms - max(due, 13*ms)
		}
		if lag := time.Duration(st.lag); (lag - want).Abs() > want/15 { // stamps hold it coarsely
			t.Fatalf("the message due at %v lags %v instead of %v", due, lag, want)
		}
	}
}

// TestUnsentIsCounted: what was due and found no room until the end.
func TestUnsentIsCounted(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "push-pull", 1000 })
	c := s.clients[0]
	s.at(0, c)
	scriptedOf(c.sock).room = 0
	s.at(1*ms, c)
	s.time = s.start + int64(4*ms+500*us)
	s.noSend()
	if s.at(9*ms, c); c.stage != over {
		t.Fatal("the client is not over")
	}
	if a := s.outcome().Accounting; a.Offered != 5 || a.Sent != 1 || a.Unsent != 4 {
		t.Errorf("%+v", a)
	}
}

func TestWindowSendsOneForEachReply(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.Window = "dealer-router", 4 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	if next := s.at(0, c); next != 100*time.Second || len(sock.sent) != 4 || sock.flushed != 4 {
		t.Fatalf("next %v, %d sent", next, len(sock.sent))
	}
	if s.at(1*ms, c); len(sock.sent) != 4 {
		t.Errorf("%d sent without a reply", len(sock.sent))
	}
	s.time = s.start + int64(2*ms)
	c.port.to.hear(back(c.sock, 0)[:3], s.time, 0)
	if s.at(2*ms, c); len(sock.sent) != 7 {
		t.Errorf("%d sent after 3 replies", len(sock.sent))
	}
	if s.at(100*time.Second, c); c.stage != over {
		t.Error("the client goes on after its time")
	}
}

// TestLockstepWaitsForTheReply: the request that became due meanwhile leaves with
// the reply, keeps its due time, and does not lag.
func TestLockstepWaitsForTheReply(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "req-rep", 1000 })
	c := s.clients[0]
	sock := scriptedOf(c.sock)
	if c.port.to.hears() {
		t.Error("a REQ listens before it has asked")
	}
	s.at(0, c)
	for d := 1 * ms; d < 5*ms; d += ms {
		if next := s.at(d, c); next != time.Duration(never) || len(sock.sent) != 1 || !c.port.to.hears() {
			t.Fatalf("at %v: next %v, %d sent", d, next, len(sock.sent))
		}
	}
	s.time = s.start + int64(5*ms)
	c.port.to.hear(back(c.sock, 0), s.time, 0)
	s.at(5*ms, c)
	if st := s.stamps(c); len(st) != 2 || st[1].due != s.start+int64(ms) || st[1].sent != s.start+int64(5*ms) || st[1].lag != 0 {
		t.Errorf("%+v", st)
	}
	s.time = s.start + int64(5*ms+10*us)
	c.port.to.hear(back(c.sock, 1), s.time, int64(3*us))
	o := s.outcome()
	if r := o.Latency.Response; r.Count != 2 || *r.MaxNS < int64(5*ms) || *r.MinNS > int64(5*ms) || *o.Latency.ReceiveLag.MaxNS < 2900 {
		t.Errorf("response %+v, receive lag %+v", r, o.Latency.ReceiveLag)
	}
}

// TestLockstepLagsAfterAStandstill: a client that stood still is the reason why all
// those are late that became due meanwhile, though each waits for a reply.
func TestLockstepLagsAfterAStandstill(t *testing.T) {
	const took = 200 * us // of the service
	for name, sends := range map[string]bool{"before a send": true, "before a read": false} {
		t.Run(name, func(t *testing.T) {
			s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "req-rep", 1000 })
			client := s.clients[0]
			s.at(0, client)
			hear := func(i int, at, late time.Duration) {
				s.time = s.start + int64(at)
				client.port.to.hear(back(client.sock, i)[:1], s.time, int64(late))
				s.at(at, client)
			}
			if sends {
				hear(0, took, 0)
				s.at(50*ms, client)
			} else {
				hear(0, 50*ms, 50*ms-took)
			}
			for i := 1; i < 30; i++ {
				hear(i, 50*ms+time.Duration(i)*took, 0)
			}
			for i, st := range s.stamps(client)[1:] {
				want := 50*ms + time.Duration(i)*took - time.Duration(i+1)*ms
				if got := time.Duration(st.lag); got < want*93/100 || got > want*107/100 {
					t.Fatalf("message %d lags %v, want %v", i+1, got, want)
				}
			}
		})
	}
}

// TestLateReplyReopens: a request without a reply is given up, and another socket
// takes the place of the REQ.
func TestLateReplyReopens(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "req-rep", 1000 })
	c := s.clients[0]
	first := c.sock
	s.at(0, c)
	c.waits = false // as at a worker
	c.interrupt(c.awaited.Load())
	s.at(3*ms, c)
	if c.sock == first || c.port.sock != c.sock || len(scriptedOf(c.sock).sent) != 1 {
		t.Fatal("no other socket sends the next request")
	}
	c.interrupt(s.start) // of the request before: too late
	if s.at(4*ms, c); !c.asked {
		t.Error("the wrong request was given up")
	}
}

// TestRequestThatFindsNoRoomIsGivenUp: one that its engine still holds, for its
// peer has gone, ends when its time is over.
func TestRequestThatFindsNoRoomIsGivenUp(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "req-rep", 1000 })
	c := s.clients[0]
	first := c.sock
	scriptedOf(first).stuck = true
	s.at(0, c)
	c.waits = false // as at a worker
	if !c.asked || !c.unflushed {
		t.Fatal("no request is under way")
	}
	c.interrupt(c.awaited.Load())
	s.at(50*ms, c) // it was given up, and another socket asks again
	if c.unflushed || c.sock == first || len(scriptedOf(c.sock).sent) != 1 {
		t.Errorf("unflushed %v, %d sent on the socket that follows", c.unflushed, len(scriptedOf(c.sock).sent))
	}
}

// TestSlowEchoTakesItsTime: message i is done at max(arrival, the one before) + D,
// and what comes meanwhile waits in the socket.
func TestSlowEchoTakesItsTime(t *testing.T) {
	s := play(t, func(c *results.Cell) {
		c.Pattern, c.RateMsgsPerS, c.PeerDelay = "dealer-router", 1000, "2ms"
	})
	c, p := s.clients[0], s.peers[0]
	s.at(0, c)
	s.at(1*ms, c)
	s.time = s.start + int64(1*ms)
	p.port.to.hear(back(c.sock, 0), s.time, 0)
	for _, step := range []struct {
		at, next time.Duration
		sent     int
		hears    bool
	}{
		{1 * ms, 3 * ms, 0, false}, {3*ms - 1, 3 * ms, 0, false}, {3 * ms, 5 * ms, 1, false},
		{5 * ms, time.Duration(never), 2, true},
	} {
		next := s.at(step.at, p)
		if sent := len(scriptedOf(p.sock).sent); next != step.next || sent != step.sent || p.port.to.hears() != step.hears {
			t.Errorf("at %v: next %v, %d sent, hears %v; want %+v", step.at, next, sent, p.port.to.hears(), step)
		}
	}
}

// TestEchoKeepsWhatFindsNoRoom, in order, and does not hear meanwhile.
func TestEchoKeepsWhatFindsNoRoom(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.Window = "dealer-router", 8 })
	c, p := s.clients[0], s.peers[0]
	s.at(0, c)
	scriptedOf(p.sock).room = 3
	p.port.to.hear(back(c.sock, 0), s.time, 0)
	if s.at(1*ms, p); len(scriptedOf(p.sock).sent) != 3 || p.port.to.hears() {
		t.Fatalf("%d sent", len(scriptedOf(p.sock).sent))
	}
	scriptedOf(p.sock).room = 100
	if next := s.at(2*ms, p); next != time.Duration(never) || len(scriptedOf(p.sock).sent) != 8 || !p.port.to.hears() {
		t.Errorf("next %v, %d sent", next, len(scriptedOf(p.sock).sent))
	}
	for i, b := range scriptedOf(p.sock).sent {
		var st stamp
		if st.read(b, p.plan.run); st.seq != uint64(i) || st.peer != 1 {
			t.Errorf("reply %d has sequence %d and peer %d", i, st.seq, st.peer)
		}
	}
}

// TestSlowConsumerTurnsToEachInTime: a message is received when the consumer
// turns to it, not when it came.
func TestSlowConsumerTurnsToEachInTime(t *testing.T) {
	s := play(t, func(c *results.Cell) {
		c.Pattern, c.RateMsgsPerS, c.PeerDelay = "push-pull", 1000, "5ms"
	})
	c, p := s.clients[0], s.peers[0]
	s.at(0, c)
	s.at(1*ms, c)
	p.port.to.hear(back(c.sock, 0), s.time, int64(10*us))
	for _, step := range []struct {
		at, next time.Duration
		received uint64
	}{{1 * ms, 6 * ms, 1}, {5 * ms, 6 * ms, 1}, {6 * ms, time.Duration(never), 2}} {
		next := s.at(step.at, p)
		if got := p.recv.rec.Load().Received(); next != step.next || got != step.received {
			t.Errorf("at %v: next %v, %d received; want %+v", step.at, next, got, step)
		}
	}
	if !p.port.to.hears() {
		t.Error("it does not go on")
	}
	if o := s.outcome(); *o.Latency.ReceiveLag.MaxNS < int64(10*us)*98/100 || *o.Latency.ReceiveLag.MaxNS > int64(11*us) {
		t.Errorf("receive lag up to %d: the consumer's own time is none of it", *o.Latency.ReceiveLag.MaxNS)
	}
}

// TestMiddlePassesOnWhenThereIsRoom.
func TestMiddlePassesOnWhenThereIsRoom(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "pipeline", 1000 })
	c, m := s.clients[0], s.middles[0]
	s.at(5*ms, c)
	scriptedOf(m.back).room = 2
	m.ports()[0].to.hear(back(c.sock, 0), s.time, 0)
	if s.at(5*ms, m); len(scriptedOf(m.back).sent) != 2 || m.ports()[0].to.hears() {
		t.Errorf("%d passed on", len(scriptedOf(m.back).sent))
	}
	scriptedOf(m.back).room = 9
	if next := s.at(6*ms, m); next != time.Duration(never) || len(scriptedOf(m.back).sent) != 6 || scriptedOf(m.back).flushed != 6 {
		t.Errorf("next %v, %d passed on", next, len(scriptedOf(m.back).sent))
	}
	var st stamp
	if st.read(scriptedOf(m.back).sent[5], c.plan.run); st.middle != 1 || st.seq != 5 {
		t.Errorf("%+v", st)
	}
}

// TestClientsOfOneRateShareItsSchedule: message k is client k mod n's.
func TestClientsOfOneRateShareItsSchedule(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS, c.Clients = "dealer-router", 1000, 4 })
	for i, c := range s.clients {
		if next := s.at(time.Duration(i)*ms, c); next != time.Duration(i+4)*ms || len(scriptedOf(c.sock).sent) != 1 {
			t.Errorf("client %d: next %v, %d sent", i+1, next, len(scriptedOf(c.sock).sent))
		}
	}
}

// TestProbesGoOnUntilThePathIsOpen.
func TestProbesGoOnUntilThePathIsOpen(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "dealer-router", 1000 })
	c := s.clients[0]
	s.barrier.expected[0] = true
	s.run.start.Store(0)
	c.stage = opening
	for i := range 3 {
		at := 3 * time.Duration(i) * probeInterval / 2
		if next := s.at(at, c); next < at+probeInterval/2 || next > at+3*probeInterval/2 || len(scriptedOf(c.sock).sent) != i+1 {
			t.Errorf("at %v: next %v, %d probes", at, next, len(scriptedOf(c.sock).sent))
		}
	}
	c.port.to.hear(back(c.sock, 2), s.time, 0)
	if next := s.at(30*ms, c); next != time.Duration(never) || c.stage != waiting || len(scriptedOf(c.sock).sent) != 3 {
		t.Errorf("open: next %v, stage %d, %d probes", next, c.stage, len(scriptedOf(c.sock).sent))
	}
	s.run.start.Store(s.start)
}

var _ engines.Socket = (*scriptedSocket)(nil)

// TestClientThatIsOverRests: it is not called again for nothing.
func TestClientThatIsOverRests(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS, c.Count, c.DurationS = "push-pull", 1000, 3, 0 })
	c := s.clients[0]
	s.at(5*ms, c)
	if next := s.at(6*ms, c); c.stage != over || next != time.Duration(never) {
		t.Errorf("stage %d, next %v", c.stage, next)
	}
}

// TestReopenedSocketKeepsTheSchedule: the request after one that was given up is
// the next one of the schedule.
func TestReopenedSocketKeepsTheSchedule(t *testing.T) {
	s := play(t, func(c *results.Cell) { c.Pattern, c.RateMsgsPerS = "req-rep", 1000 })
	c := s.clients[0]
	s.at(0, c)
	c.waits = false
	c.interrupt(c.awaited.Load())
	if s.at(3*ms, c); len(s.stamps(c)) != 1 || s.stamps(c)[0].due != s.start+int64(ms) {
		t.Errorf("%+v", s.stamps(c))
	}
}
