package enginetest

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"zbench/engines"
)

// testEndpoints checks Bind and Connect.
func testEndpoints(t *testing.T, s *suite) {
	t.Run("bound", func(t *testing.T) { boundEndpoint(t, s) })
	t.Run("in use", func(t *testing.T) { addressInUse(t, s) })
	t.Run("bind again after close", func(t *testing.T) { bindAgain(t, s) })
	t.Run("malformed", func(t *testing.T) { malformed(t, s) })
	t.Run("several binds", func(t *testing.T) { severalBinds(t, s) })
	t.Run("several connects", func(t *testing.T) { severalConnects(t, s) })
	t.Run("connect first", func(t *testing.T) { connectFirst(t, s) })
}

// boundEndpoint asserts that Bind returns what others can connect to.
func boundEndpoint(t *testing.T, s *suite) {
	wild := []string{s.endpoint(t)}
	if s.transport == "tcp" {
		wild = append(wild, "tcp://127.0.0.1:*", "tcp://*:0", "tcp://*:*")
	}
	for _, endpoint := range wild {
		t.Run(endpoint, func(t *testing.T) {
			pullNeed, pushNeed := s.need(engines.PULL), s.need(engines.PUSH)
			pullNeed.Binds = 1
			if !s.supported(t, pullNeed, pushNeed) {
				return
			}
			peer := s.open(t, pullNeed)
			bound := bind(t, peer, endpoint)
			transport, addr, err := engines.ParseEndpoint(bound)
			if err != nil || transport != s.transport {
				t.Fatalf("Bind(%q) returned %q: %v", endpoint, bound, err)
			}
			if s.transport == "tcp" {
				host, port, _ := net.SplitHostPort(addr)
				if host == "*" || port == "*" || port == "0" {
					t.Fatalf("Bind(%q) returned %q, which nobody can connect to", endpoint, bound)
				}
			} else if bound != endpoint {
				t.Fatalf("Bind(%q) returned %q", endpoint, bound)
			}
			load := s.open(t, pushNeed)
			connect(t, load, bound)
			send(t, load, []byte("found you"))
			expect(t, "received", take(t, peer), text("found you"))
		})
	}
}

// addressInUse asserts that the error names the endpoint, and that who was
// there first stays.
func addressInUse(t *testing.T, s *suite) {
	k := talk{load: engines.PUSH, peer: engines.PULL, oneWay: true}
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	peer := s.open(t, peerNeed)
	bound := bind(t, peer, s.endpoint(t))
	second := s.open(t, peerNeed)
	err := outcome(t, "bind "+bound+" again", start(func() error { _, err := second.Bind(bound); return err }))
	if err == nil {
		t.Fatalf("two sockets are bound to %s", bound)
	}
	_, addr, _ := strings.Cut(bound, "://")
	if !strings.Contains(err.Error(), addr) {
		t.Errorf("the error does not name the endpoint %s: %v", bound, err)
	}
	load := s.open(t, loadNeed)
	connect(t, load, bound)
	k.exchange(t, load, peer, text("still here"))
}

// bindAgain takes an endpoint over from a socket that was closed.
func bindAgain(t *testing.T, s *suite) {
	k := talk{load: engines.PUSH, peer: engines.PULL, oneWay: true}
	loadNeed, peerNeed := k.needs(s)
	peerNeed.Binds = 1
	if !s.supported(t, loadNeed, peerNeed) {
		return
	}
	bound := s.endpoint(t)
	for range 3 {
		peer := s.open(t, peerNeed)
		bound = bind(t, peer, bound)
		load := s.open(t, loadNeed)
		connect(t, load, bound)
		k.exchange(t, load, peer, text("once more"))
		within(t, "close", load.Close)
		within(t, "close", peer.Close)
	}
}

