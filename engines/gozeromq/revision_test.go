package gozeromq

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// before30 answers every connection as JeroMQ 0.3.6 does: of a greeting that
// comes whole it says nothing, and to a signature alone it says its revision.
func before30(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var b [64]byte
			n, _ := io.ReadAtLeast(c, b[:], len(signature))
			if n == len(signature) {
				_, _ = c.Write([]byte(answer)) // it fails with the test that reads
			}
			c.Close()
		}
	}()
	return "tcp://" + l.Addr().String()
}

func TestOldPeers(t *testing.T) {
	for answer, want := range map[string]error{
		signature + "\x01\x07\x00\x00":     errBefore30,
		signature + "\x00\x00":             errBefore30,
		signature + "\x03\x01":             errGreeting,
		signature:                          errGreeting,
		"":                                 errGreeting,
		"HTTP/1.1 400 Bad Request\r\n\r\n": errStranger,
	} {
		s := open(t, New(), engines.PUSH, engines.Options{Use: engines.SendOnly})
		if err := s.Connect(before30(t, answer)); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", answer, err, want)
		}
	}
}

// A peer of ZMTP 2.0 that connects hangs up, and the socket that is bound can
// say so.
func TestOldPeerConnects(t *testing.T) {
	s := open(t, New(), engines.PUSH, engines.Options{Use: engines.SendOnly})
	addr := strings.TrimPrefix(bind(t, s, "tcp://127.0.0.1:0"), "tcp://")
	if s.LastFailure() != nil {
		t.Fatal(s.LastFailure())
	}
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte(signature + "\x01\x07")); err != nil {
		t.Fatal(err)
	}
	c.Close()
	await(t, "the failure", func() bool { return s.LastFailure() != nil })
	if err := s.LastFailure(); !errors.Is(err, errGreeting) || s.Peers() != 0 {
		t.Errorf("%v, %d peers", err, s.Peers())
	}
}

func TestPeersAreCounted(t *testing.T) {
	for _, c := range []struct{ bound, calling engines.Kind }{
		{engines.PUSH, engines.PULL}, {engines.ROUTER, engines.DEALER}, {engines.SUB, engines.PUB}, {engines.PUB, engines.SUB},
	} {
		var o engines.Options
		if c.calling == engines.SUB {
			o.Subscribe = [][]byte{{'a'}}
		}
		a, b := duo(t, "tcp", c.bound, c.calling, engines.Options{}, o)
		await(t, "a peer", func() bool { return a.Peers() == 1 })
		if c.calling != engines.PUB && b.Peers() != 1 { // to which nobody has subscribed
			t.Errorf("%v counts %d peers", c.calling, b.Peers())
		}
	}
}
