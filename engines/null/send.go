package null

import (
	"errors"
	"fmt"

	"zbench/engines"
)

// errGone is why a message goes nowhere: its connection has ended.
var errGone = errors.New("the connection has ended")

// Alloc makes a message where its receiver will find it.
func (s *socket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.live.Load() == s.soleOf && len(env) == 0 {
		if l := s.sole.out; l.at < l.per {
			if f := l.again(size); f != nil {
				s.draft.Frames, s.out = f[len(f)-1:], l
				return &s.draft, nil
			}
		}
	}
	l, rest, err := s.choose("alloc", env)
	if err != nil {
		return nil, err
	}
	f := l.make(rest, size)
	if s.kind == engines.ROUTER {
		s.view = append(append(s.view[:0], s.last.identity), f[len(f)-len(env):]...)
		s.draft.Frames = s.view
	} else {
		s.draft.Frames = f[len(f)-len(env)-1:]
	}
	s.draft.Ref, s.out = l.seg.slots[l.at].msg.Ref, l
	return &s.draft, nil
}

func (s *socket) choose(operation string, env [][]byte) (*lane, [][]byte, error) {
	if s.closed.Load() {
		return nil, nil, s.fail(operation, engines.ErrClosed)
	}
	if s.do.choose == nil {
		return nil, nil, s.fail(operation, fmt.Errorf("a %s does not send: %w", s.kind, engines.ErrUnsupported))
	}
	l, rest, err := s.do.choose(s, env)
	if err != nil {
		return nil, nil, s.fail(operation, err)
	}
	return l, rest, nil
}

// Send hands a message over. Those that were received are copied and given
// back, so that their memory stays where it is hot; large bodies are shared.
func (s *socket) Send(m *engines.Msg) error {
	if m == &s.draft && s.live.Load() == s.soleOf && s.out == s.sole.out {
		s.out = nil
		if s.do.deliver == nil || s.sole.filter.Load().match(m.Frames[0]) {
			s.put(s.sole.out)
		}
		return nil
	}
	if s.closed.Load() {
		return s.fail("send", engines.ErrClosed)
	}
	l := s.out
	if m != &s.draft {
		l = nil
	}
	switch {
	case s.do.deliver != nil && len(m.Frames) > 0:
		if err := s.do.deliver(s, m, l); err != nil {
			return s.fail("send", err)
		}
	case l != nil && !l.closed.Load():
		s.commit(l)
	default:
		if err := s.pass(m); err != nil {
			return err
		}
	}
	if m == &s.draft {
		s.out = nil
	} else {
		s.giveBack(m)
	}
	return nil
}

// commit sends what lies in a lane's next slot.
func (s *socket) commit(l *lane) {
	if s.do.leave != nil {
		s.do.leave(s)
	}
	if l != s.scratch {
		s.put(l)
	}
	if s.do.hasty {
		s.Flush()
	}
}

func (s *socket) put(l *lane) {
	if !l.listed {
		l.listed = true
		s.unshown = append(s.unshown, l)
	}
	l.commit()
}

// pass sends a copy.
func (s *socket) pass(m *engines.Msg) error {
	last := len(m.Frames) - 1
	if last < 0 {
		return s.fail("send", errFrames)
	}
	l, env, err := s.choose("send", m.Frames[:last])
	if err != nil {
		return err
	}
	l.copy(env, m)
	s.commit(l)
	return nil
}

// giveBack returns a message to its owner, with others of late.
func (s *socket) giveBack(m *engines.Msg) {
	if s.passed = append(s.passed, m); len(s.passed) == cap(s.passed) || s.do.hasty {
		s.release()
	}
}

func (s *socket) release() {
	engines.Release(s.passed)
	s.passed = s.passed[:0]
}

// Flush shows the peers all that was sent.
func (s *socket) Flush() error {
	if len(s.passed) > 0 {
		s.release()
	}
	for _, l := range s.unshown {
		l.listed = false
		l.show()
	}
	s.unshown = s.unshown[:0]
	return nil
}

// next returns the connection whose turn it is to send, leaving out full ones;
// nil: there is none with room.
func (s *socket) next() *end {
	ends := s.live.Load().ends
	for range ends {
		if s.turnOut >= len(ends) {
			s.turnOut = 0
		}
		if e := ends[s.turnOut]; e.out.room() {
			return e
		}
		s.turnOut++
	}
	return nil
}

// waitNext waits for next. What Alloc has chosen Send keeps, if it still stands.
func (s *socket) waitNext() (*end, error) {
	if e := s.chosen; e != nil && !e.out.closed.Load() && e.out.room() {
		return e, nil
	}
	if s.chosen = s.next(); s.chosen == nil {
		s.Flush()
		if err := s.sendBell.wait(func() bool {
			s.chosen = s.next()
			return s.chosen != nil || s.closed.Load()
		}); err != nil {
			return nil, err
		}
	}
	if s.chosen == nil {
		return nil, engines.ErrClosed
	}
	return s.chosen, nil
}

// waitRoom waits until l takes a message.
func (s *socket) waitRoom(l *lane) error {
	if !l.closed.Load() && l.room() {
		return nil
	}
	s.Flush()
	if err := s.sendBell.wait(func() bool { return l.closed.Load() || s.closed.Load() || l.room() }); err != nil {
		return err
	}
	if s.closed.Load() {
		return engines.ErrClosed
	}
	if l.closed.Load() {
		return errGone
	}
	return nil
}

// chooseNext is round robin over those with room: DEALER, PUSH and PAIR.
func chooseNext(s *socket, env [][]byte) (*lane, [][]byte, error) {
	e, err := s.waitNext()
	if err != nil {
		return nil, nil, err
	}
	s.knowSole()
	return e.out, env, nil
}

// knowSole remembers the connection if it is the only one: as long as nothing
// changes messages go there without further ado.
func (s *socket) knowSole() {
	if p := s.live.Load(); p != s.soleOf && len(p.ends) == 1 {
		s.sole, s.soleOf = p.ends[0], p
	}
}

// leaveNext passes the turn on.
func leaveNext(s *socket) {
	s.chosen = nil
	s.turnOut++
}
