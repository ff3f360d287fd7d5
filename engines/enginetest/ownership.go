package enginetest

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// testOwnership checks who may touch a message's bytes, and when.
func testOwnership(t *testing.T, s *suite) {
	for _, k := range talks() {
		t.Run("intact until release "+k.String(), func(t *testing.T) { intact(t, s, k) })
	}
	for _, k := range talks() {
		if k.load == engines.PUSH || k.load == engines.DEALER && k.peer == engines.ROUTER || k.load == engines.PUB && k.peer == engines.SUB {
			t.Run("payload "+k.String(), func(t *testing.T) { payload(t, s, k) })
			t.Run("abandon "+k.String(), func(t *testing.T) { abandon(t, s, k, 64) })
			t.Run("abandon large "+k.String(), func(t *testing.T) { abandon(t, s, k, 64<<10) })
			t.Run("env is copied "+k.String(), func(t *testing.T) { copiedEnvelope(t, s, k) })
		}
	}
}

// intact holds messages while many others come and go.
func intact(t *testing.T, s *suite, k talk) {
	if k.load == engines.REQ {
		return // one at a time
	}
	loadNeed, peerNeed := k.needs(s)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	if k.peer == engines.REP {
		return // one at a time
	}
	k.join(t, load, "", peer)
	var held []*engines.Msg
	for i := range 20 {
		want := [][]byte{pattern(i, 8+i)}
		k.say(t, load, want)
		held = append(held, k.hear(t, peer, want))
	}
	for i := range 200 {
		want := [][]byte{pattern(i+1000, 64)}
		k.say(t, load, want)
		engines.Release([]*engines.Msg{k.hear(t, peer, want)})
	}
	for i, m := range held {
		expect(t, fmt.Sprintf("held message %d", i), m.Frames[k.peerSkips:], [][]byte{pattern(i, 8+i)})
	}
	engines.Release(held)
}

// payload writes a stamp of 8 bytes and nothing else.
func payload(t *testing.T, s *suite, k talk) {
	bytesOf := pattern(99, 4096)
	loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.MaxFrame = 255 })
	loadNeed.Options.Payload = bytesOf
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	k.join(t, load, "", peer)
	for i := range 300 {
		size := []int{64, 8, 255, 200, 31, 9}[i%6]
		stamp := pattern(i, 8)
		within(t, "send", func() error {
			m, err := load.Alloc(nil, size)
			if err != nil {
				return err
			}
			if body := m.Body(); !bytes.Equal(body[8:], bytesOf[8:size]) {
				return fmt.Errorf("message %d: the body of %d bytes does not hold the payload: %s", i, size, brief(m.Frames))
			}
			copy(m.Body(), stamp)
			if err := load.Send(m); err != nil {
				return err
			}
			return load.Flush()
		})
		want := append(append([]byte{}, stamp...), bytesOf[8:size]...)
		engines.Release([]*engines.Msg{k.hear(t, peer, [][]byte{want})})
	}
}

// abandon calls Alloc again without Send: the first message, of size bytes,
// must not arrive.
func abandon(t *testing.T, s *suite, k talk, size int) {
	loadNeed, peerNeed := k.needs(s, func(n *engines.Need) { n.MaxFrame = size })
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	k.join(t, load, "", peer)
	for i := range 20 {
		within(t, "alloc", func() error {
			m, err := load.Alloc(text("abandoned"), size-i)
			if err == nil {
				copy(m.Body(), "abandoned")
			}
			return err
		})
		want := [][]byte{pattern(i, 8+i)}
		k.exchange(t, load, peer, want)
	}
}

// copiedEnvelope changes the env that Alloc was given before Send.
func copiedEnvelope(t *testing.T, s *suite, k talk) {
	loadNeed, peerNeed := k.needs(s, twoParts)
	load, peer, ok := s.pair(t, loadNeed, peerNeed)
	if !ok {
		return
	}
	k.join(t, load, "", peer)
	part := []byte("as it was")
	within(t, "send", func() error {
		m, err := load.Alloc([][]byte{part}, 4)
		if err != nil {
			return err
		}
		copy(part, "overwrite")
		copy(m.Body(), "body")
		if err := load.Send(m); err != nil {
			return err
		}
		return load.Flush()
	})
	engines.Release([]*engines.Msg{k.hear(t, peer, text("as it was", "body"))})
}

// countingOwner is another engine's pool; it spoils what it gets back.
type countingOwner struct{ freed atomic.Int64 }

func (o *countingOwner) Free(ms []*engines.Msg) {
	for _, m := range ms {
		o.freed.Add(1)
		for _, frame := range m.Frames {
			clear(frame)
		}
	}
}

// testForeign sends messages that another engine received: their bytes go out
// unharmed, and each returns to its owner once.
func testForeign(t *testing.T, s *suite) {
	for _, k := range talks() {
		if k.load == engines.REQ || k.load == engines.ROUTER {
			continue
		}
		t.Run(k.String(), func(t *testing.T) {
			loadNeed, peerNeed := k.needs(s, twoParts)
			load, peer, ok := s.pair(t, loadNeed, peerNeed)
			if !ok {
				return
			}
			k.join(t, load, "", peer)
			for i := range 3 {
				k.foreign(t, load, peer, nil, i)
			}
			const owned = 20
			owner := &countingOwner{}
			for i := range owned {
				k.foreign(t, load, peer, owner, i)
			}
			for end := time.Now().Add(deadline); owner.freed.Load() != owned; time.Sleep(retry) {
				if time.Now().After(end) || owner.freed.Load() > owned {
					t.Fatalf("%d messages of another engine came back to their owner %d times", owned, owner.freed.Load())
				}
			}
		})
	}
}

// foreign sends one message of another engine and receives it.
func (k talk) foreign(t *testing.T, load, peer engines.Socket, owner *countingOwner, i int) {
	t.Helper()
	content := [][]byte{pattern(i, 20), pattern(i+1, 60)}
	m := &engines.Msg{Frames: append(clone(k.env), clone(content)...)}
	if owner != nil {
		m.Owner = owner
	}
	m.Ref = t // anybody's
	echo(t, load, m)
	got := k.hear(t, peer, content)
	if k.oneWay {
		engines.Release([]*engines.Msg{got})
		return
	}
	echo(t, peer, got)
	take(t, load)
}
