package null

import (
	"fmt"

	"zbench/engines"
)

// publishEvery is how many messages a ring takes before it shows them, unless
// Flush comes first: a burst then costs the two sides few cache misses.
const publishEvery = 16

// Alloc takes a message from the socket's pool.
func (s *socket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.closed.Load() {
		return nil, s.fail("alloc", engines.ErrClosed)
	}
	if s.do.choose == nil {
		return nil, s.fail("alloc", fmt.Errorf("a %s does not send: %w", s.kind, engines.ErrUnsupported))
	}
	if err := s.do.choose(s, env); err != nil {
		return nil, s.fail("alloc", err)
	}
	m := s.allocated
	if m == nil || m.class != classOf(size) {
		if m != nil {
			s.pool.putBack(m)
		}
		m = s.pool.get(size)
		s.allocated = m
	}
	m.shape(env, size)
	return &m.Msg, nil
}

// Send hands a message over. Those of other engines are copied and given back.
func (s *socket) Send(msg *engines.Msg) error {
	if s.closed.Load() {
		return s.fail("send", engines.ErrClosed)
	}
	if s.do.send == nil {
		return s.fail("send", fmt.Errorf("a %s does not send: %w", s.kind, engines.ErrUnsupported))
	}
	if len(msg.Frames) == 0 {
		return s.fail("send", errFrames)
	}
	m, ours := msg.Ref.(*message)
	if !ours {
		m = copyOf(msg)
	} else if m == s.allocated {
		s.allocated = nil
	}
	m.own()
	if err := s.do.send(s, m); err != nil {
		return s.fail("send", err)
	}
	if !ours {
		release(msg)
	}
	return nil
}

// copyOf is a message of ours that no pool keeps, for its body is anybody's.
func copyOf(msg *engines.Msg) *message {
	m := newMessage(nil, 0, 0)
	m.Frames = make([][]byte, len(msg.Frames))
	for i, frame := range msg.Frames {
		m.Frames[i] = append([]byte{}, frame...)
	}
	return m
}

// Flush shows the peers all that was sent.
func (s *socket) Flush() error {
	for _, e := range s.live.Load().ends {
		e.flush()
	}
	return nil
}

func (e *end) flush() {
	e.staged = 0
	e.out.Publish()
}

// put adds a message to a ring that has room.
func (e *end) put(m *engines.Msg) {
	e.out.Stage(m)
	if e.staged++; e.staged >= publishEvery {
		e.flush()
	}
}

// next returns the connection whose turn it is to send, leaving out full ones;
// nil: there is none with room.
func (s *socket) next() *end {
	ends := s.live.Load().ends
	for range ends {
		if s.turn >= len(ends) {
			s.turn = 0
		}
		if e := ends[s.turn]; e.out.Room() {
			return e
		}
		s.turn++
	}
	return nil
}

// waitNext waits for next. What Alloc has chosen Send keeps, if it still stands.
func (s *socket) waitNext() (*end, error) {
	if e := s.chosen; e != nil && !e.out.Closed() {
		return e, nil
	}
	if s.chosen = s.next(); s.chosen == nil {
		s.Flush()
		s.sendBell.Wait(func() bool {
			s.chosen = s.next()
			return s.chosen != nil || s.closed.Load()
		})
	}
	if s.chosen == nil {
		return nil, engines.ErrClosed
	}
	return s.chosen, nil
}

// sent passes the turn on.
func (s *socket) sent() {
	s.chosen = nil
	s.turn++
}

// waitRoom waits until e takes a message; false: the connection or the socket
// has ended.
func (s *socket) waitRoom(e *end) bool {
	if e.out.Closed() {
		return false
	}
	if e.out.Room() {
		return true
	}
	s.Flush()
	s.sendBell.Wait(func() bool { return e.out.Room() || e.out.Closed() || s.closed.Load() })
	return !e.out.Closed() && !s.closed.Load()
}

func chooseNext(s *socket, _ [][]byte) error {
	_, err := s.waitNext()
	return err
}

// sendNext is round robin over those with room: DEALER, PUSH and PAIR.
func sendNext(s *socket, m *message) error {
	e, err := s.waitNext()
	if err != nil {
		return err
	}
	s.sent()
	e.put(&m.Msg)
	return nil
}
