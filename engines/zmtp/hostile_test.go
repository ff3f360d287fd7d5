package zmtp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// hello is what a well-behaved peer of kind k sends before its traffic.
func hello(k engines.Kind) []byte {
	return appendCommand(appendGreeting(nil, "NULL", false), cmdReady, appendMetadata(nil, k, nil))
}

func frameOf(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}

// TestHostilePeers: each ends with its own error while a good peer goes on.
func TestHostilePeers(t *testing.T) {
	push := string(hello(engines.PUSH))
	for _, c := range []struct {
		name  string
		sends string
		close bool // hangs up afterwards
		want  error
	}{
		{"a web browser", "GET / HTTP/1.1\r\n\r\n", false, ErrSignature},
		{"a signature with a wrong end", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00\x03", false, ErrSignature},
		{"ZMTP 1.0", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x00", false, ErrVersion},
		{"an unknown mechanism", string(appendGreeting(nil, "GSSAPI", false)), false, ErrMechanism},
		{"a malformed mechanism", string(appendGreeting(nil, "no such", false)), false, ErrMechanism},
		{"silence", "", false, ErrHandshake},
		{"half a greeting", push[:30], false, ErrHandshake},
		{"half a greeting and out", push[:30], true, ErrPeerClosed},
		{"half a READY and out", push[:70], true, ErrPeerClosed},
		{"a socket type that is none", string(appendCommand(appendGreeting(nil, "NULL", false), cmdReady, appendProperty(nil, propSocketType, []byte("SINK")))), false, ErrSocketType},
		{"a socket type that does not fit", string(hello(engines.SUB)), false, ErrSocketType},
		{"no socket type", string(appendCommand(appendGreeting(nil, "NULL", false), cmdReady)), false, ErrSocketType},
		{"truncated metadata", string(appendCommand(appendGreeting(nil, "NULL", false), cmdReady, []byte("\x0bSocket-Type\x00\x00\x01\x00PUSH"))), false, ErrMetadata},
		{"HELLO for READY", string(appendHello(appendGreeting(nil, "NULL", false), "a", "b")), false, ErrCommand},
		{"a message for READY", string(appendFrame(appendGreeting(nil, "NULL", false), 0, []byte("x"))), false, ErrCommand},
		{"ERROR for READY", string(appendError(appendGreeting(nil, "NULL", false), "go away")), false, ErrPeerError},
		{"READY twice", push + string(appendCommand(nil, cmdReady)), false, ErrCommand},
		{"ERROR later", push + string(appendError(nil, "go away")), false, ErrPeerError},
		{"a subscription to a PULL", push + string(appendCommand(nil, cmdSubscribe, []byte("x"))), false, ErrCommand},
		{"a command without a name", push + "\x04\x01\x00", false, ErrCommand},
		{"a PING that is too long", push + string(appendCommand(nil, cmdPing, make([]byte, 19))), false, ErrCommand},
		{"a command within a message", push + "\x01\x01a" + string(appendPing(nil, 0)), false, ErrCommand},
		{"reserved flags", push + "\x08\x00", false, ErrFrame},
		{"a command with more", push + "\x05\x00", false, ErrFrame},
		{"2^63-1 bytes", push + string(frameOf(0, 1<<63-1)), false, ErrTooLarge},
		{"2^63 bytes", push + string(frameOf(0, 1<<63)), false, ErrTooLarge},
		{"2^64-1 bytes", push + string(frameOf(0, 1<<64-1)), false, ErrTooLarge},
		{"too large in parts", push + strings.Repeat("\x01\xff"+strings.Repeat("x", 255), 5000), false, ErrTooLarge},
		{"a command of a gigabyte", push + string(frameOf(flagCommand, 1<<30)), false, ErrTooLarge},
		{"a million frames of a byte", push + strings.Repeat("\x01\x01x", 1_000_000), false, ErrTooManyFrames},
		{"half a frame", push + "\x00\x10half", true, ErrPeerClosed},
		{"half a large frame", push + string(frameOf(0, 1_000_000)) + "half", true, ErrPeerClosed},
		{"ZMTP 2.0 of an unknown type", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x63\x00\x00", false, ErrSocketType},
		{"ZMTP 2.0 with a command", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x08\x00\x00" + string(appendPing(nil, 0)), false, ErrCommand},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := New()
			pull := openTest(t, e, engines.PULL, engines.Options{MaxMessageBytes: 1 << 20, HandshakeTimeout: 100 * time.Millisecond})
			ep, err := pull.Bind("tcp://127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			good := openTest(t, e, engines.PUSH, engines.Options{})
			if err := good.Connect(ep); err != nil {
				t.Fatal(err)
			}
			sendTest(t, good, "before")
			expectTest(t, pull, "before")
			nc, err := net.Dial("tcp", strings.TrimPrefix(ep, "tcp://"))
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			go func() {
				_, _ = nc.Write([]byte(c.sends)) // it may be cut off
				if c.close {
					_ = nc.(*net.TCPConn).CloseWrite()
				}
			}()
			// The receiver may have to be in Recv for the fault to be found.
			got := make(chan string)
			go func() { got <- recvTest(pull) }()
			st := awaitFailure(t, pull)
			if !errors.Is(st.LastFailure, c.want) {
				t.Errorf("it ended with %v, want %v", st.LastFailure, c.want)
			}
			sendTest(t, good, "after")
			if s := <-got; s != "after" {
				t.Errorf("received %q after it", s)
			}
		})
	}
}

func openTest(t testing.TB, e engines.Engine, k engines.Kind, o engines.Options) engines.Socket {
	t.Helper()
	s, err := e.Open(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func sendTest(t testing.TB, s engines.Sender, frames ...string) {
	t.Helper()
	env := make([][]byte, len(frames)-1)
	for i := range env {
		env[i] = []byte(frames[i])
	}
	body := frames[len(frames)-1]
	m, err := s.Alloc(env, len(body))
	if err != nil {
		t.Fatal(err)
	}
	copy(m.Body(), body)
	if err := s.Send(m); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
}

// recvTest receives one message and joins its frames by "|".
func recvTest(s engines.Receiver) string {
	var ms [1]*engines.Msg
	if _, err := s.Recv(ms[:]); err != nil {
		return err.Error()
	}
	got := string(bytes.Join(ms[0].Frames, []byte("|")))
	engines.Release(ms[:])
	return got
}

func expectTest(t testing.TB, s engines.Receiver, want string) {
	t.Helper()
	if got := recvTest(s); got != want {
		t.Fatalf("received %.60q, want %.60q", got, want)
	}
}

// until waits for ok, a while.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never happened", what)
		}
	}
}

func awaitFailure(t testing.TB, s engines.Socket) (st Stats) {
	t.Helper()
	until(t, "a failure", func() bool {
		st = s.(Reporter).Stats()
		return st.LastFailure != nil
	})
	return st
}

// TestAnnouncementCostsNothing: memory follows what arrives, not what a peer
// says will.
func TestAnnouncementCostsNothing(t *testing.T) {
	pull := openTest(t, New(), engines.PULL, engines.Options{})
	ep, err := pull.Bind("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = recvTest(pull) }()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const peers = 20
	for range peers {
		nc, err := net.Dial("tcp", strings.TrimPrefix(ep, "tcp://"))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		if _, err := nc.Write(append(append(hello(engines.PUSH), frameOf(0, 64<<20)...), 'x')); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all connected", func() bool { return pull.(Reporter).Stats().Connections == peers })
	time.Sleep(10 * time.Millisecond)
	runtime.ReadMemStats(&after)
	if grown := int(after.HeapAlloc) - int(before.HeapAlloc); grown > peers*2*trustBytes {
		t.Errorf("%d bytes for %d peers that sent one byte each", grown, peers)
	}
}