func malformed(t *testing.T, s *suite) {
	n := s.need(engines.PULL, func(n *engines.Need) { n.Binds = 1 })
	if !s.supported(t, n) {
		return
	}
	socket := s.open(t, n)
	for _, endpoint := range []string{"", "127.0.0.1:5555", "udp://127.0.0.1:5555", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "ipc://", "inproc://"} {
		if err := outcome(t, "bind", start(func() error { _, err := socket.Bind(endpoint); return err })); err == nil {
			t.Errorf("Bind(%q) works", endpoint)
		}
		if err := outcome(t, "connect", start(func() error { return socket.Connect(endpoint) })); err == nil {
			t.Errorf("Connect(%q) works", endpoint)
		}
	}
}

func severalBinds(t *testing.T, s *suite) {
	const binds = 3
	pullNeed, pushNeed := s.need(engines.PULL), s.need(engines.PUSH)
	pullNeed.Binds, pullNeed.Peers = binds, binds
	if !s.supported(t, pullNeed, pushNeed) {
		return
	}
	peer := s.open(t, pullNeed)
	for i := range binds {
		bound := bind(t, peer, s.endpoint(t))
		load := s.open(t, pushNeed)
		connect(t, load, bound)
		want := text(fmt.Sprint("by endpoint ", i))
		send(t, load, want...)
		expect(t, "received", take(t, peer), want)
	}
}

// severalConnects gathers from three bound PUSH sockets at one PULL.
func severalConnects(t *testing.T, s *suite) {
	const peers = 3
	pushNeed, pullNeed := s.need(engines.PUSH), s.need(engines.PULL)
	pushNeed.Binds, pullNeed.Peers = 1, peers
	if !s.supported(t, pushNeed, pullNeed) {
		return
	}
	pull := s.open(t, pullNeed)
	for i := range peers {
		load := s.open(t, pushNeed)
		connect(t, pull, bind(t, load, s.endpoint(t)))
		want := text(fmt.Sprint("from peer ", i))
		send(t, load, want...)
		expect(t, "received", take(t, pull), want)
	}
}

// connectFirst connects to endpoints that are bound afterwards. An engine may
// refuse that in Connect at once, as the contract lets it; if Connect returns
// nil, the connection has to come. All pairs wait for their next try together.
func connectFirst(t *testing.T, s *suite) {
	type early struct {
		talk
		load     engines.Socket
		peerNeed engines.Need
		endpoint string
		done     <-chan error
	}
	var all, waiting []early
	for _, k := range talks() {
		loadNeed, peerNeed := k.needs(s)
		peerNeed.Binds = 1
		if !s.supported(t, loadNeed, peerNeed) {
			continue
		}
		w := early{talk: k, load: s.open(t, loadNeed), peerNeed: peerNeed, endpoint: s.endpoint(t)}
		if s.transport == "tcp" {
			w.endpoint = "tcp://" + freePort(t)
		}
		w.done = start(func() error { return w.load.Connect(w.endpoint) })
		all = append(all, w)
	}
	for _, w := range all {
		if err := outcome(t, "connect", w.done); err != nil {
			t.Logf("%s: Connect refuses before Bind: %v", w.talk, err)
		} else {
			waiting = append(waiting, w)
		}
	}
	peers := make([]engines.Socket, len(waiting))
	for i, w := range waiting {
		peers[i] = s.open(t, w.peerNeed)
		bind(t, peers[i], w.endpoint)
	}
	for i, w := range waiting {
		t.Run(w.String(), func(t *testing.T) {
			w.join(t, w.load, "", peers[i])
			w.exchange(t, w.load, peers[i], text("at last"))
		})
	}
}

// ports counts those that freePort has given.
var ports atomic.Uint32

// freePort is a tcp address that nobody listens on, as far as one can tell. Its
// port is none that systems give to those who do not ask for one, and no other
// call has got it, also of tests that run beside this: so it is still free when it
// is bound.
func freePort(t *testing.T) string {
	t.Helper()
	const first, each, processes = 10_000, 100, 200
	for range each {
		addr := fmt.Sprintf("127.0.0.1:%d", first+os.Getpid()%processes*each+int(ports.Add(1))%each)
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}
