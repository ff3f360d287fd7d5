package null

import "zbench/engines"

// chooseForRequest waits for a peer; the reply to the last request must have
// come (RFC 28).
func chooseForRequest(s *socket, env [][]byte) (*lane, [][]byte, error) {
	if s.partner != nil {
		return nil, nil, errTurns
	}
	e, err := s.waitNext()
	if err != nil {
		return nil, nil, err
	}
	return e.out, env, nil
}

// leaveRequest drops answers nobody asked for.
func leaveRequest(s *socket) {
	s.partner = s.chosen
	leaveNext(s)
	for s.partner.in.take(s.stale[:]) > 0 {
		engines.Release(s.stale[:])
	}
}

// receiveReply takes one reply.
func receiveReply(s *socket, ms []*engines.Msg) (int, error) {
	if s.partner == nil {
		return 0, s.outOfTurn()
	}
	return receiveFair(s, ms[:1])
}

// acceptReply takes a reply from the peer that was asked, and nobody else.
func acceptReply(s *socket, e *end, ms []*engines.Msg) int {
	m := ms[0]
	if e != s.partner || len(m.Frames) < 2 || len(m.Frames[0]) > 0 {
		engines.Release(ms)
		return 0
	}
	m.Frames = m.Frames[1:]
	s.partner = nil
	return 1
}

// receiveRequest takes one request; the last one must have been answered.
func receiveRequest(s *socket, ms []*engines.Msg) (int, error) {
	if s.partner != nil {
		return 0, s.outOfTurn()
	}
	return receiveFair(s, ms[:1])
}

// acceptRequest keeps the envelope, up to and including the delimiter, for the
// reply. What has none is no request.
func acceptRequest(s *socket, e *end, ms []*engines.Msg) int {
	m := ms[0]
	n := 0
	for n < len(m.Frames) && len(m.Frames[n]) > 0 {
		n++
	}
	if n++; n >= len(m.Frames) {
		engines.Release(ms)
		return 0
	}
	// The request may be released before its reply is made.
	s.envelope, s.bytes = s.envelope[:0], s.bytes[:0]
	for _, frame := range m.Frames[:n] {
		from := len(s.bytes)
		s.bytes = append(s.bytes, frame...)
		s.envelope = append(s.envelope, s.bytes[from:])
	}
	m.Frames = m.Frames[n:]
	s.partner = e
	return 1
}

// chooseForReply puts the request's envelope back. A reply to a peer that has
// gone is dropped (RFC 28).
func chooseForReply(s *socket, env [][]byte) (*lane, [][]byte, error) {
	if s.partner == nil {
		return nil, nil, errTurns
	}
	l := s.partner.out
	err := s.waitRoom(l)
	if err == errGone {
		l, err = s.aside(), nil
	}
	s.reply = append(append(s.reply[:0], s.envelope...), env...)
	return l, s.reply, err
}

func leaveReply(s *socket) { s.partner = nil }

// outOfTurn is why there is nothing to receive. A host may ask without cause, and
// then hears of what comes once it is its turn.
func (s *socket) outOfTurn() error {
	if s.options.Host != nil {
		s.recvBell.waiting.Store(true)
		return engines.ErrWait
	}
	return errTurns
}
