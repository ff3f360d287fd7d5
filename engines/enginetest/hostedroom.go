package enginetest

import (
	"cmp"
	"testing"

	"zbench/engines"
)

// testHostedRoom fills queues until senders are refused, which hear of room by
// a wake-up alone.
func testHostedRoom(t *testing.T, s *suite) {
	for _, k := range talks() {
		switch {
		case k.load == engines.PUSH:
			t.Run("room "+k.String(), func(t *testing.T) { roomOneWay(t, s, k) })
		case k.load == engines.PAIR, k.load == engines.DEALER && k.peer == engines.DEALER:
			t.Run("room "+k.String(), func(t *testing.T) { roomBothWays(t, s, k) })
		case k.load == engines.DEALER && k.peer == engines.ROUTER:
			t.Run("room of a ROUTER", func(t *testing.T) { roomOfRouter(t, s, k) })
		case k.load == engines.XPUB && k.peer == engines.SUB:
			t.Run("room of an XPUB", func(t *testing.T) { roomOfPublisher(t, s, k) })
		}
	}
	for _, kind := range []engines.Kind{engines.DEALER, engines.PUSH, engines.PAIR} {
		t.Run("first peer of "+kind.String(), func(t *testing.T) { firstPeer(t, s, kind) })
	}
}

// More than queues and the network hold.
const roomMessages = hwmMost / 2

func large(i int) [][]byte { return [][]byte{pattern(i, hwmBody)} }

// crowded opens a pair that has a small HWM in every direction.
func (s *suite) crowded(t *testing.T, h *host, k talk, edits ...func(*engines.Need)) (load, peer *member, ok bool) {
	t.Helper()
	loadNeed, peerNeed := k.needs(s, append(edits, func(n *engines.Need) {
		n.MaxFrame = hwmBody
		if n.Kind.CanSend() {
			n.Options.SendHWM = hwm
		}
		if n.Kind.CanRecv() {
			n.Options.RecvHWM = hwm
		}
	})...)
	peer, load, ok = s.hostedPair(t, h, peerNeed, loadNeed)
	return load, peer, ok
}

// refused asserts that a sender was.
func (p *party) refused(t *testing.T) {
	t.Helper()
	if p.waits == 0 {
		t.Errorf("%d messages of %d bytes were taken at an HWM of %d while nobody received", p.total, hwmBody, hwm)
	}
}

func roomOneWay(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	load, peer, ok := s.crowded(t, h, k)
	if !ok {
		return
	}
	var p progress
	from := &party{member: load, progress: &p, content: large, total: roomMessages}
	to := &party{member: peer, progress: &p, content: large, hears: roomMessages}
	to.check = to.inOrder(nil)
	load.step, peer.step = from.step, to.step
	h.run(t, &p, to.done)
	from.refused(t)
}

func roomBothWays(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	load, peer, ok := s.crowded(t, h, k)
	if !ok {
		return
	}
	var p progress
	var parties [2]*party
	for i, m := range []*member{load, peer} {
		one := &party{member: m, progress: &p, content: large, total: roomMessages, hears: roomMessages}
		one.check = one.inOrder(nil)
		m.step = one.step
		parties[i] = one
	}
	h.run(t, &p, func() bool { return parties[0].done() && parties[1].done() })
	for _, one := range parties {
		one.refused(t)
	}
}

// roomOfRouter has a ROUTER send to one DEALER while another one has room.
func roomOfRouter(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	limit := func(n *engines.Need) {
		n.MaxFrame = hwmBody
		n.Options.SendHWM, n.Options.RecvHWM = hwm, hwm
	}
	dealerNeed, routerNeed := k.needs(s, limit)
	routerNeed.Binds, routerNeed.Peers = 1, 2
	if !s.supported(t, dealerNeed, routerNeed) {
		return
	}
	hub := s.hosted(t, h, routerNeed)
	bound := bind(t, hub.socket, s.endpoint(t))
	var p progress
	var dealers [2]*party
	for i, hello := range []string{probe, "idle one"} {
		m := s.hosted(t, h, dealerNeed)
		connect(t, m.socket, bound)
		greets := &party{member: m, progress: &p, total: 1, content: func(int) [][]byte { return text(hello) }}
		hears := &party{member: m, progress: &p, content: large, hears: roomMessages}
		hears.check = hears.inOrder(nil)
		m.step = func() error { return cmp.Or(greets.step(), hears.step()) }
		dealers[i] = hears
	}
	names := 0
	var to [][]byte
	router := &party{member: hub, progress: &p}
	router.content = func(i int) [][]byte { return [][]byte{to[0], pattern(i, hwmBody)} }
	router.check = func(frames [][]byte) error {
		if names++; string(frames[1]) == probe {
			to = clone(frames[:1])
		}
		return nil
	}
	hub.step = func() error {
		err := router.step()
		if err == nil && router.total == 0 && names == 2 {
			router.total = roomMessages
			err = router.step()
		}
		return err
	}
	h.run(t, &p, dealers[0].done)
	if router.waits == 0 {
		t.Logf("the ROUTER took %d messages for a DEALER that did not receive", router.total)
	}
}

// roomOfPublisher has an XPUB that must not drop wait for its subscriber.
func roomOfPublisher(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	load, peer, ok := s.crowded(t, h, k, func(n *engines.Need) {
		if n.Kind == engines.XPUB {
			n.Subscriptions, n.Options.NoDrop = true, true
		}
	})
	if !ok {
		return
	}
	var p progress
	pub := &party{member: load, progress: &p, content: large}
	pub.check = func(frames [][]byte) error { return same(frames, text("\x01")) }
	sub := &party{member: peer, progress: &p, content: large, hears: roomMessages}
	sub.check = sub.inOrder(nil)
	load.step = func() error {
		err := pub.step()
		if err == nil && pub.total == 0 && pub.heard > 0 {
			pub.total = roomMessages
			err = pub.step()
		}
		return err
	}
	peer.step = sub.step
	h.run(t, &p, sub.done)
	pub.refused(t)
}

// firstPeer has a sender wait for somebody to send to.
func firstPeer(t *testing.T, s *suite, kind engines.Kind) {
	h := newHost(t)
	k := talk{load: kind, peer: kind}
	if kind == engines.PUSH {
		k.peer = engines.PULL
	}
	loadNeed, peerNeed := k.needs(s)
	loadNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	load := s.hosted(t, h, loadNeed)
	bound := bind(t, load.socket, s.endpoint(t))
	peer := s.open(t, peerNeed)
	var p progress
	from := &party{member: load, progress: &p, content: contentOf(64), total: duplexWindow}
	asked := false
	heard := make(chan error, 1)
	load.step = func() error {
		err := from.step()
		if !asked {
			asked = true
			if from.waits == 0 {
				t.Errorf("%d messages were taken and flushed though there is no peer", from.sent)
			}
			go func() {
				err := peer.Connect(bound)
				if err == nil {
					err = inOrder(peer, duplexWindow, 0, &p, func() {})
				}
				heard <- err
			}()
		}
		return err
	}
	h.run(t, &p, from.done)
	await(t, "what had to wait for a peer", heard)
}
