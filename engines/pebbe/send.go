//go:build libzmq

package pebbe

import (
	"errors"
	"fmt"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

var (
	errCannotSend = fmt.Errorf("this kind does not send: %w", engines.ErrUnsupported)
	errEmpty      = errors.New("a message has one frame at least")
)

// Alloc gives the socket's one message; libzmq copies it when it is sent. It
// does not wait, for libzmq chooses the connection with the send.
func (s *socket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.closed.Load() {
		return nil, s.fail("alloc", engines.ErrClosed)
	}
	return s.box.alloc(env, size), nil
}

// Send waits at the HWM and where nobody is there to send to. There a hosted
// socket returns engines.ErrWait.
func (s *socket) Send(m *engines.Msg) error {
	if len(m.Frames) == 0 {
		return fmt.Errorf("pebbe: %s send: %w", s.kind, errEmpty)
	}
	if !s.kind.CanSend() {
		return fmt.Errorf("pebbe: %s send: %w", s.kind, errCannotSend)
	}
	if err := s.transmit(m.Frames); err != nil {
		return err
	}
	if m != &s.box.msg && m.Owner != nil {
		s.foreign[0] = m
		engines.Release(s.foreign[:])
		s.foreign[0] = nil
	}
	return nil
}

// Flush does nothing: libzmq writes what was sent on threads of its own.
func (s *socket) Flush() error { return nil }

func (s *socket) transmit(frames [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host.enter()
	for !s.closed.Load() {
		err := s.write(frames)
		if err == nil {
			s.sent()
			s.nudge(&s.in)
			return nil
		}
		if again(err) && s.host != nil {
			return s.refused(frames)
		}
		if again(err) {
			err = s.pause(&s.out, &s.in)
		}
		if err != nil {
			return s.fail("send", err)
		}
	}
	return s.fail("send", engines.ErrClosed)
}

// write sends all parts. Only the first one can be told to wait: libzmq counts
// messages by their last part. A later one that is told so belongs to a
// connection that has gone, and the rest goes where the beginning went.
func (s *socket) write(frames [][]byte) error {
	last := len(frames) - 1
	for i, frame := range frames {
		flags := s.flags()
		if i < last {
			flags |= zmq4.SNDMORE
		}
		if _, err := s.lib.SendBytes(frame, flags); err != nil && (i == 0 || !again(err)) {
			return err
		}
	}
	return nil
}

// outbox is the message that Alloc gives, and its memory. body and lead are
// apart, so that a body holds the payload's prefix whatever goes before it.
type outbox struct {
	payload    []byte
	msg        engines.Msg
	body, lead []byte
}

func (o *outbox) alloc(env [][]byte, size int) *engines.Msg {
	if len(o.body) < size {
		o.body = make([]byte, max(size, len(o.payload)))
		copy(o.body, o.payload)
	}
	lead := 0
	for _, frame := range env {
		lead += len(frame)
	}
	if cap(o.lead) < lead {
		o.lead = make([]byte, 0, lead)
	}
	at, frames := o.lead[:0], o.msg.Frames[:0]
	for _, frame := range env {
		from := len(at)
		at = append(at, frame...)
		frames = append(frames, at[from:len(at):len(at)])
	}
	o.msg.Frames = append(frames, o.body[:size:size])
	return &o.msg
}
