package null

import (
	"bytes"
	"fmt"

	"zbench/engines"
)

// chooseRoute finds the connection of the peer that the first frame names,
// which goes no further.
func chooseRoute(s *socket, env [][]byte) (*lane, [][]byte, error) {
	if len(env) == 0 {
		return nil, nil, fmt.Errorf("%w: a ROUTER's message starts with the peer's identity", engines.ErrNoRoute)
	}
	if e := s.last; e == nil || e.out.closed.Load() || !bytes.Equal(e.identity, env[0]) {
		s.last = s.live.Load().byIdentity[string(env[0])]
	}
	if s.last == nil {
		return nil, nil, fmt.Errorf("%w: identity %q", engines.ErrNoRoute, env[0])
	}
	l := s.last.out
	err := s.waitRoom(l)
	if err == errGone {
		err = fmt.Errorf("%w: identity %q", engines.ErrNoRoute, env[0])
	}
	return l, env[1:], err
}
