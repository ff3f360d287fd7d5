package null

import (
	"fmt"

	"zbench/engines"
)

// Recv waits for messages.
func (s *socket) Recv(ms []*engines.Msg) (int, error) {
	if s.closed.Load() {
		return 0, s.fail("recv", engines.ErrClosed)
	}
	if s.do.receive == nil {
		return 0, s.fail("recv", fmt.Errorf("a %s does not receive: %w", s.kind, engines.ErrUnsupported))
	}
	if len(ms) == 0 {
		return 0, nil
	}
	n, err := s.do.receive(s, ms)
	if err != nil {
		return 0, s.fail("recv", err)
	}
	return n, nil
}

// receiveFair waits for at least one message and takes those that are there
// from all connections in turn.
func receiveFair(s *socket, ms []*engines.Msg) (int, error) {
	for {
		if n := s.gather(ms); n > 0 {
			return n, nil
		}
		if err := s.recvBell.wait(func() bool { return s.arrived() || s.closed.Load() }); err != nil {
			return 0, err
		}
		if s.closed.Load() {
			return 0, engines.ErrClosed
		}
	}
}
