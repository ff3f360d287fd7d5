package gozeromq

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

// A REQ whose peer died is told so once or twice before the library has taken
// the connection off its list; then another peer serves.
const (
	requestTries = 100
	requestPause = time.Millisecond
)

var (
	errCannotSend = fmt.Errorf("this kind does not send: %w", engines.ErrUnsupported)
	errEmpty      = errors.New("a message has one frame at least")
	errPanic      = errors.New("the library panicked while it looked for another peer")
)

// Alloc waits for the first peer where one is needed; it never waits for room,
// which the library's send does.
func (s *socket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if err := s.reach(env); err != nil {
		return nil, s.fail("alloc", err)
	}
	return s.out.alloc(env, size), nil
}

// Send writes to the peer, or queues (PUB, XPUB, REP). When it returns a
// message of another engine has been written or copied, and is free.
func (s *socket) Send(m *engines.Msg) error {
	if len(m.Frames) == 0 {
		return s.fail("send", errEmpty)
	}
	if err := s.reach(m.Frames); err != nil {
		return s.fail("send", err)
	}
	own := s.out.current(m)
	frames := m.Frames
	if !own && s.keeps() && !collected(m) {
		frames = clone(frames)
	}
	if err := s.send(zmq4.Msg{Frames: frames}); err != nil {
		s.peers.sweep()
		s.out.forget()
		return s.fail("send", err)
	}
	s.asked = true
	if own {
		s.out.sent()
		return nil
	}
	s.released[0] = m
	engines.Release(s.released[:])
	s.released[0] = nil
	return nil
}

// Flush does nothing: every message is written or queued by its Send.
func (s *socket) Flush() error { return nil }

// reach makes sure that there is somebody to send to, waiting for the first.
// Publishers drop instead, and a REP answers whoever asked.
func (s *socket) reach(frames [][]byte) error {
	if s.closed.Load() {
		return engines.ErrClosed
	}
	switch s.kind {
	case engines.PUB, engines.XPUB, engines.REP:
		return nil
	case engines.ROUTER:
		return s.reachNamed(frames)
	case engines.SUB, engines.PULL:
		return errCannotSend
	}
	if s.route == nil {
		select {
		case <-s.peers.first:
		case <-s.done:
			return engines.ErrClosed
		}
	}
	if s.route == nil || s.route.conn.Closed() {
		p := s.peers.live()
		if p == nil {
			return fmt.Errorf("every peer has gone; connect again from a new socket: %w", engines.ErrNoRoute)
		}
		s.route = p
	}
	return nil
}

func (s *socket) reachNamed(frames [][]byte) error {
	if len(frames) == 0 {
		return fmt.Errorf("the first frame must be the peer's identity: %w", engines.ErrNoRoute)
	}
	id := frames[0]
	if s.route == nil || s.route.id != string(id) || s.route.conn.Closed() {
		s.route, s.routeAt = s.peers.named(id, s.routeAt+1)
	}
	if s.route == nil {
		return fmt.Errorf("identity %q: %w", id, engines.ErrNoRoute)
	}
	return nil
}

// keeps says that the library holds the slices after a send has returned.
func (s *socket) keeps() bool {
	return s.out.fresh || s.onInproc(true) || s.onInproc(false)
}

// collected says that the memory of m is never used again, as that of all
// messages the library receives.
func collected(m *engines.Msg) bool {
	if m.Owner == nil {
		return true
	}
	_, ours := m.Owner.(*headers)
	return ours
}

func clone(frames [][]byte) [][]byte {
	out := make([][]byte, len(frames))
	for i, f := range frames {
		out[i] = append([]byte(nil), f...)
	}
	return out
}

// request sends a REQ's message to one of its peers. An error of the library
// means that the one it tried is gone.
func (s *socket) request(m zmq4.Msg) error {
	err := s.sendGuarded(m)
	for try := 1; err != nil && try < requestTries; try++ {
		s.peers.sweep()
		if s.peers.live() == nil {
			return fmt.Errorf("every peer has gone (%v): %w", err, engines.ErrNoRoute)
		}
		select {
		case <-s.done:
			return engines.ErrClosed
		case <-time.After(requestPause):
		}
		err = s.sendGuarded(m)
	}
	return err
}

// sendGuarded makes an error of the library's panic: after a failed write it
// computes the next peer's place beyond the end of its list. The socket stays
// usable, for the library defers its unlocking.
func (s *socket) sendGuarded(m zmq4.Msg) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPanic, r)
		}
	}()
	return s.lib.SendMulti(m)
}
