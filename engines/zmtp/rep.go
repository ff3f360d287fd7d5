package zmtp

import (
	"fmt"

	"zbench/engines"
)

// rep is REP: one request, then its reply, to the same peer under the same
// envelope (RFC 28).
type rep struct {
	*core
	asker    *peer    // who gets the reply; nil: it is the request's turn
	envelope [][]byte // of the request, its delimiter included
	memory   []byte   // that the envelope lies in
	msg      *engines.Msg
	lost     engines.Msg // a reply to a peer that has gone
	one      [1]*engines.Msg
	slow     pardon
}

func openRep(c *core) engines.Socket {
	s := &rep{core: c}
	s.lost.Owner = abandoned{}
	return s
}

// Recv implements engines.Receiver.
func (s *rep) Recv(ms []*engines.Msg) (int, error) {
	if len(ms) == 0 {
		return 0, nil
	}
	if s.asker != nil && !s.closed.Load() {
		if s.set.Host != nil {
			return 0, engines.ErrWait
		}
		return 0, fmt.Errorf("receive on REP: the last request has no reply yet: %w", ErrState)
	}
	for {
		if _, err := s.recv(s.one[:]); err != nil {
			return 0, err
		}
		m := s.one[0]
		n := s.open(m.Frames)
		if n == 0 {
			engines.Release(s.one[:])
			continue
		}
		s.asker = from(m)
		m.Frames = m.Frames[n:]
		ms[0] = m
		return 1, nil
	}
}

// open keeps the envelope of a request and returns how many frames it has; 0
// is a message that has none, or nothing after it.
func (s *rep) open(frames [][]byte) int {
	s.envelope, s.memory = s.envelope[:0], s.memory[:0]
	for i, f := range frames[:len(frames)-1] {
		at := len(s.memory)
		s.memory = append(s.memory, f...)
		s.envelope = append(s.envelope, s.memory[at:])
		if len(f) == 0 {
			return i + 1
		}
	}
	return 0
}

// Alloc implements engines.Sender.
func (s *rep) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	err := s.mayReply()
	if err != nil {
		return nil, err
	}
	m := s.asker.out.alloc(s.envelope, env, size)
	if m == nil {
		err = s.slow.wait(s.core, s.asker, func() bool { m = s.asker.out.alloc(s.envelope, env, size); return m != nil })
	}
	if err == engines.ErrWait {
		return nil, err
	} else if err != nil {
		s.lost.Frames = append(append(s.lost.Frames[:0], env...), make([]byte, size))
		m = &s.lost
	}
	s.slow.passed(s.asker)
	s.msg = m
	return m, nil
}

func (s *rep) mayReply() error {
	if s.closed.Load() {
		return s.errClosed("send")
	}
	if s.asker == nil {
		return fmt.Errorf("send on REP: there is no request to reply to: %w", ErrState)
	}
	return nil
}

// Send implements engines.Sender. The reply to a peer that has gone, or that
// has stalled at its HWM, is dropped.
func (s *rep) Send(m *engines.Msg) error {
	if err := s.mayReply(); err != nil {
		return err
	}
	to := s.asker
	if m == s.msg {
		s.msg, s.asker = nil, nil
		if m == &s.lost {
			s.stats.unsent.Add(1)
			return nil
		}
		to.out.commit()
		return nil
	}
	if err := sendable(m); err != nil {
		return err
	}
	s.msg = nil
	pass := func() bool { return to.out.pass(s.envelope, m.Frames, m) }
	var err error
	if !pass() {
		err = s.slow.wait(s.core, to, pass)
	}
	if err == engines.ErrWait {
		return err
	}
	s.slow.passed(to)
	if s.asker = nil; err != nil {
		s.stats.unsent.Add(1)
		s.one[0] = m
		engines.Release(s.one[:])
	}
	return nil
}

// Flush implements engines.Sender.
func (s *rep) Flush() error {
	s.flushAll()
	return nil
}
