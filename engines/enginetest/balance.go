package enginetest

import (
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// testRoundRobin sends to two peers: each message goes to one of them, and both
// get about as many.
func testRoundRobin(t *testing.T, s *suite) {
	for _, k := range talks() {
		switch {
		case k.load == engines.PUSH, k.load == engines.DEALER && k.peer != engines.REP:
			t.Run(k.String(), func(t *testing.T) { spread(t, s, k) })
		case k.load == engines.REQ:
			t.Run(k.String(), func(t *testing.T) { spreadRequests(t, s, k) })
		}
	}
}

// fan opens one bound socket and two that connect to it.
func (s *suite) fan(t *testing.T, one, two engines.Need) (hub engines.Socket, rim [2]engines.Socket, ok bool) {
	t.Helper()
	one.Binds, one.Peers = 1, 2
	if !s.supported(t, one, two) {
		return nil, rim, false
	}
	hub = s.open(t, one)
	bound := bind(t, hub, s.endpoint(t))
	for i := range rim {
		rim[i] = s.open(t, two)
		connect(t, rim[i], bound)
	}
	return hub, rim, true
}

func spread(t *testing.T, s *suite, k talk) {
	load, peer := k.needs(s)
	hub, rim, ok := s.fan(t, load, peer)
	if !ok {
		return
	}
	arrivals := make(chan arrival, 10_000)
	for i, socket := range rim {
		collect(socket, i, arrivals)
	}
	// Until both have joined, and all probes are accounted for.
	sent, heard := 0, [2]int{}
	for end := time.Now().Add(deadline); heard[0] == 0 || heard[1] == 0; {
		if time.Now().After(end) {
			t.Fatalf("%d probes arrived as %d and %d", sent, heard[0], heard[1])
		}
		send(t, hub, []byte("probe"))
		sent++
		if a, ok := maybe(arrivals, retry); ok {
			heard[a.from]++
		}
	}
	for heard[0]+heard[1] < sent {
		heard[next(t, arrivals, "the rest of the probes").from]++
	}

	const total = 100
	for i := range total {
		send(t, hub, pattern(i, 16))
	}
	var got [2]int
	seen := map[int]bool{}
	for range total {
		a := next(t, arrivals, "messages over two connections")
		got[a.from]++
		seq := seqOf(a.frames[len(a.frames)-1])
		if seen[seq] {
			t.Fatalf("message %d arrived twice", seq)
		}
		seen[seq] = true
	}
	if a, more := maybe(arrivals, settle); more {
		t.Fatalf("%s arrived beyond all that was sent", brief(a.frames))
	}
	if min(got[0], got[1]) < total*4/10 {
		t.Errorf("%d messages went out as %d and %d, want about half to each", total, got[0], got[1])
	}
}

// spreadRequests asks two peers in turn; each answers with its number.
func spreadRequests(t *testing.T, s *suite, k talk) {
	load, peer := k.needs(s)
	hub, rim, ok := s.fan(t, load, peer)
	if !ok {
		return
	}
	for i, socket := range rim {
		start(func() error { return answer(socket, byte(i)) })
	}
	ask := func() int {
		send(t, hub, []byte("who"))
		return int(take(t, hub)[0][0])
	}
	var heard [2]int
	for end := time.Now().Add(deadline); heard[0] == 0 || heard[1] == 0; {
		if time.Now().After(end) {
			t.Fatalf("requests went out as %d and %d", heard[0], heard[1])
		}
		heard[ask()]++
	}
	const total = 20
	var got [2]int
	for range total {
		got[ask()]++
	}
	if min(got[0], got[1]) < total*4/10 {
		t.Errorf("%d requests went out as %d and %d, want half to each", total, got[0], got[1])
	}
}

// answer puts its number into every request and sends it back.
func answer(socket engines.Socket, number byte) error {
	for {
		m, err := pull(socket)
		if err != nil {
			return err
		}
		m.Body()[0] = number
		if err := socket.Send(m); err != nil {
			return err
		}
		if err := socket.Flush(); err != nil {
			return err
		}
	}
}

// testFairQueue receives from two peers that both have much to say: neither may
// have to wait until the other has finished.
func testFairQueue(t *testing.T, s *suite) {
	for _, k := range talks() {
		switch {
		case k.load == engines.PUSH, k.load == engines.DEALER && k.peer != engines.REP:
			t.Run(k.String(), func(t *testing.T) { queueFairly(t, s, k) })
		}
	}
}

func queueFairly(t *testing.T, s *suite, k talk) {
	const each = 500
	load, peer := k.needs(s)
	hub, rim, ok := s.fan(t, peer, load)
	if !ok {
		return
	}
	var heard [2]bool
	for i, socket := range rim {
		send(t, socket, []byte{byte(i), 0, 0, 0, 0, 0, 0, 0})
	}
	for range rim {
		frames := take(t, hub)
		heard[frames[len(frames)-1][0]] = true
	}
	if !heard[0] || !heard[1] {
		t.Fatal("not both peers were heard")
	}
	var sent atomic.Int64
	for i, socket := range rim {
		start(func() error {
			for range each {
				if err := push(socket, nil, []byte{byte(i), 0, 0, 0, 0, 0, 0, 0}); err != nil {
					return err
				}
				sent.Add(1)
			}
			return nil
		})
	}
	// Until all is on its way, or both have to wait for the receiver.
	for last := int64(-1); last != sent.Load() && last < 2*each; {
		last = sent.Load()
		for i := 0; i < 50 && sent.Load() == last && last < 2*each; i++ {
			time.Sleep(settle / 3)
		}
	}
	time.Sleep(3 * settle)
	var got [2]int
	within(t, "messages of two peers", func() error { return takeSlowly(hub, each, &got) })
	if min(got[0], got[1]) < each/20 { // starved, whatever the scheduler does
		t.Errorf("the first %d messages of two peers came as %d and %d", each, got[0], got[1])
	}
}

// takeSlowly receives 2·each messages and counts the first each of them by
// sender. It is slower than both: among fast ones the scheduler decides whose
// connection is read.
func takeSlowly(hub engines.Receiver, each int, got *[2]int) error {
	ms := make([]*engines.Msg, 16)
	for total, paused := 0, 0; total < 2*each; {
		n, err := hub.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if total++; total <= each {
				got[m.Body()[0]]++
			}
		}
		engines.Release(ms[:n])
		if total-paused >= 4 && total < each {
			paused = total
			time.Sleep(retry / 3)
		}
	}
	return nil
}
