package zmtp

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"zbench/engines"
)

// subscriber is what SUB and XSUB have in common: the prefixes they want, told
// to every publisher, also to one that joins or comes back later (RFC 29).
type subscriber struct {
	c *core

	mu     sync.Mutex
	topics map[string]int // how often each is subscribed
	order  []string       // of first subscription
	told   []*peer        // who knows of all of them
}

func newSubscriber(c *core) *subscriber {
	s := &subscriber{c: c, topics: make(map[string]int)}
	for _, t := range c.set.Subscribe {
		s.set(string(t), true)
	}
	c.joined, c.left = s.greet, s.forget
	return s
}

// subscribe counts a subscription, or its end, and tells every publisher.
func (s *subscriber) subscribe(topic []byte, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set(string(topic), on)
	for _, p := range s.told {
		tell(p, topic, on)
	}
}

func (s *subscriber) set(topic string, on bool) {
	if on {
		if s.topics[topic]++; s.topics[topic] == 1 {
			s.order = append(s.order, topic)
		}
		return
	}
	if n := s.topics[topic]; n > 1 {
		s.topics[topic] = n - 1
		return
	}
	delete(s.topics, topic)
	s.order = slices.DeleteFunc(s.order, func(t string) bool { return t == topic })
}

// greet tells a new publisher everything that is wanted.
func (s *subscriber) greet(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.order {
		for range s.topics[t] {
			tell(p, []byte(t), true)
		}
	}
	s.told = append(s.told, p)
}

func (s *subscriber) forget(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = slices.DeleteFunc(s.told, func(q *peer) bool { return q == p })
}

// tell sends one subscription or its end in the way that p's version has.
func tell(p *peer, topic []byte, on bool) {
	switch {
	case p.wire == nil:
		p.inproc.tell(topic, on)
	case p.wire.version.subscribeCommands() && on:
		p.wire.control(appendCommand(nil, cmdSubscribe, topic))
	case p.wire.version.subscribeCommands():
		p.wire.control(appendCommand(nil, cmdCancel, topic))
	default:
		p.wire.control(appendFrame(nil, 0, []byte{onOff(on)}, topic))
	}
}

func onOff(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// subscription reads a subscription that travels as a message: 1 or 0 and the
// topic.
func subscription(frames [][]byte) (topic []byte, on, ok bool) {
	if len(frames) != 1 || len(frames[0]) == 0 || frames[0][0] > 1 {
		return nil, false, false
	}
	return frames[0][1:], frames[0][0] == 1, true
}

// sub is SUB. Publishers filter; it filters once more, because one that does
// not is no reason to count what nobody wanted.
type sub struct {
	*core
	noSender
	wanted [][]byte // nil: everything
}

func openSub(c *core) engines.Socket {
	newSubscriber(c)
	s := &sub{core: c, noSender: noSender{c}, wanted: c.set.Subscribe}
	for _, t := range s.wanted {
		if len(t) == 0 {
			s.wanted = nil
			break
		}
	}
	return s
}

// Recv implements engines.Receiver.
func (s *sub) Recv(ms []*engines.Msg) (int, error) {
	for {
		n, err := s.recv(ms)
		if err != nil || s.wanted == nil {
			return n, err
		}
		if n = s.filter(ms[:n]); n > 0 || len(ms) == 0 {
			return n, nil
		}
	}
}

// filter moves what is wanted to the front and releases the rest.
func (s *sub) filter(ms []*engines.Msg) int {
	kept := 0
	for i, m := range ms {
		if !s.wants(m.Frames[0]) {
			continue
		}
		ms[kept], ms[i] = m, ms[kept]
		kept++
	}
	engines.Release(ms[kept:])
	return kept
}

func (s *sub) wants(topic []byte) bool {
	for _, t := range s.wanted {
		if bytes.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}

// xsub is XSUB: what it sends are subscriptions, and whatever else it has to
// say to every publisher.
type xsub struct {
	*core
	queued
	subs  *subscriber
	seen  uint32
	peers []*peer
	msg   engines.Msg
}

func openXsub(c *core) engines.Socket {
	return &xsub{core: c, queued: queued{c}, subs: newSubscriber(c)}
}

// Alloc implements engines.Sender.
func (s *xsub) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.closed.Load() {
		return nil, s.errClosed("send")
	}
	body := make([]byte, size)
	copy(body, s.set.Payload)
	s.msg.Frames = nil
	for _, f := range env {
		s.msg.Frames = append(s.msg.Frames, bytes.Clone(f))
	}
	s.msg.Frames = append(s.msg.Frames, body)
	return &s.msg, nil
}

// Send implements engines.Sender. A message of one frame that begins with 1
// or 0 subscribes or ends a subscription.
func (s *xsub) Send(m *engines.Msg) error {
	if err := sendable(m); err != nil {
		return err
	}
	if s.changes.Load() != s.seen {
		var err error
		if s.peers, s.seen, err = s.refresh(s.peers); err != nil {
			return err
		}
	}
	if topic, on, ok := subscription(m.Frames); ok {
		s.subs.subscribe(topic, on)
	} else {
		for _, p := range s.peers {
			if !p.out.pass(nil, m.Frames, &engines.Msg{}) {
				s.stats.dropped.Add(1)
			}
		}
	}
	engines.Release([]*engines.Msg{m})
	return nil
}

// Flush implements engines.Sender.
func (s *xsub) Flush() error {
	s.flushAll()
	return nil
}

// subscribed is what a publisher does with a subscription from p.
func (c *core) subscribed(p *peer, topic []byte, on bool) error {
	if c.publisher == nil {
		return fmt.Errorf("%w: a subscription to a %v", ErrCommand, c.set.kind)
	}
	return c.publisher.subscribed(p, topic, on)
}
