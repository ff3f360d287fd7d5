package null

import (
	"errors"
	"strings"
	"testing"

	"zbench/engines"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ bind, connect string }{
		{"tcp://127.0.0.1:5555", "tcp://localhost:5555"},
		{"tcp://*:5555", "tcp://127.0.0.1:5555"},
		{"tcp://[::1]:05555", "tcp://127.0.0.1:5555"},
		{"ipc:///tmp/some/path", "ipc:///tmp/some/path"},
		{"ipc://@abstract", "ipc://@abstract"},
		{"inproc://name", "inproc://name"},
	} {
		e := New()
		pull := open(t, e, engines.PULL, engines.Options{})
		bind(t, pull, c.bind)
		push := open(t, e, engines.PUSH, engines.Options{})
		connect(t, push, c.connect)
		send(t, push, nil, 1)
		discard(t, pull, make([]*engines.Msg, 1))
	}
}

func TestWildcardsAreUnique(t *testing.T) {
	e := New()
	bind(t, open(t, e, engines.PULL, engines.Options{}), "tcp://127.0.0.1:49153")
	seen := map[string]bool{"tcp://127.0.0.1:49153": true}
	for range 50 {
		for _, wild := range []string{"tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "tcp://*:0", "ipc://*"} {
			bound := bind(t, open(t, e, engines.PULL, engines.Options{}), wild)
			if seen[bound] || strings.Contains(bound, "*") {
				t.Fatalf("Bind(%q) = %q, which is taken or a wildcard", wild, bound)
			}
			seen[bound] = true
		}
	}
	push := open(t, e, engines.PUSH, engines.Options{})
	for _, wild := range []string{"tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "tcp://*:5555", "ipc://*"} {
		if err := push.Connect(wild); err == nil {
			t.Errorf("Connect(%q) works", wild)
		}
	}
}

func TestEnginesAreApart(t *testing.T) {
	bind(t, open(t, New(), engines.PULL, engines.Options{}), "inproc://same")
	bind(t, open(t, New(), engines.PULL, engines.Options{}), "inproc://same")
}

func TestIncompatibleKindsDoNotConnect(t *testing.T) {
	e := New()
	bind(t, open(t, e, engines.PULL, engines.Options{}), "inproc://pull")
	err := open(t, e, engines.REQ, engines.Options{}).Connect("inproc://pull")
	if err == nil || !strings.Contains(err.Error(), "inproc://pull") {
		t.Errorf("REQ to PULL: %v", err)
	}
}

// A PAIR has one peer; the next one is let in when that has gone.
func TestPairIsExclusive(t *testing.T) {
	e := New()
	hub := open(t, e, engines.PAIR, engines.Options{})
	bind(t, hub, "inproc://pair")
	first, second := open(t, e, engines.PAIR, engines.Options{}), open(t, e, engines.PAIR, engines.Options{})
	connect(t, first, "inproc://pair")
	connect(t, second, "inproc://pair")
	ms := make([]*engines.Msg, 1)
	send(t, hub, nil, 1)
	discard(t, first, ms)
	first.Close()
	send(t, hub, nil, 2)
	discard(t, second, ms)
}

// Who had connected stays connected to the name, whoever holds it.
func TestReconnect(t *testing.T) {
	e := New()
	push := open(t, e, engines.PUSH, engines.Options{})
	connect(t, push, "tcp://127.0.0.1:7000")
	ms := make([]*engines.Msg, 4)
	for range 3 {
		pull := open(t, e, engines.PULL, engines.Options{})
		bind(t, pull, "tcp://127.0.0.1:7000")
		send(t, push, nil, 8)
		discard(t, pull, ms)
		pull.Close()
	}
	push.Close()
	if len(e.bound) != 0 || len(e.waiting) != 0 {
		t.Errorf("after all sockets closed the table still holds %d bound and %d waiting", len(e.bound), len(e.waiting))
	}
}

// What a peer sent before it closed is still received.
func TestSentBeforeClose(t *testing.T) {
	push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
	for range 10 {
		send(t, push, nil, 8)
	}
	push.Close()
	ms := make([]*engines.Msg, 3)
	for got := 0; got < 10; {
		got += discard(t, pull, ms)
	}
}

func TestSameIdentityTwice(t *testing.T) {
	e := New()
	router := open(t, e, engines.ROUTER, engines.Options{})
	bind(t, router, "inproc://router")
	me := engines.Options{Identity: []byte("me")}
	first, second := open(t, e, engines.DEALER, me), open(t, e, engines.DEALER, me)
	connect(t, first, "inproc://router")
	connect(t, second, "inproc://router")
	ms := make([]*engines.Msg, 1)
	send(t, router, [][]byte{[]byte("me")}, 1)
	discard(t, first, ms)
	first.Close()
	send(t, router, [][]byte{[]byte("me")}, 1)
	discard(t, second, ms)
	second.Close()
	if _, err := router.Alloc([][]byte{[]byte("me")}, 1); !errors.Is(err, engines.ErrNoRoute) {
		t.Errorf("alloc to a peer that has gone: %v", err)
	}
}
