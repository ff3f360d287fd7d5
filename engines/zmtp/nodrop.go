package zmtp

import "math"

// awaitRoom flushes and waits until every subscriber has room for a message,
// and sets how many they all have room for.
func (s *publish) awaitRoom() error {
	c := s.c
	if c.set.Host != nil {
		return s.askRoom()
	}
	defer c.waiting.Store(false)
	for {
		c.waiting.Store(true)
		if err := s.Flush(); err != nil {
			return err
		}
		if c.closed.Load() {
			return c.errClosed("send")
		}
		if s.allow = s.room(); s.allow > 0 {
			return nil
		}
		<-c.room
	}
}

// askRoom is awaitRoom for a hosted socket.
func (s *publish) askRoom() error {
	if err := s.Flush(); err != nil {
		return err
	}
	return s.c.once(func() bool {
		s.allow = s.room()
		return s.allow > 0
	})
}

// room is for how many messages every peer has room, those that were flushed
// being counted. With nobody there it is as many as a peer that joins later
// has.
func (s *publish) room() int {
	n := s.c.set.SendHWM
	for _, p := range s.c.list() {
		n = min(n, p.room())
	}
	return max(n, 0)
}

// room is for how many messages p has room.
func (p *peer) room() int {
	switch out := p.out.(type) {
	case *outbox:
		out.mu.Lock()
		defer out.mu.Unlock()
		return p.core.set.SendHWM - out.queue.msgs
	case *handover:
		return int(int64(out.hwm) - int64(out.sent-out.far.fed.taken.Load()))
	}
	return math.MaxInt
}
