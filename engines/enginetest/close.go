package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"zbench/engines"
)

// testClose checks that Close, from any goroutine, ends whatever waits.
func testClose(t *testing.T, s *suite) {
	for _, k := range talks() {
		t.Run("recv "+k.String(), func(t *testing.T) { closeReceiving(t, s, k) })
	}
	for _, kind := range []engines.Kind{engines.REQ, engines.DEALER, engines.PUSH, engines.PAIR} {
		t.Run("alloc without peer "+kind.String(), func(t *testing.T) { closeWithoutPeer(t, s, kind) })
	}
	for _, k := range talks() {
		if k.load == engines.PUSH || k.load == engines.DEALER && k.peer == engines.DEALER {
			t.Run("send to stalled "+k.String(), func(t *testing.T) { closeStalled(t, s, k) })
		}
	}
	for _, kind := range engines.Kinds() {
		t.Run("afterwards "+kind.String(), func(t *testing.T) { useClosed(t, s, kind) })
	}
	t.Run("context", func(t *testing.T) { endContext(t, s) })
}

// closeReceiving closes both sides of a connection while they receive.
func closeReceiving(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	if k.load == engines.REQ {
		k.say(t, load, text("request"))
		engines.Release([]*engines.Msg{k.hear(t, peer, text("request"))})
	}
	sides := map[string]engines.Socket{"recv of peer": peer}
	if k.load.CanRecv() && k.load != engines.XPUB {
		sides["recv of load"] = load
	}
	if k.load == engines.REQ && k.peer == engines.REP {
		delete(sides, "recv of peer") // it owes a reply
	}
	for what, socket := range sides {
		blocked := start(func() error {
			for {
				// A REQ may first be told that its peer has gone.
				if _, err := pull(socket); errors.Is(err, engines.ErrClosed) {
					return err
				}
			}
		})
		time.Sleep(settle)
		within(t, "close", socket.Close)
		expectClosed(t, what, blocked)
	}
}

// closeWithoutPeer closes a socket that waits for somebody to send to.
func closeWithoutPeer(t *testing.T, s *suite, kind engines.Kind) {
	n := s.need(kind, func(n *engines.Need) { n.Binds = 1 })
	if !s.supported(t, n) {
		return
	}
	socket := s.open(t, n)
	bind(t, socket, s.endpoint(t))
	blocked := start(func() error {
		for range 1_000_000 {
			if err := push(socket, nil, []byte("to nobody")); err != nil {
				return err
			}
		}
		return errors.New("a million messages went to nobody")
	})
	time.Sleep(settle)
	within(t, "close", socket.Close)
	expectClosed(t, "alloc", blocked)
}

// closeStalled closes a socket whose peer does not receive.
func closeStalled(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.MaxFrame = 1024 })
	load, _, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	body := make([]byte, 1024)
	blocked := start(func() error {
		for range 1_000_000 {
			if err := push(load, nil, body); err != nil {
				return err
			}
		}
		return errors.New("a million messages of 1 KiB were taken for a peer that does not receive")
	})
	time.Sleep(2 * settle)
	within(t, "close", load.Close)
	expectClosed(t, "send", blocked)
}

// useClosed asserts that nothing blocks or works after Close, and that closing
// again is fine.
func useClosed(t *testing.T, s *suite, kind engines.Kind) {
	n := s.need(kind, func(n *engines.Need) { n.Binds = 1 })
	if !s.supported(t, n) {
		return
	}
	socket := s.open(t, n)
	endpoint := bind(t, socket, s.endpoint(t))
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := socket.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	within(t, "close three times at once", func() error { closers.Wait(); return nil })
	if kind.CanSend() {
		expectClosed(t, "alloc after close", start(func() error {
			_, err := socket.Alloc(text("somebody"), 8)
			return err
		}))
		expectClosed(t, "send after close", start(func() error {
			return socket.Send(&engines.Msg{Frames: text("somebody", "body")})
		}))
	}
	if kind.CanRecv() {
		expectClosed(t, "recv after close", start(func() error {
			_, err := pull(socket)
			return err
		}))
	}
	if err := outcome(t, "bind after close", start(func() error { _, err := socket.Bind(s.endpoint(t)); return err })); err == nil {
		t.Error("bind after close works")
	}
	if err := outcome(t, "connect after close", start(func() error { return socket.Connect(endpoint) })); err == nil {
		t.Error("connect after close works")
	}
}

// endContext ends the context of Open, which closes the socket.
func endContext(t *testing.T, s *suite) {
	n := s.need(engines.PULL, func(n *engines.Need) { n.Binds = 1 })
	if !s.supported(t, n) {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	socket, err := s.engine.Open(ctx, n.Kind, n.Options)
	if err != nil {
		t.Fatal(err)
	}
	bind(t, socket, s.endpoint(t))
	blocked := start(func() error { _, err := pull(socket); return err })
	time.Sleep(settle)
	cancel()
	expectClosed(t, "recv", blocked)
	within(t, "close", socket.Close)
	if _, err := s.engine.Open(ctx, n.Kind, n.Options); err == nil {
		t.Errorf("a %s opens under an ended context", n.Kind)
	}
	// The race detector sees what an end in the middle of Open meets half made.
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		go cancel()
		if socket, err := s.engine.Open(ctx, n.Kind, n.Options); err == nil {
			within(t, "close", socket.Close)
		}
	}
}
