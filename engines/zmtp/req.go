package zmtp

import (
	"fmt"
	"sync/atomic"

	"zbench/engines"
)

// req is REQ: one request, then the one reply of the peer that got it
// (RFC 28). What others send is discarded.
type req struct {
	*core
	spread spread
	asked  *peer // who owes the reply; nil: it is the request's turn
	one    [1]*engines.Msg

	discarded atomic.Uint64
}

// Discarded implements engines.Discarding.
func (s *req) Discarded() uint64 { return s.discarded.Load() }

// delimiter is the empty frame before the body.
func delimiter() [][]byte { return [][]byte{{}} }

func openReq(c *core) engines.Socket {
	s := &req{core: c, spread: spread{c: c, pre: delimiter()}}
	c.giveUp = func() error {
		if s.asked == nil || !s.asked.gone() {
			return nil
		}
		s.asked = nil
		return fmt.Errorf("receive on REQ: the peer went before it replied; send again: %w", ErrPeerLost)
	}
	return s
}

// Alloc implements engines.Sender.
func (s *req) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if err := s.mayAsk(); err != nil {
		return nil, err
	}
	return s.spread.Alloc(env, size)
}

func (s *req) mayAsk() error {
	if s.asked != nil && !s.closed.Load() {
		return fmt.Errorf("send on REQ: the last request has no reply yet: %w", ErrState)
	}
	return nil
}

// Send implements engines.Sender.
func (s *req) Send(m *engines.Msg) error {
	if err := s.mayAsk(); err != nil {
		return err
	}
	// What has come before the request is no reply to it.
	for s.recvNow(s.one[:]) > 0 {
		s.drop()
	}
	if err := s.spread.Send(m); err != nil {
		return err
	}
	s.asked = s.spread.to
	return nil
}

// Flush implements engines.Sender.
func (s *req) Flush() error { return s.spread.Flush() }

// Recv implements engines.Receiver.
func (s *req) Recv(ms []*engines.Msg) (int, error) {
	if len(ms) == 0 {
		return 0, nil
	}
	if s.asked == nil && !s.closed.Load() {
		if s.set.Host != nil {
			return 0, engines.ErrWait
		}
		return 0, fmt.Errorf("receive on REQ: nothing was asked; send first: %w", ErrState)
	}
	for {
		s.flushAll()
		if _, err := s.recv(s.one[:]); err != nil {
			return 0, err
		}
		m := s.one[0]
		if from(m) != s.asked || len(m.Frames) < 2 || len(m.Frames[0]) > 0 {
			s.drop()
			continue
		}
		m.Frames = m.Frames[1:]
		s.asked = nil
		ms[0] = m
		return 1, nil
	}
}

// drop throws away what nobody asked for.
func (s *req) drop() {
	engines.Release(s.one[:])
	s.discarded.Add(1)
}
