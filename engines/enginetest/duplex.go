package enginetest

import (
	"bytes"
	"fmt"
	"testing"

	"zbench/engines"
)

// A duplex run's messages, and how many of them may be on their way: less than
// any HWM, for a ROUTER may drop above its own.
const (
	duplexMessages = 20_000
	duplexWindow   = 256
)

// testDuplex sends on one goroutine while another one receives, and checks the
// order and every byte. Under the race detector it also finds what the two
// share.
func testDuplex(t *testing.T, s *suite) {
	for _, k := range talks() {
		switch {
		case k.load == engines.DEALER:
			t.Run(k.String(), func(t *testing.T) { roundTrips(t, s, k) })
		case k.load == engines.PAIR:
			t.Run(k.String(), func(t *testing.T) { bothAtOnce(t, s, k) })
		case k.load == engines.PUSH:
			t.Run(k.String(), func(t *testing.T) { oneWay(t, s, k) })
		}
	}
}

func duplex(n *engines.Need) { n.Options.Use = engines.Duplex }

// roundTrips keeps a window of messages going round through an echo.
func roundTrips(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s)
	duplex(&loadNeed)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	start(func() error { return forward(peer, peer) })
	total := duplexMessages / 4
	credit := make(chan struct{}, duplexWindow)
	sender := start(func() error {
		for i := range total {
			credit <- struct{}{}
			if err := push(load, k.env, pattern(i, 8+i%57)); err != nil {
				return err
			}
		}
		return nil
	})
	receiver := start(func() error { return inOrder(load, total, k.loadSkips, func() { <-credit }) })
	await(t, "receiver", receiver)
	await(t, "sender", sender)
}

// bothAtOnce has two sockets that both send and receive.
func bothAtOnce(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s, duplex)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	total := duplexMessages / 4
	var done []<-chan error
	for _, socket := range []engines.Socket{load, peer} {
		done = append(done,
			start(func() error { return stream(socket, total) }),
			start(func() error { return inOrder(socket, total, 0, func() {}) }))
	}
	for i := range done {
		await(t, fmt.Sprint("goroutine ", i), done[i])
	}
}

// oneWay streams from one socket to the other.
func oneWay(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	sender := start(func() error { return stream(load, duplexMessages) })
	await(t, "receiver", start(func() error { return inOrder(peer, duplexMessages, 0, func() {}) }))
	await(t, "sender", sender)
}

// stream sends total messages of all sizes from 8 to 64 bytes, and flushes now
// and then.
func stream(socket engines.Sender, total int) error {
	for i := range total {
		body := pattern(i, 8+i%57)
		m, err := socket.Alloc(nil, len(body))
		if err != nil {
			return err
		}
		copy(m.Body(), body)
		if err := socket.Send(m); err != nil {
			return err
		}
		if i%100 == 99 {
			if err := socket.Flush(); err != nil {
				return err
			}
		}
	}
	return socket.Flush()
}

// inOrder receives total messages of stream, in bursts.
func inOrder(socket engines.Receiver, total, skips int, each func()) error {
	ms := make([]*engines.Msg, 32)
	for i := 0; i < total; {
		n, err := socket.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if want := pattern(i, 8+i%57); len(m.Frames) != skips+1 || !bytes.Equal(m.Body(), want) {
				return fmt.Errorf("message %d came as %s", i, brief(m.Frames))
			}
			i++
			each()
		}
		engines.Release(ms[:n])
	}
	return nil
}
