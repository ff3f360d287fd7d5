package enginetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// A high-water mark of ten messages of 64 KiB: with what the network may hold,
// a sender that blocks does so long before it has sent these.
const (
	hwm       = 10
	hwmBody   = 64 << 10
	hwmMost   = 800
	hwmPeriod = 200 * time.Millisecond // without progress: blocked
)

// testHWM stalls the peer: PUSH, DEALER and PAIR block and lose nothing, PUB
// goes on and drops, or blocks with NoDrop.
func testHWM(t *testing.T, s *suite) {
	for _, k := range talks() {
		switch {
		case k.load == engines.PUSH, k.load == engines.PAIR, k.load == engines.DEALER && k.peer == engines.DEALER:
			t.Run("blocks "+k.String(), func(t *testing.T) { blocksAtHWM(t, s, k, false) })
		case k.load == engines.PUB && k.peer == engines.SUB:
			t.Run("drops "+k.String(), func(t *testing.T) { dropsAtHWM(t, s, k) })
			t.Run("blocks if told to "+k.String(), func(t *testing.T) { blocksAtHWM(t, s, k, true) })
		}
	}
}

// bounded opens a pair with a send HWM at the load side and a receive HWM at
// the peer; both says that the engine has the latter too.
func (s *suite) bounded(t *testing.T, k talk, noDrop bool) (load, peer engines.Socket, both, ok bool) {
	t.Helper()
	loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.MaxFrame = hwmBody })
	loadNeed.Options.SendHWM = hwm
	loadNeed.Options.NoDrop = noDrop
	loadNeed.Binds = 1
	if !s.supported(t, loadNeed) {
		return nil, nil, false, false
	}
	limited := peerNeed
	limited.Options.RecvHWM = hwm
	if both = s.supported(t, limited); both {
		peerNeed = limited
	}
	peer, load, ok = s.pair(t, peerNeed, loadNeed)
	return load, peer, both, ok
}

func blocksAtHWM(t *testing.T, s *suite, k talk, noDrop bool) {
	load, peer, both, ok := s.bounded(t, k, noDrop)
	if !ok || !both {
		return
	}
	if noDrop {
		k.join(t, load, "", peer) // nobody waits for whom nobody knows
	}
	var sent atomic.Int64
	done := start(func() error {
		for i := range hwmMost {
			if err := push(load, nil, pattern(i, hwmBody)); err != nil {
				return err
			}
			sent.Add(1)
		}
		return nil
	})
	stopped := int64(-1)
	for end := time.Now().Add(deadline); stopped != sent.Load(); {
		if time.Now().After(end) {
			t.Fatal("the sender neither blocks nor finishes")
		}
		stopped = sent.Load()
		time.Sleep(hwmPeriod)
	}
	if stopped == hwmMost {
		t.Fatalf("%d messages of %d bytes were taken for a peer that does not receive, at an HWM of %d", stopped, hwmBody, hwm)
	}
	for i := range hwmMost {
		m := recv(t, peer)
		if seqOf(m.Body()) != i || len(m.Body()) != hwmBody {
			t.Fatalf("message %d of a blocked %s arrived as number %d with %d bytes", i, k.load, seqOf(m.Body()), len(m.Body()))
		}
		engines.Release([]*engines.Msg{m})
	}
	await(t, "the blocked sender", done)
}

func dropsAtHWM(t *testing.T, s *suite, k talk) {
	pub, sub, both, ok := s.bounded(t, k, false)
	if !ok {
		return
	}
	k.join(t, pub, "", sub)
	within(t, fmt.Sprintf("publish %d messages to a stalled SUB", hwmMost), func() error {
		for i := range hwmMost {
			if err := push(pub, nil, pattern(i, hwmBody)); err != nil {
				return err
			}
		}
		return nil
	})
	arrivals := make(chan arrival, hwmMost)
	collect(sub, 0, arrivals)
	last, got := -1, 0
	for {
		a, ok := maybe(arrivals, hwmPeriod)
		if !ok {
			break
		}
		seq := seqOf(a.frames[0])
		if seq <= last {
			t.Fatalf("message %d arrived after %d", seq, last)
		}
		last = seq
		got++
	}
	if got == 0 || both && got == hwmMost {
		t.Errorf("%d of %d messages arrived at a stalled SUB with an HWM of %d", got, hwmMost, hwm)
	}
}
