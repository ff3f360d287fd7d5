package enginetest

import (
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

// testSubscribe publishes topics of which only some are wanted. As messages of
// one publisher stay in order, what was not wanted would have come first.
func testSubscribe(t *testing.T, s *suite) {
	for _, k := range talks() {
		if k.load != engines.PUB && k.load != engines.XPUB {
			continue
		}
		t.Run("prefixes "+k.String(), func(t *testing.T) { prefixes(t, s, k) })
		t.Run("two subscribers "+k.String(), func(t *testing.T) { twoSubscribers(t, s, k) })
	}
}

func subscribing(prefixes ...string) func(*engines.Need) {
	return func(n *engines.Need) {
		if n.Kind == engines.SUB || n.Kind == engines.XSUB {
			n.Options.Subscribe = text(prefixes...)
		}
	}
}

func prefixes(t *testing.T, s *suite, k talk) {
	load, peer := k.needs(s, subscribing("a.", "b", "bc", "\x00\xff"))
	pub, sub, ok := s.pair(t, peer, load)
	if pub, sub = sub, pub; !ok { // the publisher binds
		return
	}
	for _, wanted := range []string{"a.", "b", "\x00\xff"} { // which may come in any order
		k.join(t, pub, wanted, sub)
	}
	for i, c := range []struct {
		topic  string
		wanted bool
	}{
		{"x", false}, {"a", false}, {"a.", true}, {"a.1", true}, {"ab", false}, {"", false},
		{"b", true}, {"bz", true}, {"c", false}, {"\x00", false}, {"\x00\xff", true}, {"\x00\xff\x00", true},
		{"A.1", false}, {" b", false}, {"b ", true},
	} {
		content := text(c.topic, fmt.Sprint("message ", i))
		send(t, pub, content...)
		if c.wanted {
			expect(t, "next wanted message", take(t, sub), content)
		}
	}
}

// twoSubscribers want different topics, and one in common.
func twoSubscribers(t *testing.T, s *suite, k talk) {
	load, left := k.needs(s, subscribing("left", "both"))
	_, right := k.needs(s, subscribing("right", "both"))
	load.Binds, load.Peers = 1, 2
	if !s.supported(t, load, left, right) {
		return
	}
	pub := s.open(t, load)
	bound := bind(t, pub, s.endpoint(t))
	subs := []engines.Socket{s.open(t, left), s.open(t, right)}
	for _, sub := range subs {
		connect(t, sub, bound)
	}
	k.join(t, pub, "left", subs[0])
	k.join(t, pub, "right", subs[1])
	k.join(t, pub, "both", subs...)
	for i := range 20 {
		for _, topic := range []string{"left", "neither", "right", "both"} {
			send(t, pub, text(topic, fmt.Sprint(i))...)
		}
		for side, sub := range subs {
			expect(t, "own topic", take(t, sub), text([]string{"left", "right"}[side], fmt.Sprint(i)))
			expect(t, "common topic", take(t, sub), text("both", fmt.Sprint(i)))
		}
	}
}

// testForwardSubscriptions uses sockets that pass subscriptions on as messages.
func testForwardSubscriptions(t *testing.T, s *suite) {
	t.Run("XPUB shows them", func(t *testing.T) { shownSubscriptions(t, s) })
	for _, load := range []engines.Kind{engines.PUB, engines.XPUB} {
		t.Run("XSUB sends them to "+load.String(), func(t *testing.T) { sentSubscriptions(t, s, load) })
	}
	t.Run("forwarder", func(t *testing.T) { forwarder(t, s) })
}

func passingOn(n *engines.Need) {
	n.Subscriptions = true
	if n.Kind == engines.XSUB {
		n.Options.Subscribe = nil
	}
}

// shownSubscriptions looks at what an XPUB hands to Recv: a prefix when the
// first peer wants it, and its cancellation when the last one is gone.
func shownSubscriptions(t *testing.T, s *suite) {
	xpub := s.need(engines.XPUB, passingOn, func(n *engines.Need) { n.Binds, n.Peers = 1, 2 })
	sub := s.need(engines.SUB, subscribing("topic"))
	if !s.supported(t, xpub, sub) {
		return
	}
	hub := s.open(t, xpub)
	bound := bind(t, hub, s.endpoint(t))
	for range 2 {
		peer := s.open(t, sub)
		connect(t, peer, bound)
		expect(t, "subscription", take(t, hub), text("\x01topic"))
		within(t, "close SUB", peer.Close)
		expect(t, "cancellation", take(t, hub), text("\x00topic"))
	}
}

// sentSubscriptions subscribes and cancels by Send.
func sentSubscriptions(t *testing.T, s *suite, load engines.Kind) {
	k := talk{load: load, peer: engines.XSUB, oneWay: true}
	loadNeed, peerNeed := k.needs(s, passingOn)
	pub, xsub, ok := s.pair(t, peerNeed, loadNeed)
	if pub, xsub = xsub, pub; !ok {
		return
	}
	send(t, xsub, []byte("\x01a"))
	send(t, xsub, []byte("\x01z"))
	k.join(t, pub, "a", xsub)
	k.join(t, pub, "z", xsub)
	send(t, xsub, []byte("\x00a"))
	// The cancellation takes its time; what is wanted keeps coming.
	for end := time.Now().Add(deadline); ; time.Sleep(retry) {
		send(t, pub, text("a", "cancelled")...)
		send(t, pub, text("z", "wanted")...)
		cancelled := 0
		for string(take(t, xsub)[0]) != "z" {
			cancelled++
		}
		if cancelled == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("a cancelled topic is still delivered after %v", deadline)
		}
	}
}

// forwarder puts an XSUB|XPUB proxy between PUB and SUB. Only what the SUB
// wants may come through, so subscriptions have to travel up.
func forwarder(t *testing.T, s *suite) {
	duplex := func(n *engines.Need) { n.Options.Use = engines.Duplex }
	pub := s.need(engines.PUB, func(n *engines.Need) { n.Binds = 1 })
	xsub := s.need(engines.XSUB, passingOn, duplex)
	xpub := s.need(engines.XPUB, passingOn, duplex, func(n *engines.Need) { n.Binds = 1 })
	sub := s.need(engines.SUB, subscribing("a"))
	if !s.supported(t, pub, xsub, xpub, sub) {
		return
	}
	source := s.open(t, pub)
	upstream := s.open(t, xsub)
	connect(t, upstream, bind(t, source, s.endpoint(t)))
	downstream := s.open(t, xpub)
	bound := bind(t, downstream, s.endpoint(t))
	start(func() error { return forward(upstream, downstream) })
	start(func() error { return forward(downstream, upstream) })
	sink := s.open(t, sub)
	connect(t, sink, bound)

	k := talk{load: engines.PUB, peer: engines.SUB}
	k.join(t, source, "a", sink)
	for i := range 50 {
		send(t, source, text("b", fmt.Sprint(i))...)
		send(t, source, text("a", fmt.Sprint(i))...)
	}
	for i := range 50 {
		expect(t, "forwarded", take(t, sink), text("a", fmt.Sprint(i)))
	}
}
