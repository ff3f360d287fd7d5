package null

import (
	"bytes"
	"fmt"

	"zbench/engines"
)

// route finds the connection of the peer of that identity; nil: there is none.
func (s *socket) route(identity []byte) *end {
	if e := s.last; e != nil && !e.out.Closed() && bytes.Equal(e.identity, identity) {
		return e
	}
	s.last = s.live.Load().byIdentity[string(identity)]
	return s.last
}

func (s *socket) waitRoute(frames [][]byte) (*end, error) {
	if len(frames) == 0 {
		return nil, fmt.Errorf("%w: a ROUTER's message starts with the peer's identity", engines.ErrNoRoute)
	}
	e := s.route(frames[0])
	if e != nil && s.waitRoom(e) {
		return e, nil
	}
	if s.closed.Load() {
		return nil, engines.ErrClosed
	}
	return nil, fmt.Errorf("%w: identity %q", engines.ErrNoRoute, frames[0])
}

func chooseRoute(s *socket, env [][]byte) error {
	_, err := s.waitRoute(env)
	return err
}

// sendRoute goes to the peer that the first frame names, without that frame.
func sendRoute(s *socket, m *message) error {
	if len(m.Frames) < 2 {
		return errFrames
	}
	e, err := s.waitRoute(m.Frames)
	if err != nil {
		return err
	}
	m.strip(1)
	e.put(&m.Msg)
	return nil
}

// acceptRouted puts the peer's identity in front.
func acceptRouted(_ *socket, e *end, ms []*engines.Msg) int {
	for _, m := range ms {
		m.Ref.(*message).prepend(e.identity)
	}
	return len(ms)
}
