package null

import "zbench/engines"

// chooseForRequest waits for a peer; the reply to the last request must have
// come (RFC 28).
func chooseForRequest(s *socket, _ [][]byte) error {
	if s.partner != nil {
		return errTurns
	}
	_, err := s.waitNext()
	return err
}

// sendRequest puts the empty delimiter in front.
func sendRequest(s *socket, m *message) error {
	if s.partner != nil {
		return errTurns
	}
	e, err := s.waitNext()
	if err != nil {
		return err
	}
	s.sent()
	var old [1]*engines.Msg
	for e.in.PopInto(old[:]) > 0 { // answers nobody asked for
		release(old[0])
	}
	m.prepend(nil)
	s.partner = e
	e.put(&m.Msg)
	e.flush()
	return nil
}

// receiveReply takes one reply from the peer that was asked, and nobody else.
func receiveReply(s *socket, ms []*engines.Msg) (int, error) {
	if s.partner == nil {
		return 0, errTurns
	}
	in := s.partner.in
	for {
		if in.PopInto(ms[:1]) == 1 {
			m := ms[0].Ref.(*message)
			if len(m.Frames) > 1 && len(m.Frames[0]) == 0 {
				m.strip(1)
				s.partner = nil
				return 1, nil
			}
			release(ms[0])
			continue
		}
		s.recvBell.Wait(func() bool { return !in.Empty() || s.closed.Load() })
		if s.closed.Load() {
			return 0, engines.ErrClosed
		}
	}
}

// receiveRequest takes one request; the last one must have been answered.
func receiveRequest(s *socket, ms []*engines.Msg) (int, error) {
	if s.partner != nil {
		return 0, errTurns
	}
	return receiveFair(s, ms[:1])
}

// acceptRequest keeps the envelope, up to and including the delimiter, for the
// reply. What has none is no request.
func acceptRequest(s *socket, e *end, ms []*engines.Msg) int {
	if len(ms) == 0 {
		return 0
	}
	m := ms[0].Ref.(*message)
	n := 0
	for n < len(m.Frames) && len(m.Frames[n]) > 0 {
		n++
	}
	if n+1 >= len(m.Frames) {
		release(ms[0])
		return 0
	}
	n++
	// The request may be released before its reply is made.
	s.envelope, s.envelopeBytes = s.envelope[:0], s.envelopeBytes[:0]
	for _, frame := range m.Frames[:n] {
		from := len(s.envelopeBytes)
		s.envelopeBytes = append(s.envelopeBytes, frame...)
		s.envelope = append(s.envelope, s.envelopeBytes[from:])
	}
	m.strip(n)
	s.partner = e
	return 1
}

func chooseForReply(s *socket, _ [][]byte) error {
	if s.partner == nil {
		return errTurns
	}
	if !s.waitRoom(s.partner) && s.closed.Load() {
		return engines.ErrClosed
	}
	return nil
}

// sendReply puts the request's envelope back. A reply to a peer that has gone
// is dropped (RFC 28).
func sendReply(s *socket, m *message) error {
	if err := chooseForReply(s, nil); err != nil {
		return err
	}
	e := s.partner
	s.partner = nil
	if e.out.Closed() {
		free(m)
		return nil
	}
	for i := len(s.envelope) - 1; i >= 0; i-- {
		m.prepend(m.keep(s.envelope[i]))
	}
	e.put(&m.Msg)
	e.flush()
	return nil
}
