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
		s.recvBell.Wait(s.somethingToDo)
		if s.closed.Load() {
			return 0, engines.ErrClosed
		}
	}
}

// somethingToDo reports whether Recv need not wait.
func (s *socket) somethingToDo() bool {
	for _, e := range s.sources.Load().ends {
		if !e.in.Empty() || e.in.Closed() {
			return true
		}
	}
	return s.closed.Load()
}

// gather fills ms with what is there, an equal share from every connection
// first. 0: there was nothing, or nothing acceptable.
func (s *socket) gather(ms []*engines.Msg) int {
	n := 0
	for n < len(ms) {
		ends := s.sources.Load().ends
		share := (len(ms) - n + len(ends) - 1) / max(len(ends), 1)
		popped := 0
		for range ends {
			s.nextSource = (s.nextSource + 1) % len(ends)
			e := ends[s.nextSource]
			batch := ms[n:min(n+share, len(ms))]
			batch = batch[:e.in.PopInto(batch)]
			popped += len(batch)
			if len(batch) == 0 && e.in.Closed() && e.in.Empty() {
				s.forget(e)
			}
			if s.do.accept != nil {
				batch = batch[:s.do.accept(s, e, batch)]
			}
			n += len(batch)
		}
		if popped == 0 {
			break
		}
	}
	return n
}

// forget drops an ended connection that was read empty.
func (s *socket) forget(e *end) {
	s.engine.mu.Lock()
	s.sources.Store(s.sources.Load().without(e))
	s.engine.mu.Unlock()
	for prefix := range e.shown {
		s.cancelled(prefix)
	}
}
