//go:build libzmq

package pebbe

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

// crowded opens a socket of two goroutines that has to wait all the time.
func crowded(t *testing.T, e engines.Engine, k engines.Kind, o engines.Options) engines.Socket {
	t.Helper()
	o.Use, o.SendHWM, o.RecvHWM, o.Linger = engines.Duplex, 2, 2, time.Millisecond
	s, err := e.Open(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// sends numbers to n-1.
func sends(s engines.Socket, n int) error {
	for i := range n {
		m, err := s.Alloc(nil, 8)
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint64(m.Body(), uint64(i))
		if err := s.Send(m); err != nil {
			return err
		}
	}
	return nil
}

// receives expects them.
func receives(s engines.Socket, n int) error {
	ms := make([]*engines.Msg, 1)
	for i := 0; i < n; i++ {
		if _, err := s.Recv(ms); err != nil {
			return fmt.Errorf("message %d: %w", i, err)
		}
		if got := binary.LittleEndian.Uint64(ms[0].Body()); got != uint64(i) {
			return fmt.Errorf("message %d came as %d", i, got)
		}
	}
	return nil
}

// finish waits for what was started; a wake-up that got lost would show here.
func finish(t *testing.T, started ...func() error) {
	t.Helper()
	done := make(chan error, len(started))
	for _, f := range started {
		go func() { done <- f() }()
	}
	end := time.After(3 * wait)
	for range started {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
		case <-end:
			t.Fatal("somebody waits for what has come")
		}
	}
}

func TestTwoGoroutinesShareASocketAtItsHWM(t *testing.T) {
	const n = 5_000
	for _, endpoint := range []string{"tcp://127.0.0.1:0", "inproc://crowded"} {
		e := New()
		a, b := crowded(t, e, engines.PAIR, engines.Options{}), crowded(t, e, engines.PAIR, engines.Options{})
		bound, err := a.Bind(endpoint)
		if err == nil {
			err = b.Connect(bound)
		}
		if err != nil {
			t.Fatal(err)
		}
		finish(t,
			func() error { return sends(a, n) }, func() error { return receives(a, n) },
			func() error { return sends(b, n) }, func() error { return receives(b, n) })
	}
}

// libzmq calls a publisher ready that waits for its subscriber.
func TestWaitWhereLibzmqCallsItReady(t *testing.T) {
	const n = 2_000
	e := New()
	xpub := crowded(t, e, engines.XPUB, engines.Options{NoDrop: true})
	sub := crowded(t, e, engines.SUB, engines.Options{Subscribe: text("")})
	bound, err := xpub.Bind("tcp://127.0.0.1:0")
	if err == nil {
		err = sub.Connect(bound)
	}
	if err != nil {
		t.Fatal(err)
	}
	finish(t, func() error { // the subscription
		_, err := xpub.Recv(make([]*engines.Msg, 1))
		return err
	})
	closed := make(chan error, 1)
	go func() {
		_, err := xpub.Recv(make([]*engines.Msg, 1))
		closed <- err
	}()
	finish(t, func() error { return sends(xpub, n) }, func() error { return receives(sub, n) })
	xpub.Close()
	select {
	case err := <-closed:
		if !errors.Is(err, engines.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	case <-time.After(wait):
		t.Error("Recv is still blocked")
	}
}
