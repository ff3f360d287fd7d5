package enginetest

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// testHosted has one thread own both sockets of a pair and call them only when
// they have asked for it. A call that waits, or a wake-up that is missing, ends
// all progress and so fails the test.
func testHosted(t *testing.T, s *suite) {
	e, ok := s.engine.(engines.Hosted)
	if !ok {
		return
	}
	if n := e.Threads(engines.Options{}); n < 0 {
		t.Errorf("Threads() = %d", n)
	}
	if err := e.Hosts(); err != nil {
		if !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("Hosts() refuses with %q, which does not wrap ErrUnsupported", err)
		}
		t.Skipf("no hosted sockets: %v", err)
	}
	for _, k := range talks() {
		if !k.oneWay && k.load != engines.ROUTER {
			t.Run("echo "+k.String(), func(t *testing.T) { hostedEcho(t, s, k, 8+56) })
			t.Run("large "+k.String(), func(t *testing.T) { hostedEcho(t, s, k, 1<<20) })
			t.Run("echo to blocking "+k.String(), func(t *testing.T) { echoOfBlocking(t, s, k) })
			t.Run("echo for blocking "+k.String(), func(t *testing.T) { echoForBlocking(t, s, k) })
		}
		if k.load == engines.PAIR || k.load == engines.DEALER && k.peer != engines.REP {
			t.Run("told while sending "+k.String(), func(t *testing.T) { toldWhileSending(t, s, k) })
		}
		if k.load == engines.PUB || k.load == engines.XPUB {
			t.Run("publish "+k.String(), func(t *testing.T) { hostedPublish(t, s, k) })
		}
	}
	t.Run("router", func(t *testing.T) { hostedRouter(t, s) })
	testHostedRoom(t, s)
	testHostedLife(t, s)
}

// hosted opens a socket that h owns.
func (s *suite) hosted(t *testing.T, h *host, n engines.Need) *member {
	t.Helper()
	m := h.join()
	n.Options.Host = m
	m.socket = s.open(t, n)
	return m
}

// hostedPair opens a socket that connects and one that is bound, both of h.
func (s *suite) hostedPair(t *testing.T, h *host, connecting, binding engines.Need) (c, b *member, ok bool) {
	t.Helper()
	binding.Binds = 1
	if !s.supported(t, connecting, binding) {
		return nil, nil, false
	}
	b = s.hosted(t, h, binding)
	bound := bind(t, b.socket, s.endpoint(t))
	c = s.hosted(t, h, connecting)
	connect(t, c.socket, bound)
	return c, b, true
}

// contentOf gives messages of all sizes, up to most bytes in up to four parts.
func contentOf(most int) func(i int) [][]byte {
	if most <= 64 {
		return func(i int) [][]byte { return [][]byte{pattern(i, 8+i%(most-7))} }
	}
	sizes := []int{most, 31, 4097, 8, 100 << 10}
	return func(i int) [][]byte {
		frames := make([][]byte, i%4+1)
		for j := range frames {
			frames[j] = pattern(i, min(most, sizes[(i+j)%len(sizes)]))
		}
		return frames
	}
}

// hostedEcho keeps a window of messages going round.
func hostedEcho(t *testing.T, s *suite, k talk, most int) {
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s, sized(most))
	load, peer, ok := s.hostedPair(t, h, loadNeed, peerNeed)
	if !ok {
		return
	}
	var p progress
	speaker := newSpeaker(load, k, most, &p)
	load.step, peer.step = speaker.step, (&echoer{member: peer}).step
	h.run(t, &p, speaker.done)
}

// sized is a need for contentOf(most).
func sized(most int) func(*engines.Need) {
	return func(n *engines.Need) {
		if n.MaxFrame = most; most > 64 {
			n.Frames = 4
		}
	}
}

// newSpeaker has the load side of k send and receive, as many messages as take
// a moment.
func newSpeaker(m *member, k talk, most int, p *progress) *party {
	s := &party{member: m, progress: p, env: k.env, content: contentOf(most), total: duplexMessages / 8, window: 64}
	if most > 64 {
		s.total, s.window = 60, 6
	}
	if k.load == engines.REQ {
		s.total, s.window = s.total/4, 1
	}
	s.hears = s.total
	s.check = s.inOrder(k.env[:k.loadSkips])
	return s
}

// echoOfBlocking has a hosted load and a peer that blocks.
func echoOfBlocking(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	peer := s.open(t, peerNeed)
	bound := bind(t, peer, s.endpoint(t))
	load := s.hosted(t, h, loadNeed)
	connect(t, load.socket, bound)
	start(func() error { return forward(peer, peer) })
	var p progress
	speaker := newSpeaker(load, k, 64, &p)
	load.step = speaker.step
	h.run(t, &p, speaker.done)
}

