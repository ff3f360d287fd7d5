package enginetest

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// testHostedLife has sockets go and come.
func testHostedLife(t *testing.T, s *suite) {
	t.Run("close one of two", func(t *testing.T) { closeOneOfTwo(t, s) })
	t.Run("close and ask again", func(t *testing.T) { askAgain(t, s) })
	t.Run("context", func(t *testing.T) { endHosted(t, s) })
	for _, k := range talks() {
		if k.load == engines.DEALER && k.peer != engines.REP && s.transport != "inproc" {
			t.Run("reconnect "+k.String(), func(t *testing.T) { reconnect(t, s, k) })
		}
	}
}

// closeOneOfTwo closes a PUSH on the host's thread while it and another one
// send. All of the other's messages arrive, and of the closed one's the first.
func closeOneOfTwo(t *testing.T, s *suite) {
	const total = duplexMessages / 4
	h := newHost(t)
	pushNeed, pullNeed := s.need(engines.PUSH), s.need(engines.PULL)
	pullNeed.Binds, pullNeed.Peers = 1, 2
	if !s.supported(t, pushNeed, pullNeed) {
		return
	}
	pull := s.hosted(t, h, pullNeed)
	bound := bind(t, pull.socket, s.endpoint(t))
	var p progress
	var from [2]*party
	for i := range from {
		m := s.hosted(t, h, pushNeed)
		connect(t, m.socket, bound)
		from[i] = &party{member: m, progress: &p, total: total, content: func(seq int) [][]byte {
			return [][]byte{{byte(i)}, pattern(seq, 8+seq%57)}
		}}
		m.step = from[i].step
	}
	from[1].member.step = func() error {
		err := from[1].step()
		if from[1].sent > total/2 {
			return from[1].member.close()
		}
		return err
	}
	from[1].total = total/2 + 1
	var heard [2]int
	to := &party{member: pull, progress: &p}
	to.check = func(frames [][]byte) error {
		i := int(frames[0][0])
		heard[i]++
		return same(frames, from[i].content(heard[i]-1))
	}
	pull.step = to.step
	h.run(t, &p, func() bool { return heard[0] == total && from[1].member.socket == nil })
}

// close ends a member's life on the host's thread.
func (m *member) close() error {
	err := m.socket.Close()
	m.socket = nil
	return err
}

// askAgain has a REQ that is not answered closed and opened anew by its host.
func askAgain(t *testing.T, s *suite) {
	const rounds = 20 // every other request is answered
	h := newHost(t)
	reqNeed, routerNeed := s.need(engines.REQ), s.need(engines.ROUTER)
	routerNeed.Binds, routerNeed.Peers = 1, rounds
	if !s.supported(t, reqNeed, routerNeed) {
		return
	}
	service := s.hosted(t, h, routerNeed)
	bound := bind(t, service.socket, s.endpoint(t))
	client := h.join()
	reqNeed.Options.Host = client
	reopen := func() error {
		socket, err := s.engine.Open(context.Background(), engines.REQ, reqNeed.Options)
		if err != nil {
			return err
		}
		t.Cleanup(func() { _ = socket.Close() })
		client.socket = socket
		return socket.Connect(bound)
	}
	if err := reopen(); err != nil {
		t.Fatal(err)
	}
	var p progress
	var asks *party
	asked, silent := 0, false
	client.step = func() error {
		if silent {
			silent = false
			if err := client.close(); err != nil {
				return err
			}
			if err := reopen(); err != nil {
				return err
			}
			asks = nil
		}
		if asks == nil || asks.done() {
			asked++
			asks = &party{member: client, progress: &p, total: 1, window: 1, hears: 1}
			asks.content = func(int) [][]byte { return [][]byte{pattern(asked, 8)} }
			asks.check = asks.inOrder(nil)
		}
		err := asks.step()
		if err == nil && asks.done() && asked < rounds {
			client.Wake()
		}
		return err
	}
	echo := &echoer{member: service}
	service.step = func() error {
		return drain(service.socket, func(ms []*engines.Msg) error {
			for _, m := range ms {
				p.messages.Add(1)
				if seqOf(m.Body())%2 == 0 {
					echo.owed = append(echo.owed, m)
					continue
				}
				engines.Release([]*engines.Msg{m})
				silent = true
				client.Wake()
			}
			return wait(echo.reply())
		})
	}
	h.run(t, &p, func() bool { return asked == rounds && asks.done() })
}

// endHosted ends the context of Open: the host hears that the socket is closed.
func endHosted(t *testing.T, s *suite) {
	h := newHost(t)
	n := s.need(engines.PULL, func(n *engines.Need) { n.Binds = 1 })
	if !s.supported(t, n) {
		return
	}
	m := h.join()
	n.Options.Host = m
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	socket, err := s.engine.Open(ctx, n.Kind, n.Options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { within(t, "close", socket.Close) })
	m.socket = socket
	bind(t, socket, s.endpoint(t))
	called := false
	m.step = func() error {
		if !called {
			called = true
			time.AfterFunc(settle, cancel)
		}
		return drain(socket, func([]*engines.Msg) error { return nil })
	}
	expectClosed(t, "recv", start(func() error { return h.serve(func() bool { return false }) }))
}

// reconnect has a peer go and come back, of which the hosted side sees to it
// that every message is answered.
func reconnect(t *testing.T, s *suite, k talk) {
	const outages, between = 2, 200
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	fast := loadNeed
	fast.Options.ReconnectMin, fast.Options.ReconnectMax = 10*time.Millisecond, 20*time.Millisecond
	if s.engine.Supports(fast) == nil {
		loadNeed = fast
	}
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	peer := s.open(t, peerNeed)
	bound := bind(t, peer, s.endpoint(t))
	load := s.hosted(t, h, loadNeed)
	connect(t, load.socket, bound)

	var p progress
	var again, ended atomic.Bool // the last message may be lost: send it again
	speaker := &party{member: load, progress: &p, content: contentOf(64), total: math.MaxInt, window: 1}
	repeated := -1
	inOrder := speaker.inOrder(nil)
	speaker.check = func(frames [][]byte) error {
		if i := seqOf(frames[0]); i <= repeated && i < speaker.heard {
			speaker.heard--
			return same(frames, speaker.content(i))
		}
		return inOrder(frames)
	}
	load.step = func() error {
		if again.Swap(false) && speaker.sent > speaker.heard {
			speaker.sent--
			repeated = speaker.sent
		}
		return speaker.step()
	}
	replaced := start(func() error {
		defer ended.Store(true)
		for outage := range outages + 1 {
			heard := p.messages.Load() // while there is nobody to answer
			go forward(peer, peer)
			// A reply of the peer before may still come, and the message after it be lost
			// as well.
			for last := heard; last < heard+between; last = p.messages.Load() {
				if time.Sleep(settle); outage > 0 && p.messages.Load() == last {
					again.Store(true)
					load.Wake()
				}
			}
			if outage == outages {
				return nil
			}
			if err := peer.Close(); err != nil {
				return err
			}
			next, err := s.engine.Open(context.Background(), peerNeed.Kind, peerNeed.Options)
			if err != nil {
				return err
			}
			t.Cleanup(func() { _ = next.Close() })
			if _, err = next.Bind(bound); err != nil {
				return fmt.Errorf("bind again: %w", err)
			}
			peer = next
		}
		return nil
	})
	h.run(t, &p, ended.Load)
	await(t, "the peer's coming and going", replaced)
}
