//go:build libzmq

package pebbe

import (
	"fmt"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

var errCannotRecv = fmt.Errorf("this kind does not receive: %w", engines.ErrUnsupported)

// Recv returns one message, as the library's call does. The frames are made by
// the library for each message and are garbage collected.
func (s *socket) Recv(ms []*engines.Msg) (int, error) {
	if len(ms) == 0 {
		return 0, nil
	}
	if !s.kind.CanRecv() {
		return 0, fmt.Errorf("pebbe: %s receive: %w", s.kind, errCannotRecv)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host.enter()
	for !s.closed.Load() {
		frames, err := s.lib.RecvMessageBytes(s.flags())
		if err == nil {
			s.in.doubted = false
			s.nudge(&s.out)
			ms[0] = &engines.Msg{Frames: frames}
			return 1, nil
		}
		if s.host != nil && (again(err) || zmq4.AsErrno(err) == zmq4.EFSM) {
			return 0, engines.ErrWait // a REQ or REP whose turn it is to send has nothing to receive either
		}
		if again(err) {
			err = s.pause(&s.in, &s.out)
		}
		if err != nil {
			return 0, s.fail("receive", err)
		}
	}
	return 0, s.fail("receive", engines.ErrClosed)
}