// echoForBlocking has a load that blocks and a hosted peer.
func echoForBlocking(t *testing.T, s *suite, k talk) {
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	peer := s.hosted(t, h, peerNeed)
	bound := bind(t, peer.socket, s.endpoint(t))
	load := s.open(t, loadNeed)
	connect(t, load, bound)
	peer.step = (&echoer{member: peer}).step
	const total = 500
	var p progress
	var ended atomic.Bool
	content := contentOf(64)
	asked := start(func() error {
		defer peer.Wake() // for the host to see that it has
		defer ended.Store(true)
		for i := range total {
			if err := push(load, k.env, content(i)[0]); err != nil {
				return err
			}
			m, err := pull(load)
			if err != nil {
				return err
			}
			if err := same(m.Frames, append(clone(k.env[:k.loadSkips]), content(i)...)); err != nil {
				return err
			}
			engines.Release([]*engines.Msg{m})
			p.messages.Add(1)
		}
		return nil
	})
	h.run(t, &p, ended.Load)
	await(t, "the blocking side", asked)
}

// toldWhileSending sends when the reply to the message before has come and
// nobody has received it yet. What told of it must not go down in the send.
func toldWhileSending(t *testing.T, s *suite, k talk) {
	const total = 40
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	peer := s.open(t, peerNeed)
	bound := bind(t, peer, s.endpoint(t))
	load := s.hosted(t, h, loadNeed)
	connect(t, load.socket, bound)
	start(func() error { return forward(peer, peer) })
	var p progress
	asks := &party{member: load, progress: &p, content: contentOf(64)}
	check := asks.inOrder(nil)
	load.step = func() error {
		if asks.sent == 0 || asks.sent > asks.heard { // whoever waits has asked in vain
			asks.check = check
			if err := asks.step(); err != nil || asks.sent > asks.heard {
				return err
			}
		}
		asks.check = nil
		for range 2 {
			asks.total = asks.sent + 1
			if err := asks.step(); err != nil {
				return err
			}
			time.Sleep(retry)
		}
		return nil
	}
	h.run(t, &p, func() bool { return asks.heard >= total })
}

// hostedPublish has one publisher and two subscribers, who get all of what is
// published once they have joined.
func hostedPublish(t *testing.T, s *suite, k talk) {
	const rounds, round = 8, duplexWindow
	h := newHost(t)
	loadNeed, peerNeed := k.needs(s)
	loadNeed.Binds, loadNeed.Peers = 1, 2
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	load := s.hosted(t, h, loadNeed)
	bound := bind(t, load.socket, s.endpoint(t))
	var p progress
	pub := &party{member: load, progress: &p, content: contentOf(64)}
	var subs [2]*party
	joined := 0
	for i := range subs {
		m := s.hosted(t, h, peerNeed)
		connect(t, m.socket, bound)
		sub := &party{member: m, progress: &p, content: contentOf(64), hears: rounds * round}
		inOrder, heardProbe := sub.inOrder(nil), false
		sub.check = func(frames [][]byte) error {
			if string(frames[0]) != probe {
				return inOrder(frames)
			}
			if !heardProbe {
				heardProbe = true
				joined++
			}
			sub.heard-- // it does not count
			return nil
		}
		m.step = func() error {
			defer load.Wake() // for the next round
			return sub.step()
		}
		subs[i] = sub
	}
	load.every = retry // probes, until both have heard one
	load.step = func() error {
		if joined < len(subs) {
			return pub.say([][]byte{[]byte(probe)})
		}
		load.every = 0
		if subs[0].heard == pub.total && subs[1].heard == pub.total {
			pub.total = min(pub.total+round, rounds*round)
		}
		return pub.step()
	}
	h.run(t, &p, func() bool { return subs[0].done() && subs[1].done() })
}

// probe is what no pattern is.
const probe = "a probe!"

// hostedRouter has a ROUTER talk to the DEALERs that have said hello.
func hostedRouter(t *testing.T, s *suite) {
	const dealers, total = 5, duplexMessages / 8
	h := newHost(t)
	routerNeed, dealerNeed := s.need(engines.ROUTER), s.need(engines.DEALER)
	routerNeed.Binds, routerNeed.Peers = 1, dealers
	if !s.supported(t, routerNeed, dealerNeed) {
		return
	}
	hub := s.hosted(t, h, routerNeed)
	bound := bind(t, hub.socket, s.endpoint(t))
	var p progress
	for range dealers {
		m := s.hosted(t, h, dealerNeed)
		connect(t, m.socket, bound)
		echo := &echoer{member: m}
		hello := &party{member: m, progress: &p, total: 1, content: func(int) [][]byte { return text(probe) }}
		m.step = func() error {
			if err := hello.step(); err != nil {
				return err
			}
			return echo.step()
		}
	}
	var names []string
	next := map[string]int{} // number that each sends back next
	router := &party{member: hub, progress: &p, window: duplexWindow / 2, hears: total}
	router.content = func(i int) [][]byte {
		return [][]byte{[]byte(names[i%dealers]), pattern(i, 8+i%57)}
	}
	router.check = func(frames [][]byte) error {
		name := string(frames[0])
		if string(frames[1]) == probe {
			next[name] = len(names)
			names = append(names, name)
			router.heard--
			return nil
		}
		i := next[name]
		next[name] += dealers
		return same(frames, router.content(i))
	}
	hub.step = func() error {
		err := router.step()
		if err == nil && router.total == 0 && len(names) == dealers {
			router.total = total
			err = router.step()
		}
		return err
	}
	h.run(t, &p, router.done)
}
