package peertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// Meeting is a socket of ours and a peer.
type Meeting struct {
	Engine    engines.Engine
	Kind      engines.Kind
	Options   engines.Options
	WeBind    bool
	Transport string
	Maker     Maker
	Role      string // the peer's: echo, sink, source or ask
	Theirs    string // its socket type
	More      []string
}

// Start opens both. The socket closes by itself after a while, which is the
// deadline for what blocks.
func (m Meeting) Start(t *testing.T) (engines.Socket, *Peer) {
	t.Helper()
	s := m.open(t)
	if m.WeBind {
		bound, err := s.Bind(m.endpoint(t))
		if err != nil {
			t.Fatal(err)
		}
		return s, m.Maker.Start(t, m.Role, m.Theirs, "connect", bound, m.More...)
	}
	p := m.Maker.Start(t, m.Role, m.Theirs, "bind", m.endpoint(t), m.More...)
	if err := s.Connect(p.Endpoint); err != nil {
		t.Fatal(err)
	}
	return s, p
}

func (m Meeting) open(t *testing.T) engines.Socket {
	t.Helper()
	s, err := m.Engine.Open(context.Background(), m.Kind, m.Options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	time.AfterFunc(deadline, func() { _ = s.Close() })
	return s
}

func (m Meeting) endpoint(t *testing.T) string {
	if m.Transport == "ipc" {
		return "ipc://" + filepath.Join(t.TempDir(), "s")
	}
	return Loopback()
}

var meetings atomic.Uint32

// Loopback is an endpoint of tcp at a loopback address that no other test
// uses, in this process or another. JeroMQ 0.3.6 binds the first free port from
// 49152 on: at one address each of its peers gets that port in turn, and with it
// whatever still calls the one before.
func Loopback() string {
	const hosts = 254 // 1 to 254, in each of the three bytes
	n := uint32(os.Getpid())*hosts + meetings.Add(1)%hosts
	return fmt.Sprintf("tcp://127.%d.%d.%d:*", 1+n/hosts/hosts%hosts, 1+n/hosts%hosts, 1+n%hosts)
}

// Put sends a message that the engine allocates, again while a ROUTER has no
// such peer yet.
func Put(t *testing.T, s engines.Sender, frames ...string) {
	t.Helper()
	env := make([][]byte, len(frames)-1)
	for i := range env {
		env[i] = []byte(frames[i])
	}
	err := put(s, env, frames[len(env)])
	for end := time.Now().Add(deadline); errors.Is(err, engines.ErrNoRoute) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
		err = put(s, env, frames[len(env)])
	}
	if err != nil {
		t.Fatal(err)
	}
}

func put(s engines.Sender, env [][]byte, body string) error {
	m, err := s.Alloc(env, len(body))
	if err != nil {
		return err
	}
	copy(m.Body(), body)
	if err := s.Send(m); err != nil {
		return err
	}
	return s.Flush()
}

// take receives one message.
func take(t *testing.T, s engines.Receiver) *engines.Msg {
	t.Helper()
	var ms [1]*engines.Msg
	if _, err := s.Recv(ms[:]); err != nil {
		t.Fatal(err)
	}
	return ms[0]
}

// pass sends what one socket received on another one, or back.
func pass(t *testing.T, from engines.Receiver, to engines.Sender) {
	t.Helper()
	if err := to.Send(take(t, from)); err != nil {
		t.Fatal(err)
	}
	if err := to.Flush(); err != nil {
		t.Fatal(err)
	}
}

// Want receives a message and fails the test if it is another one.
func Want(t *testing.T, s engines.Receiver, frames ...string) {
	t.Helper()
	m := take(t, s)
	if len(m.Frames) != len(frames) {
		t.Fatalf("%d frames, want %d: %.60q", len(m.Frames), len(frames), m.Frames)
	}
	for i, f := range frames {
		if string(m.Frames[i]) != f {
			t.Fatalf("frame %d is %.40q, want %.40q", i, m.Frames[i], f)
		}
	}
	engines.Release([]*engines.Msg{m})
}
