package zmtp

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

func bindTest(t testing.TB, s engines.Socket) string {
	t.Helper()
	ep, err := s.Bind("tcp://127.0.0.1:*")
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

func connectTest(t testing.TB, s engines.Socket, ep string) {
	t.Helper()
	if err := s.Connect(ep); err != nil {
		t.Fatal(err)
	}
}

func connections(s engines.Socket) uint64 { return s.(Reporter).Stats().Connections }

func TestReconnectKeepsIdentity(t *testing.T) {
	e := New()
	router := openTest(t, e, engines.ROUTER, engines.Options{Use: engines.Turns})
	p := startProxy(t, bindTest(t, router))
	dealer := openTest(t, e, engines.DEALER, engines.Options{Identity: []byte("me"), ReconnectMin: time.Millisecond})
	connectTest(t, dealer, p.endpoint())
	go func() {
		for recvTest(dealer) != "" { // notices that the connection broke
		}
	}()
	sendTest(t, dealer, "one")
	expectTest(t, router, "me|one")
	p.reset()
	until(t, "a new connection", func() bool { return connections(dealer) >= 2 })
	sendTest(t, dealer, "two")
	expectTest(t, router, "me|two")
}

func TestReconnectKeepsSubscriptions(t *testing.T) {
	e := New()
	pub := openTest(t, e, engines.XPUB, engines.Options{Use: engines.Turns})
	p := startProxy(t, bindTest(t, pub))
	sub := openTest(t, e, engines.SUB, engines.Options{Subscribe: [][]byte{[]byte("a")}, ReconnectMin: time.Millisecond})
	connectTest(t, sub, p.endpoint())
	got := make(chan string, 10)
	go func() {
		for range 2 {
			got <- recvTest(sub)
		}
	}()
	expectTest(t, pub, "\x01a")
	sendTest(t, pub, "a", "one")
	if s := <-got; s != "a|one" {
		t.Fatalf("received %q", s)
	}
	p.reset()
	expectTest(t, pub, "\x00a")
	expectTest(t, pub, "\x01a")
	sendTest(t, pub, "b", "no")
	sendTest(t, pub, "a", "two")
	if s := <-got; s != "a|two" {
		t.Fatalf("received %q", s)
	}
}

// TestRequestOfLostPeer: a REQ whose peer goes may ask again.
func TestRequestOfLostPeer(t *testing.T) {
	e := New()
	rep := openTest(t, e, engines.REP, engines.Options{Use: engines.Turns})
	ep := bindTest(t, rep)
	p := startProxy(t, ep)
	req := openTest(t, e, engines.REQ, engines.Options{Use: engines.Turns})
	connectTest(t, req, p.endpoint())
	sendTest(t, req, "one")
	expectTest(t, rep, "one")
	p.reset()
	var ms [1]*engines.Msg
	if _, err := req.Recv(ms[:]); !errors.Is(err, ErrPeerLost) {
		t.Fatalf("Recv gave %v", err)
	}
	sendTest(t, rep, "to nobody")
	sendTest(t, req, "two")
	expectTest(t, rep, "two")
	sendTest(t, rep, "reply")
	expectTest(t, req, "reply")
}

func TestHeartbeatEndsSilentPeer(t *testing.T) {
	pull := openTest(t, New(), engines.PULL, engines.Options{HeartbeatInterval: 10 * time.Millisecond, HeartbeatTimeout: 30 * time.Millisecond})
	nc, err := net.Dial("tcp", strings.TrimPrefix(bindTest(t, pull), "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := nc.Write(hello(engines.PUSH)); err != nil {
		t.Fatal(err)
	}
	if st := awaitFailure(t, pull); !errors.Is(st.LastFailure, ErrHeartbeat) {
		t.Errorf("it ended with %v", st.LastFailure)
	}
}

// TestTTLEndsSilentPeer: a PING's TTL counts from then on, and PONG carries
// the context back.
func TestTTLEndsSilentPeer(t *testing.T) {
	pull := openTest(t, New(), engines.PULL, engines.Options{})
	nc, err := net.Dial("tcp", strings.TrimPrefix(bindTest(t, pull), "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	go func() { _ = recvTest(pull) }()
	ping := appendCommand(nil, cmdPing, []byte{0, 1}, []byte("context"))
	if _, err := nc.Write(append(hello(engines.PUSH), ping...)); err != nil {
		t.Fatal(err)
	}
	want := appendCommand(nil, cmdPong, []byte("context"))
	b := make([]byte, len(hello(engines.PULL))+len(want))
	if _, err := io.ReadFull(nc, b); err != nil || !strings.HasSuffix(string(b), string(want)) {
		t.Errorf("received %q, %v", b, err)
	}
	if st := awaitFailure(t, pull); !errors.Is(st.LastFailure, ErrHeartbeat) {
		t.Errorf("it ended with %v", st.LastFailure)
	}
}

// stalledPeer shakes hands as a k and reads nothing more.
func stalledPeer(t *testing.T, endpoint string, greeting []byte) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(endpoint, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	if _, err := nc.Write(greeting); err != nil {
		t.Fatal(err)
	}
	return nc
}

// TestStalledPeer: the other one gets what the stalled one cannot take, and
// memory stays bounded.
func TestStalledPeer(t *testing.T) {
	const hwm, size = 100, 8 << 10
	for _, k := range []engines.Kind{engines.PUSH, engines.PUB} {
		t.Run(k.String(), func(t *testing.T) {
			e := New()
			s := openTest(t, e, k, engines.Options{SendHWM: hwm, SendBuf: 64 << 10, Linger: time.Millisecond})
			ep := bindTest(t, s)
			other := engines.PULL
			greeting := hello(engines.PULL)
			if k == engines.PUB {
				other = engines.SUB
				greeting = append(hello(engines.SUB), appendCommand(nil, cmdSubscribe)...)
			}
			stalledPeer(t, ep, greeting)
			good := openTest(t, e, other, engines.Options{Subscribe: [][]byte{nil}})
			connectTest(t, good, ep)
			until(t, "both connected", func() bool { return connections(s) == 2 })
			var count atomic.Int64
			done := make(chan bool)
			go func() {
				defer close(done)
				for strings.HasSuffix(recvTest(good), "!") {
					count.Add(1)
				}
			}()
			until(t, "a message arrives", func() bool {
				sendTest(t, s, "first!")
				return count.Load() > 0
			})
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			const total = 4000
			body := strings.Repeat("x", size-1) + "!"
			for i := range total {
				sendTest(t, s, body)
				for k == engines.PUB && count.Load() < int64(i-hwm/2) {
					time.Sleep(20 * time.Microsecond) // so that it is not at its HWM, too
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int(after.HeapAlloc) - int(before.HeapAlloc); grown > hwm*size+8<<20 {
				t.Errorf("%d bytes more in memory", grown)
			}
			sendTest(t, s, "stop")
			for range 3 { // past the stalled one, in turn
				if k == engines.PUSH {
					sendTest(t, s, "stop")
				}
			}
			if <-done; count.Load() < total/2 {
				t.Errorf("the good peer got %d of %d", count.Load(), total)
			}
		})
	}
}

// TestNothingIsHeldBack: a message goes out although nobody flushes.
func TestNothingIsHeldBack(t *testing.T) {
	for _, transport := range []string{"tcp://127.0.0.1:*", "inproc://held"} {
		for _, k := range [][2]engines.Kind{{engines.PUSH, engines.PULL}, {engines.PUB, engines.SUB}} {
			t.Run(fmt.Sprint(k[0], transport[:3]), func(t *testing.T) {
				t.Parallel()
				e := New()
				from := openTest(t, e, k[0], engines.Options{})
				to := openTest(t, e, k[1], engines.Options{Subscribe: [][]byte{nil}})
				ep, err := from.Bind(strings.Replace(transport, "held", k[0].String(), 1))
				if err != nil {
					t.Fatal(err)
				}
				connectTest(t, to, ep)
				got := make(chan string, 1)
				go func() { got <- recvTest(to) }()
				for _, pause := range []time.Duration{0, 0, 20 * time.Millisecond, time.Millisecond, 0} {
					time.Sleep(pause)
					for !sendHeld(t, from, got) {
						if k[0] == engines.PUSH {
							t.Fatal("it is held back")
						}
					}
					go func() { got <- recvTest(to) }()
				}
			})
		}
	}
}

// sendHeld sends without flushing and reports whether it arrived.
func sendHeld(t *testing.T, s engines.Sender, got chan string) bool {
	t.Helper()
	m, err := s.Alloc(nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	copy(m.Body(), "held")
	if err := s.Send(m); err != nil {
		t.Fatal(err)
	}
	wait := 10 * time.Second
	if _, ok := s.(*pub); ok {
		wait = 20 * time.Millisecond // its first may be lost
	}
	select {
	case text := <-got:
		return text == "held"
	case <-time.After(wait):
		return false
	}
}
