package null

import (
	"errors"

	"zbench/engines"
)

var errSubscription = errors.New("an XSUB sends subscriptions: one frame of \\x01 or \\x00 and the prefix")

// First bytes of subscription messages (RFC 29).
const (
	cancel    = 0
	subscribe = 1
)

// announce tells the publisher at the other side of a new connection what this
// side wants; the caller holds the engine's mutex.
func (e *end) announce() {
	if s := e.socket; s.subscribes() {
		e.other.filter.Store(newFilter(s.subscriptions))
		for prefix := range s.subscriptions {
			e.other.socket.hear(subscribe, prefix)
		}
	}
}

// renounce tells it that this side wants nothing any more.
func (e *end) renounce() {
	for prefix := range e.socket.subscriptions {
		e.other.socket.hear(cancel, prefix)
	}
}

// hear counts what a peer wants. An XPUB shows a prefix's first subscription
// and its last cancellation, and nothing between; the caller holds the engine's
// mutex.
func (s *socket) hear(first byte, prefix string) {
	if !s.showsSubscriptions() {
		return
	}
	if first == subscribe {
		s.wanted[prefix]++
	} else {
		s.wanted[prefix]--
	}
	switch n := s.wanted[prefix]; {
	case n == 0:
		delete(s.wanted, prefix)
	case n > 1 || first == cancel:
		return
	}
	s.news = append(s.news, &engines.Msg{Frames: [][]byte{append([]byte{first}, prefix...)}})
	s.heard.Store(true)
	s.recvBell.ring()
}

// chooseNone makes what goes to no lane.
func chooseNone(s *socket, env [][]byte) (*lane, [][]byte, error) { return s.aside(), env, nil }

// sendSubscription changes what every publisher sends here. As in libzmq, a
// prefix subscribed twice needs two cancellations.
func sendSubscription(s *socket, m *engines.Msg, _ *lane) error {
	frame := m.Frames[0]
	if len(m.Frames) != 1 || len(frame) == 0 || frame[0] > subscribe {
		return errSubscription
	}
	first, prefix := frame[0], string(frame[1:])
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	count := s.subscriptions[prefix]
	switch {
	case first == subscribe:
		s.subscriptions[prefix]++
		if count > 0 {
			return nil
		}
	case count > 1:
		s.subscriptions[prefix]--
		return nil
	case count == 0:
		return nil
	default:
		delete(s.subscriptions, prefix)
	}
	f := newFilter(s.subscriptions)
	for _, e := range s.live.Load().ends {
		e.other.filter.Store(f)
		e.other.socket.hear(first, prefix)
	}
	return nil
}

// receiveSubscriptions waits for what the peers want now.
func receiveSubscriptions(s *socket, ms []*engines.Msg) (int, error) {
	if err := s.recvBell.wait(func() bool { return s.heard.Load() || s.closed.Load() }); err != nil {
		return 0, err
	}
	if s.closed.Load() {
		return 0, engines.ErrClosed
	}
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	n := copy(ms, s.news)
	if s.news = s.news[n:]; len(s.news) == 0 {
		s.news = nil
		s.heard.Store(false)
	}
	return n, nil
}
