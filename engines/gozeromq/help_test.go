package gozeromq

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"zbench/engines"
)

// patience is when a test that waits gives up.
const patience = 10 * time.Second

var transports = engines.Transports()

// endpoint is one to bind that no other test uses.
func endpoint(t *testing.T, transport string) string {
	t.Helper()
	switch transport {
	case "tcp":
		return "tcp://127.0.0.1:0"
	case "ipc":
		return "ipc://" + filepath.Join(shortDir(t), "s")
	}
	return "inproc://" + t.Name()
}

// shortDir is a directory whose name leaves room for a socket's: t.TempDir
// grows with the test's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "zb")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func open(t *testing.T, e engines.Engine, k engines.Kind, o engines.Options) *socket {
	t.Helper()
	s, err := e.Open(t.Context(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*socket)
}

func bind(t *testing.T, s engines.Socket, ep string) string {
	t.Helper()
	bound, err := s.Bind(ep)
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

func connect(t *testing.T, s engines.Socket, ep string) {
	t.Helper()
	if err := s.Connect(ep); err != nil {
		t.Fatal(err)
	}
}

// duo opens two sockets, the first of which binds, and waits until both know.
func duo(t *testing.T, transport string, a, b engines.Kind, oa, ob engines.Options) (binder, caller *socket) {
	t.Helper()
	e := New()
	binder, caller = open(t, e, a, oa), open(t, e, b, ob)
	connect(t, caller, bind(t, binder, endpoint(t, transport)))
	await(t, "the peer to join", func() bool { return len(binder.peers.all()) == 1 })
	return binder, caller
}

func await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ready(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// send sends one message of the given frames, the body last.
func send(s *socket, frames ...string) error {
	env := make([][]byte, 0, len(frames))
	for _, f := range frames[:len(frames)-1] {
		env = append(env, []byte(f))
	}
	body := frames[len(frames)-1]
	m, err := s.Alloc(env, len(body))
	if err != nil {
		return err
	}
	copy(m.Body(), body)
	return s.Send(m)
}

func mustSend(t *testing.T, s *socket, frames ...string) {
	t.Helper()
	if err := send(s, frames...); err != nil {
		t.Fatal(err)
	}
}

// recv returns one message as strings, or fails after a while.
func recv(t *testing.T, s *socket) []string {
	t.Helper()
	watchdog := time.AfterFunc(patience, func() { s.Close() })
	defer watchdog.Stop()
	var ms [1]*engines.Msg
	if _, err := s.Recv(ms[:]); err != nil {
		t.Fatal(err)
	}
	defer engines.Release(ms[:])
	var out []string
	for _, f := range ms[0].Frames {
		out = append(out, string(f))
	}
	return out
}

func want(t *testing.T, got []string, frames ...string) {
	t.Helper()
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", frames) {
		t.Errorf("got %q, want %q", got, frames)
	}
}

func wantErr(t *testing.T, err, sentinel error) {
	t.Helper()
	if !errors.Is(err, sentinel) {
		t.Fatalf("error %v, want one of %v", err, sentinel)
	}
}

// within fails the test where f does not return.
func within(t *testing.T, what string, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		t.Fatalf("%s did not return within %v", what, patience)
		return context.DeadlineExceeded
	}
}

func recvErr(s *socket) error {
	_, err := s.Recv(make([]*engines.Msg, 1))
	return err
}
