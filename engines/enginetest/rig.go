package enginetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

// Times that the suite waits.
const (
	deadline = 10 * time.Second      // for what has to happen
	settle   = 30 * time.Millisecond // for a goroutine to block, or a queue to fill
	retry    = 3 * time.Millisecond  // between probes
)

// within fails the test if f does, or takes longer than the deadline.
func within(t *testing.T, what string, f func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	await(t, what, done)
}

// await waits for the error of something started before.
func await(t *testing.T, what string, done <-chan error) {
	t.Helper()
	if err := outcome(t, what, done); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// outcome is await for those who expect an error.
func outcome(t *testing.T, what string, done <-chan error) error {
	t.Helper()
	timer := time.NewTimer(deadline)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		t.Fatalf("%s: nothing happened for %v", what, deadline)
		return nil
	}
}

// start runs f on a goroutine of its own.
func start(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// expectClosed asserts that something blocked ended because of Close.
func expectClosed(t *testing.T, what string, done <-chan error) {
	t.Helper()
	if err := outcome(t, what, done); !errors.Is(err, engines.ErrClosed) {
		t.Errorf("%s: got error %v, want one that wraps ErrClosed", what, err)
	}
}

// open opens a socket that is closed with the test.
func (s *suite) open(t *testing.T, n engines.Need) engines.Socket {
	t.Helper()
	socket, err := s.engine.Open(context.Background(), n.Kind, n.Options)
	if err != nil {
		t.Fatalf("open %s: %v", n.Kind, err)
	}
	t.Cleanup(func() {
		within(t, fmt.Sprintf("close %s", n.Kind), socket.Close)
	})
	return socket
}

func bind(t *testing.T, socket engines.Socket, endpoint string) (bound string) {
	t.Helper()
	within(t, "bind "+endpoint, func() (err error) {
		bound, err = socket.Bind(endpoint)
		return err
	})
	return bound
}

func connect(t *testing.T, socket engines.Socket, endpoint string) {
	t.Helper()
	within(t, "connect "+endpoint, func() error { return socket.Connect(endpoint) })
}

// pair opens a socket that connects and one that is bound, if the engine
// supports both.
func (s *suite) pair(t *testing.T, connecting, binding engines.Need) (c, b engines.Socket, ok bool) {
	t.Helper()
	binding.Binds = 1
	if !s.supported(t, connecting, binding) {
		return nil, nil, false
	}
	b = s.open(t, binding)
	bound := bind(t, b, s.endpoint(t))
	c = s.open(t, connecting)
	connect(t, c, bound)
	return c, b, true
}

// push allocates, fills, sends and flushes one message.
func push(socket engines.Sender, env [][]byte, body []byte) error {
	m, err := socket.Alloc(env, len(body))
	if err != nil {
		return fmt.Errorf("alloc: %w", err)
	}
	if len(m.Frames) != len(env)+1 || len(m.Body()) != len(body) {
		return fmt.Errorf("alloc(%d frames, %d bytes) gave %d frames and a body of %d bytes", len(env), len(body), len(m.Frames), len(m.Body()))
	}
	copy(m.Body(), body)
	if err := socket.Send(m); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return socket.Flush()
}

// send is push with a deadline. The last of frames is the body.
func send(t *testing.T, socket engines.Sender, frames ...[]byte) {
	t.Helper()
	last := len(frames) - 1
	within(t, "send", func() error { return push(socket, frames[:last], frames[last]) })
}

// sendRouted is send from a ROUTER whose peer may not have joined yet.
func sendRouted(t *testing.T, socket engines.Sender, frames ...[]byte) {
	t.Helper()
	last := len(frames) - 1
	within(t, "send", func() error {
		for end := time.Now().Add(deadline); ; time.Sleep(retry) {
			err := push(socket, frames[:last], frames[last])
			if !errors.Is(err, engines.ErrNoRoute) || time.Now().After(end) {
				return err
			}
		}
	})
}

// pull receives one message, which the caller owns.
func pull(socket engines.Receiver) (*engines.Msg, error) {
	ms := make([]*engines.Msg, 1)
	for {
		if n, err := socket.Recv(ms); n > 0 || err != nil {
			return ms[0], err
		}
	}
}

// recv is pull with a deadline.
func recv(t *testing.T, socket engines.Receiver) (m *engines.Msg) {
	t.Helper()
	within(t, "recv", func() (err error) {
		m, err = pull(socket)
		return err
	})
	return m
}

// take receives one message, releases it and returns a copy of its frames.
func take(t *testing.T, socket engines.Receiver) [][]byte {
	t.Helper()
	m := recv(t, socket)
	frames := clone(m.Frames)
	engines.Release([]*engines.Msg{m})
	return frames
}

func clone(frames [][]byte) [][]byte {
	copies := make([][]byte, len(frames))
	for i, frame := range frames {
		copies[i] = append([]byte{}, frame...)
	}
	return copies
}

// expect compares messages frame by frame.
func expect(t *testing.T, what string, got, want [][]byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d frames %s, want %d frames %s", what, len(got), brief(got), len(want), brief(want))
	}
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("%s: frame %d of %d differs: got %s, want %s", what, i+1, len(got), brief(got[i:i+1]), brief(want[i:i+1]))
		}
	}
}

// brief shows frames, long ones by their size and beginning.
func brief(frames [][]byte) string {
	var b bytes.Buffer
	for i, frame := range frames {
		if i == 8 {
			b.WriteString(" …")
			break
		}
		if len(frame) > 24 {
			fmt.Fprintf(&b, "[%d bytes, %q…]", len(frame), frame[:24])
		} else {
			fmt.Fprintf(&b, "[%q]", frame)
		}
	}
	return b.String()
}

func text(parts ...string) [][]byte {
	frames := make([][]byte, len(parts))
	for i, part := range parts {
		frames[i] = []byte(part)
	}
	return frames
}
