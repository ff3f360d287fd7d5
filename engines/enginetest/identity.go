package enginetest

import (
	"bytes"
	"errors"
	"testing"

	"zbench/engines"
)

func testIdentity(t *testing.T, s *suite) {
	for _, kind := range []engines.Kind{engines.DEALER, engines.REQ} {
		t.Run("set "+kind.String(), func(t *testing.T) { identitiesSet(t, s, kind) })
		t.Run("generated "+kind.String(), func(t *testing.T) { identitiesGenerated(t, s, kind) })
	}
	t.Run("no route", func(t *testing.T) { noRoute(t, s) })
}

// identitiesSet answers two peers by the names that they gave themselves.
func identitiesSet(t *testing.T, s *suite, kind engines.Kind) {
	names := []string{"first", string(bytes.Repeat([]byte("n"), 255))}
	router := s.need(engines.ROUTER, func(n *engines.Need) { n.Binds, n.Peers = 1, 2 })
	needs := []engines.Need{router}
	for _, name := range names {
		needs = append(needs, s.need(kind, func(n *engines.Need) { n.Options.Identity = []byte(name) }))
	}
	if !s.supported(t, needs...) {
		return
	}
	hub := s.open(t, router)
	bound := bind(t, hub, s.endpoint(t))
	peers := map[string]engines.Socket{}
	for i, name := range names {
		peers[name] = s.open(t, needs[i+1])
		connect(t, peers[name], bound)
		send(t, peers[name], []byte("here is "+name))
	}
	// All have announced themselves before any is answered, the last one first.
	var envelopes [][][]byte
	for range names {
		frames := take(t, hub)
		last := len(frames) - 1
		if want := "here is " + string(frames[0]); string(frames[last]) != want {
			t.Fatalf("under the identity %q came %q", frames[0], frames[last])
		}
		envelopes = append(envelopes, frames[:last])
	}
	for i := len(envelopes) - 1; i >= 0; i-- {
		send(t, hub, append(envelopes[i], append([]byte("hello "), envelopes[i][0]...))...)
	}
	for name, peer := range peers {
		expect(t, "answer", take(t, peer), text("hello "+name))
	}
}

// identitiesGenerated asserts that the names a ROUTER makes up differ.
func identitiesGenerated(t *testing.T, s *suite, kind engines.Kind) {
	hub, rim, ok := s.fan(t, s.need(engines.ROUTER), s.need(kind))
	if !ok {
		return
	}
	for i, peer := range rim {
		send(t, peer, []byte{'0' + byte(i)})
	}
	var envelopes [2][][]byte
	for range rim {
		frames := take(t, hub)
		last := len(frames) - 1
		envelopes[frames[last][0]-'0'] = frames[:last]
	}
	a, b := envelopes[0][0], envelopes[1][0]
	if len(a) == 0 || bytes.Equal(a, b) {
		t.Fatalf("generated identities %q and %q", a, b)
	}
	for i, peer := range rim {
		send(t, hub, append(envelopes[i], []byte{'a' + byte(i)})...)
		expect(t, "answer", take(t, peer), [][]byte{{'a' + byte(i)}})
	}
}

// noRoute addresses nobody; somebody else is there.
func noRoute(t *testing.T, s *suite) {
	dealer, router, ok := s.pair(t, s.need(engines.DEALER), s.need(engines.ROUTER))
	if !ok {
		return
	}
	send(t, dealer, []byte("here"))
	m := recv(t, router)
	err := outcome(t, "send to nobody", start(func() error { return push(router, text("nobody"), []byte("lost")) }))
	if !errors.Is(err, engines.ErrNoRoute) {
		t.Errorf("send to nobody: got error %v, want one that wraps ErrNoRoute", err)
	}
	echo(t, router, m)
	expect(t, "answer after that", take(t, dealer), text("here"))
}
