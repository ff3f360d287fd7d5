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

// announce tells a new connection's publisher what this side wants. The rings
// are not in use yet; the caller holds the engine's mutex.
func (e *end) announce() {
	s := e.socket
	if !s.subscribes() {
		return
	}
	e.other.filter.Store(newFilter(s.subscriptions))
	if e.handsUp {
		for prefix := range s.subscriptions {
			e.out.TryPush(subscription(subscribe, prefix))
		}
	}
}

func subscription(first byte, prefix string) *engines.Msg {
	m := newMessage(nil, 0, 0)
	m.setFrames(nil, append([]byte{first}, prefix...))
	return &m.Msg
}

// sendSubscription changes what every publisher sends here. As in libzmq, a
// prefix subscribed twice needs two cancellations.
func sendSubscription(s *socket, m *message) error {
	frame := m.Frames[0]
	if len(m.Frames) != 1 || len(frame) == 0 || frame[0] > subscribe {
		return errSubscription
	}
	first, prefix := frame[0], string(frame[1:])
	for _, e := range s.resubscribe(first, prefix) {
		if e.handsUp && s.waitRoom(e) {
			e.put(subscription(first, prefix))
			e.flush()
		}
	}
	free(m)
	return nil
}

// resubscribe counts a subscription or cancellation and, if that changes
// anything, gives all publishers the new filter and returns their connections.
func (s *socket) resubscribe(first byte, prefix string) []*end {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	count := s.subscriptions[prefix]
	if first == subscribe {
		s.subscriptions[prefix]++
		if count > 0 {
			return nil
		}
	} else {
		if count > 1 {
			s.subscriptions[prefix]--
		}
		if count != 1 {
			return nil
		}
		delete(s.subscriptions, prefix)
	}
	f := newFilter(s.subscriptions)
	ends := s.live.Load().ends
	for _, e := range ends {
		e.other.filter.Store(f)
	}
	return ends
}

// receiveSubscriptions is receiveFair for an XPUB, which also has the
// cancellations of peers that are gone to show.
func receiveSubscriptions(s *socket, ms []*engines.Msg) (int, error) {
	for {
		if n := s.gather(ms); n > 0 {
			return n, nil
		}
		if n := len(s.unsent); n > 0 {
			ms[0] = subscription(cancel, s.unsent[n-1])
			s.unsent = s.unsent[:n-1]
			return 1, nil
		}
		s.recvBell.Wait(s.somethingToDo)
		if s.closed.Load() {
			return 0, engines.ErrClosed
		}
	}
}

// acceptSubscriptions shows a prefix's first subscription and its last
// cancellation of all peers, and nothing between.
func acceptSubscriptions(s *socket, e *end, ms []*engines.Msg) int {
	n := 0
	for _, m := range ms {
		first, prefix := m.Frames[0][0], string(m.Frames[0][1:])
		show := false
		if first == subscribe && !e.shown[prefix] {
			if e.shown == nil {
				e.shown = map[string]bool{}
			}
			e.shown[prefix] = true
			s.counts[prefix]++
			show = s.counts[prefix] == 1
		} else if first == cancel && e.shown[prefix] {
			delete(e.shown, prefix)
			show = s.uncount(prefix)
		}
		if show {
			ms[n] = m
			n++
		}
	}
	return n
}

// uncount reports whether the last peer that wanted prefix has cancelled it.
func (s *socket) uncount(prefix string) bool {
	s.counts[prefix]--
	last := s.counts[prefix] == 0
	if last {
		delete(s.counts, prefix)
	}
	return last
}

// cancelled notes that a peer that wanted prefix is gone.
func (s *socket) cancelled(prefix string) {
	if s.uncount(prefix) {
		s.unsent = append(s.unsent, prefix)
	}
}
