package zmtp

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// stalledRouter is a ROUTER whose patience is as given, where it is bound, and
// a peer of it, "a", that does not read until told to.
func stalledRouter(t *testing.T, patience time.Duration) (s engines.Socket, endpoint string, read func()) {
	t.Helper()
	s = openTest(t, New(), engines.ROUTER, engines.Options{Use: engines.Turns, SendHWM: 10, Linger: time.Millisecond})
	s.(*router).route.slow.patience = patience
	endpoint = bindTest(t, s)
	ready := appendCommand(appendGreeting(nil, "NULL", false), cmdReady, appendMetadata(nil, engines.DEALER, []byte("a")))
	nc := stalledPeer(t, endpoint, ready)
	until(t, "a connection", func() bool { return connections(s) == 1 })
	return s, endpoint, func() { _, _ = io.Copy(io.Discard, nc) } // it ends with the test
}

// flood sends more to a than HWM and buffers hold, and stops at an error.
func flood(s engines.Sender) error {
	for range 2000 {
		m, err := s.Alloc([][]byte{[]byte("a")}, 16<<10)
		if err != nil {
			return err
		}
		if err := s.Send(m); err != nil {
			return err
		}
	}
	return s.Flush()
}

func TestRouterOutlivesAStall(t *testing.T) {
	s, _, read := stalledRouter(t, time.Minute)
	time.AfterFunc(100*time.Millisecond, read)
	if err := flood(s); err != nil {
		t.Error(err)
	}
}

func TestRouterGivesUpOnAStalledPeer(t *testing.T) {
	s, endpoint, _ := stalledRouter(t, 10*time.Millisecond)
	good := openTest(t, New(), engines.DEALER, engines.Options{Identity: []byte("b")})
	connectTest(t, good, endpoint)
	until(t, "both connected", func() bool { return connections(s) == 2 })
	if err := flood(s); !errors.Is(err, engines.ErrNoRoute) || !strings.Contains(err.Error(), "HWM") {
		t.Errorf("error %v", err)
	}
	sendTest(t, s, "b", "hello")
	expectTest(t, good, "hello")
}

// TestNothingGoesToTheDead: a sender that waits for a stalled peer goes on
// waiting when that peer dies, and takes nothing more for sent.
func TestNothingGoesToTheDead(t *testing.T) {
	for range 5 {
		push := openTest(t, New(), engines.PUSH, engines.Options{SendHWM: 10, Linger: time.Millisecond})
		nc := stalledPeer(t, bindTest(t, push), hello(engines.PULL))
		until(t, "a connection", func() bool { return connections(push) == 1 })
		var sent atomic.Int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				m, err := push.Alloc(nil, 16<<10)
				if err != nil || push.Send(m) != nil || push.Flush() != nil {
					return
				}
				sent.Add(1)
			}
		}()
		for before := int64(-1); before != sent.Load() || before == 0; time.Sleep(50 * time.Millisecond) {
			before = sent.Load()
		}
		full := sent.Load()
		_ = nc.(*net.TCPConn).SetLinger(0) // with a reset
		nc.Close()
		until(t, "no peer", func() bool { return push.(engines.Attended).Peers() == 0 })
		push.Close()
		<-done
		if n := sent.Load() - full; n > 1 {
			t.Errorf("%d messages went to a peer that had died", n)
		}
	}
}
