package enginetest

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"zbench/engines"
)

// talk is one pair of kinds and the envelope that the two sides see, so that
// any pair can be tested with the same content.
type talk struct {
	load, peer engines.Kind
	env        [][]byte // that the load side adds
	peerSkips  int      // frames in front of the content at the peer
	loadSkips  int      // and in what the peer echoes
	oneWay     bool
}

func (k talk) String() string { return k.load.String() + "-" + k.peer.String() }

// Identities where a ROUTER speaks first.
const loadName, peerName = "load side", "peer side"

func talks() []talk {
	return []talk{
		{load: engines.REQ, peer: engines.REP},
		{load: engines.REQ, peer: engines.ROUTER, peerSkips: 2},
		{load: engines.DEALER, peer: engines.REP, env: text(""), loadSkips: 1},
		{load: engines.DEALER, peer: engines.DEALER},
		{load: engines.DEALER, peer: engines.ROUTER, peerSkips: 1},
		{load: engines.ROUTER, peer: engines.ROUTER, env: text(peerName), peerSkips: 1, loadSkips: 1},
		{load: engines.PAIR, peer: engines.PAIR},
		{load: engines.PUSH, peer: engines.PULL, oneWay: true},
		{load: engines.PUB, peer: engines.SUB, oneWay: true},
		{load: engines.PUB, peer: engines.XSUB, oneWay: true},
		{load: engines.XPUB, peer: engines.SUB, oneWay: true},
		{load: engines.XPUB, peer: engines.XSUB, oneWay: true},
	}
}

// needs returns those of both sides, edited alike.
func (k talk) needs(s *suite, edits ...func(*engines.Need)) (load, peer engines.Need) {
	load, peer = s.need(k.load, edits...), s.need(k.peer, edits...)
	if k.load == engines.ROUTER {
		load.Options.Identity, peer.Options.Identity = []byte(loadName), []byte(peerName)
	}
	return load, peer
}

// say sends content from the load side.
func (k talk) say(t *testing.T, load engines.Socket, content [][]byte) {
	t.Helper()
	frames := append(append([][]byte{}, k.env...), content...)
	if k.load == engines.ROUTER {
		sendRouted(t, load, frames...)
	} else {
		send(t, load, frames...)
	}
}

// hear receives content at the peer; the message is the caller's.
func (k talk) hear(t *testing.T, peer engines.Socket, want [][]byte) *engines.Msg {
	t.Helper()
	m := recv(t, peer)
	if len(m.Frames) < k.peerSkips {
		t.Fatalf("%s received %s, which has no envelope of %d frames", k.peer, brief(m.Frames), k.peerSkips)
	}
	expect(t, k.peer.String()+" received", m.Frames[k.peerSkips:], want)
	return m
}

// exchange sends content to the peer and, where both speak, has the peer send
// the same message back.
func (k talk) exchange(t *testing.T, load, peer engines.Socket, content [][]byte) {
	t.Helper()
	k.say(t, load, content)
	m := k.hear(t, peer, content)
	if k.oneWay {
		engines.Release([]*engines.Msg{m})
		return
	}
	// At once, for a REQ may read nothing before it receives.
	sent := start(func() error { return reply(peer, m) })
	back := take(t, load)
	await(t, "send back", sent)
	expect(t, k.load.String()+" received back", back, append(append([][]byte{}, k.env[:k.loadSkips]...), content...))
}

func echo(t *testing.T, socket engines.Socket, m *engines.Msg) {
	t.Helper()
	within(t, "send back", func() error { return reply(socket, m) })
}

func reply(socket engines.Socket, m *engines.Msg) error {
	if err := socket.Send(m); err != nil {
		return err
	}
	return socket.Flush()
}

// join returns when the peer is sure to get all that the load side publishes
// under topic from now on.
func (k talk) join(t *testing.T, load engines.Socket, topic string, peers ...engines.Socket) {
	t.Helper()
	if k.load != engines.PUB && k.load != engines.XPUB {
		return
	}
	for _, peer := range peers {
		probeUntilHeard(t, load, topic, peer)
	}
	// Not longer than a stamp, for the rest of a body is the payload's.
	marker := text(topic, rand.Text()[:8])
	send(t, load, marker...)
	for _, peer := range peers {
		for i := 0; ; i++ {
			if frames := take(t, peer); len(frames) == 2 && bytes.Equal(frames[1], marker[1]) {
				break
			} else if i > 100_000 {
				t.Fatalf("%s receives without end what nobody sent", k.peer)
			}
		}
	}
}

// probeUntilHeard publishes until the peer receives something.
func probeUntilHeard(t *testing.T, load engines.Socket, topic string, peer engines.Socket) {
	t.Helper()
	heard := start(func() error {
		m, err := pull(peer)
		if err == nil {
			engines.Release([]*engines.Msg{m})
		}
		return err
	})
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		send(t, load, text(topic, "probe")...)
		select {
		case err := <-heard:
			if err != nil {
				t.Fatalf("receive a probe: %v", err)
			}
			return
		case <-time.After(retry):
		}
	}
	t.Fatalf("no probe arrived within %v", deadline)
}
