package zmtp

import "zbench/engines"

// pub is PUB.
type pub struct {
	*core
	*publish
	noReceiver
}

func openPub(c *core) engines.Socket {
	s := newPublish(c)
	c.intake = s.takePub
	return &pub{c, s, noReceiver{c}}
}

// xpub is XPUB: a PUB that receives what its subscribers say.
type xpub struct {
	*core
	*publish
	queued
}

func openXpub(c *core) engines.Socket {
	s := newPublish(c)
	c.intake = s.takeXpub
	return &xpub{c, s, queued{c}}
}

// takePub is the intake of a PUB: messages can only be subscriptions.
func (s *publish) takePub(p *peer, b *burst) {
	for i := range b.n {
		if topic, on, ok := subscription(b.msgs[i].Frames); ok {
			if err := s.subscribed(p, topic, on); err != nil {
				p.end(err)
				return
			}
		}
	}
}

// takeXpub is the intake of an XPUB: subscriptions, and whatever else an XSUB
// has to say.
func (s *publish) takeXpub(p *peer, b *burst) {
	for i := range b.n {
		topic, on, ok := subscription(b.msgs[i].Frames)
		if !ok {
			b.out.Add(1)
			s.c.in.put(p, b, i, i+1)
			continue
		}
		if err := s.subscribed(p, topic, on); err != nil {
			p.end(err)
			return
		}
	}
	if p.wire != nil {
		s.c.in.waitRoom(p)
	}
}

// subscribed counts a subscription of p or its end.
func (s *publish) subscribed(p *peer, topic []byte, on bool) error {
	first, last, err := s.registry.set(p, string(topic), on)
	if first || last {
		s.announce(p, topic, on)
	}
	return err
}

// announce hands an XPUB's receiver a topic's first subscription or the end of
// its last, as a message of 1 or 0 and the topic (RFC 29).
func (s *publish) announce(p *peer, topic []byte, on bool) {
	if s.c.set.kind != engines.XPUB || s.c.set.Use == engines.SendOnly {
		return
	}
	b := newSlab(1)
	b.from = p
	b.frames[0] = append([]byte{onOff(on)}, topic...)
	b.add(1)
	b.out.Add(1)
	if !s.c.in.offer(p, b) {
		s.c.stats.dropped.Add(1)
	}
	b.letGo()
}
