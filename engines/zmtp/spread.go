package zmtp

import (
	"cmp"
	"fmt"

	"zbench/engines"
)

// spread is the sender of PUSH, DEALER, PAIR and REQ: each message goes to the
// next peer that has room (RFC 28, RFC 30).
type spread struct {
	c     *core
	pre   [][]byte // frames before each message on the wire
	seen  uint32   // of core.changes
	peers []*peer
	sole  *outbox      // of the only peer, where it is a connection and pre is empty
	near  *handover    // the same where it is a socket of this process
	i     int          // of peers: who was last
	to    *peer        // who got the last message
	msg   *engines.Msg // reserved there
}

// Alloc implements engines.Sender.
func (s *spread) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.c.changes.Load() != s.seen {
		if err := s.refresh(); err != nil {
			return nil, err
		}
	}
	if o := s.sole; o != nil && len(env) == 0 && size <= maxShort && o.big == nil && o.sent-o.written.Load() < o.hwm {
		if need := shortHeader + size; len(o.buf)-o.w >= need {
			s.msg = o.short(need, size)
			return s.msg, nil
		}
	}
	if h := s.near; h != nil && len(env) == 0 && h.sent-h.far.fed.taken.Load() < h.hwm {
		if m := h.another(size); m != nil {
			s.msg = m
			return m, nil
		}
	}
	if m := s.reserve(env, size); m != nil {
		return m, nil
	}
	var m *engines.Msg
	err := s.await(func() bool { m = s.reserve(env, size); return m != nil })
	return m, err
}

// reserve asks each peer once, beginning with the next.
func (s *spread) reserve(env [][]byte, size int) *engines.Msg {
	for range s.peers {
		to := s.next()
		if m := to.out.alloc(s.pre, env, size); m != nil {
			s.to, s.msg = to, m
			return m
		}
	}
	return nil
}

func (s *spread) next() *peer {
	s.i++
	if s.i >= len(s.peers) {
		s.i = 0
	}
	return s.peers[s.i]
}

// await tries until it succeeds, sleeping while no peer has room.
func (s *spread) await(try func() bool) error {
	c := s.c
	if c.set.Host != nil {
		var err error
		wait := c.once(func() bool {
			if c.changes.Load() != s.seen {
				err = s.refresh()
			}
			return err != nil || try()
		})
		return cmp.Or(err, wait)
	}
	defer c.waiting.Store(false)
	for {
		c.waiting.Store(true)
		if c.changes.Load() != s.seen {
			if err := s.refresh(); err != nil {
				return err
			}
		}
		if try() {
			return nil
		}
		if c.changes.Load() == s.seen {
			<-c.room
		}
	}
}

func (s *spread) refresh() (err error) {
	s.peers, s.seen, err = s.c.refresh(s.peers)
	s.sole, s.near = nil, nil
	if len(s.peers) == 1 && len(s.pre) == 0 {
		s.to = s.peers[0]
		s.sole, _ = s.to.out.(*outbox)
		s.near, _ = s.to.out.(*handover)
	}
	return err
}

// Send implements engines.Sender.
func (s *spread) Send(m *engines.Msg) error {
	if m == s.msg {
		s.msg = nil
		switch o := s.sole; {
		case o != nil && o.big == nil:
			o.advance(o.end)
		case s.near != nil:
			s.near.commit()
		default:
			s.to.out.commit()
		}
		return nil
	}
	if err := sendable(m); err != nil {
		return err
	}
	s.msg = nil
	if s.c.changes.Load() != s.seen {
		if err := s.refresh(); err != nil {
			return err
		}
	}
	if s.pass(m) {
		return nil
	}
	return s.await(func() bool { return s.pass(m) })
}

func (s *spread) pass(m *engines.Msg) bool {
	for range s.peers {
		to := s.next()
		if to.out.pass(s.pre, m.Frames, m) {
			s.to = to
			return true
		}
	}
	return false
}

// Flush implements engines.Sender.
func (s *spread) Flush() error {
	for _, p := range s.peers {
		p.out.flush()
	}
	return nil
}

// sendable refuses messages that cannot be sent: abandoned by a later Alloc,
// or without frames.
func sendable(m *engines.Msg) error {
	if _, ok := m.Owner.(abandoned); ok {
		return fmt.Errorf("send: the message was abandoned by a later Alloc or Send: %w", ErrState)
	}
	if len(m.Frames) == 0 {
		return fmt.Errorf("send: a message without frames; give it at least an empty one: %w", ErrState)
	}
	return nil
}
