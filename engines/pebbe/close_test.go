//go:build libzmq

package pebbe

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// The context ends with its last socket, and another one can begin.
func TestContextEndsWithItsSockets(t *testing.T) {
	e := New().(*Engine)
	for range 3 {
		plain := engines.Security{Username: "user", Password: "secret"}
		a, b := open(t, e, engines.PULL, plain), open(t, e, engines.PUSH, plain)
		bound, err := a.Bind("tcp://127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Connect(bound); err != nil {
			t.Fatal(err)
		}
		l := a.(*socket).library
		a.Close()
		b.Close()
		if len(e.contexts) != 0 {
			t.Fatalf("%d contexts are left", len(e.contexts))
		}
		select {
		case <-l.ended:
		case <-time.After(wait):
			t.Fatal("the context does not end")
		}
	}
}

// Nothing listens when Close has returned.
func TestCloseFreesTheEndpoint(t *testing.T) {
	dir, err := os.MkdirTemp("", "zb")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	e := New()
	open(t, e, engines.PUB, engines.Security{}) // lest the context's end be waited for
	for _, endpoint := range []string{"tcp://127.0.0.1:0", "tcp://localhost:0", "ipc://" + filepath.Join(dir, "s"), "inproc://name"} {
		for range 5 {
			s := open(t, e, engines.PULL, engines.Security{})
			bound, err := s.Bind(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			if addr, ok := strings.CutPrefix(bound, "tcp://"); ok {
				l, err := net.Listen("tcp", addr)
				if err != nil {
					t.Fatalf("%s is not free: %v", bound, err)
				}
				l.Close()
			}
		}
	}
}

// A path that somebody listens at stays his, one that was left behind does not.
func TestBindLeavesForeignPathsAlone(t *testing.T) {
	dir, err := os.MkdirTemp("", "zb")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	s := open(t, New(), engines.PULL, engines.Security{})
	if _, err := s.Bind("ipc://" + path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("Bind gives %v, want one that names %s", err, path)
	}
	l.Close()
	if _, err := s.Bind("ipc://" + path); err != nil {
		t.Errorf("Bind at a path left behind: %v", err)
	}
}

// Both halves wait, in the library or off the mutex, and both are let go.
func TestCloseUnblocksBothSides(t *testing.T) {
	for _, use := range []engines.Use{engines.Turns, engines.Duplex} {
		s, err := New().Open(context.Background(), engines.DEALER, engines.Options{Use: use})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Bind("tcp://127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		go func() { done <- s.Send(&engines.Msg{Frames: text("to nobody")}) }()
		go func() {
			_, err := s.Recv(make([]*engines.Msg, 1))
			done <- err
		}()
		time.Sleep(30 * time.Millisecond)
		s.Close()
		for range 2 {
			select {
			case err := <-done:
				if !errors.Is(err, engines.ErrClosed) {
					t.Errorf("use %d: got %v, want ErrClosed", use, err)
				}
			case <-time.After(wait):
				t.Fatalf("use %d: a call is still blocked", use)
			}
		}
	}
}
