package enginetest

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// A long run's messages, other pairs have a part of that; and how many of them
// may be on their way: less than any HWM, for a ROUTER may drop above its own.
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

// progress counts messages, so that a wait lasts as long as some arrive.
type progress struct{ messages atomic.Int64 }

// await waits for all of done, and fails once nothing has moved for a deadline.
func (p *progress) await(t *testing.T, done ...<-chan error) {
	t.Helper()
	last, since := int64(-1), time.Now()
	for len(done) > 0 {
		select {
		case err := <-done[0]:
			if err != nil {
				t.Fatal(err)
			}
			done = done[1:]
		case <-time.After(settle):
		}
		if n := p.messages.Load(); n != last {
			last, since = n, time.Now()
		} else if time.Since(since) > deadline {
			t.Fatalf("after %d messages nothing arrived for %v", n, deadline)
		}
	}
}

// roundTrips keeps a window of messages going round through an echo.
func roundTrips(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s)
	duplex(&loadNeed)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	start(func() error { return forward(peer, peer) })
	total := duplexMessages / 2 // there, and as many back
	if k.peer != engines.ROUTER {
		total = duplexMessages / 8
	}
	var p progress
	credit := make(chan struct{}, duplexWindow)
	p.await(t,
		start(func() error { return inOrder(load, total, k.loadSkips, &p, func() { <-credit }) }),
		start(func() error {
			for i := range total {
				credit <- struct{}{}
				if err := push(load, k.env, pattern(i, 8+i%57)); err != nil {
					return err
				}
			}
			return nil
		}))
}

// bothAtOnce has two sockets that both send and receive.
func bothAtOnce(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s, duplex)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	var p progress
	var done []<-chan error
	for _, socket := range []engines.Socket{load, peer} {
		done = append(done,
			start(func() error { return stream(socket, duplexMessages/4) }),
			start(func() error { return inOrder(socket, duplexMessages/4, 0, &p, func() {}) }))
	}
	p.await(t, done...)
}

// oneWay streams from one socket to the other.
func oneWay(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	var p progress
	p.await(t,
		start(func() error { return inOrder(peer, duplexMessages/2, 0, &p, func() {}) }),
		start(func() error { return stream(load, duplexMessages/2) }))
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
func inOrder(socket engines.Receiver, total, skips int, p *progress, each func()) error {
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
		p.messages.Add(int64(n))
		engines.Release(ms[:n])
	}
	return nil
}
