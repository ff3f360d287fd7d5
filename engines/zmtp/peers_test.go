//go:build peers

package zmtp

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// These tests talk to libzmq. They want Debian's python3-zmq, and the build
// tag peers.

var big = strings.Repeat("large ", 20_000)

func TestLibzmqEchoes(t *testing.T) {
	for _, c := range []struct {
		ours   engines.Kind
		theirs string
		head   []string // that our side adds itself
	}{
		{engines.REQ, "REP", nil}, {engines.REQ, "ROUTER", nil},
		{engines.DEALER, "REP", []string{""}}, {engines.DEALER, "ROUTER", nil},
		{engines.DEALER, "DEALER", nil}, {engines.PAIR, "PAIR", nil},
		{engines.ROUTER, "DEALER", []string{"peer"}}, {engines.ROUTER, "ROUTER", []string{"peer"}},
	} {
		everyWay(t, fmt.Sprintf("%v-%s", c.ours, c.theirs), func(t *testing.T, weBind bool, transport string) {
			s, _ := meet(t, c.ours, engines.Options{Use: engines.Turns, Identity: identityOf(c.ours)}, weBind, transport, "echo", c.theirs, "--identity", "peer")
			for _, body := range [][]string{{"one"}, {"a", "", "c"}, {big}, {"x", big, ""}, {""}} {
				frames := append(append([]string{}, c.head...), body...)
				putRouted(t, s, frames...)
				want(t, s, frames...)
			}
		})
	}
}

func identityOf(k engines.Kind) []byte {
	if k == engines.REQ || k == engines.DEALER {
		return []byte("ours")
	}
	return nil
}

// putRouted is put that waits for the peer a ROUTER wants.
func putRouted(t *testing.T, s engines.Sender, frames ...string) {
	t.Helper()
	env := make([][]byte, len(frames)-1)
	for i := range env {
		env[i] = []byte(frames[i])
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, err := s.Alloc(env, 0); !errors.Is(err, engines.ErrNoRoute) {
			break
		}
	}
	put(t, s, frames...)
}

func TestLibzmqAsks(t *testing.T) {
	for _, c := range []struct {
		ours   engines.Kind
		theirs string
		more   []string
	}{
		{engines.REP, "REQ", nil}, {engines.REP, "DEALER", []string{"--delimiter"}},
		{engines.ROUTER, "REQ", nil}, {engines.ROUTER, "DEALER", []string{"--identity", "me"}},
		{engines.ROUTER, "DEALER", []string{"--heartbeat", "20"}},
		{engines.DEALER, "DEALER", nil}, {engines.PAIR, "PAIR", nil},
	} {
		everyWay(t, fmt.Sprintf("%v-%s", c.ours, c.theirs), func(t *testing.T, weBind bool, transport string) {
			s, p := meet(t, c.ours, engines.Options{Use: engines.Turns}, weBind, transport, "ask", c.theirs, append(c.more, "--count", "30")...)
			for range 30 {
				if err := s.Send(pull1(t, s)); err != nil {
					t.Fatal(err)
				}
				if err := s.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			p.expect("done")
		})
	}
}

func TestLibzmqPipeline(t *testing.T) {
	everyWay(t, "PUSH-PULL", func(t *testing.T, weBind bool, transport string) {
		s, p := meet(t, engines.PUSH, engines.Options{Use: engines.SendOnly}, weBind, transport, "sink", "PULL")
		for i := range 100 {
			put(t, s, "head", fmt.Sprint(i), "")
		}
		for i := range 100 {
			p.expect(got("head", fmt.Sprint(i), ""))
		}
	})
	everyWay(t, "PULL-PUSH", func(t *testing.T, weBind bool, transport string) {
		s, _ := meet(t, engines.PULL, engines.Options{Use: engines.RecvOnly}, weBind, transport, "source", "PUSH", "--count", "5000")
		for i := range 5000 {
			want(t, s, "a", fmt.Sprint(i))
		}
	})
}

func TestLibzmqPublishSubscribe(t *testing.T) {
	for _, theirs := range []string{"SUB", "XSUB"} {
		everyWay(t, "XPUB-"+theirs, func(t *testing.T, weBind bool, transport string) {
			s, p := meet(t, engines.XPUB, engines.Options{Use: engines.Turns}, weBind, transport, "sink", theirs, "--subscribe", "a", "--subscribe", "bb")
			want(t, s, "\x01a")
			want(t, s, "\x01bb")
			for i := range 50 {
				for _, topic := range []string{"", "a", "ab", "b", "bbc", "c"} {
					put(t, s, topic, fmt.Sprint(i))
				}
			}
			for i := range 50 {
				for _, topic := range []string{"a", "ab", "bbc"} {
					p.expect(got(topic, fmt.Sprint(i)))
				}
			}
		})
	}
	for _, ours := range []engines.Kind{engines.SUB, engines.XSUB} {
		everyWay(t, ours.String()+"-XPUB", func(t *testing.T, weBind bool, transport string) {
			s, p := meet(t, ours, engines.Options{Subscribe: [][]byte{[]byte("a"), []byte("bb")}}, weBind, transport,
				"source", "XPUB", "--topics", "a,b,bb,c", "--wait", "2", "--count", "400")
			p.expect(got("\x01a"))
			p.expect(got("\x01bb"))
			for i := 0; i < 400; i += 4 {
				want(t, s, "a", fmt.Sprint(i))
				want(t, s, "bb", fmt.Sprint(i+2))
			}
			if ours == engines.XSUB {
				p.expect("done")
				put(t, s, "\x00a")
				p.expect(got("\x00a"))
			}
		})
	}
	everyWay(t, "PUB-SUB", func(t *testing.T, weBind bool, transport string) {
		s, p := meet(t, engines.PUB, engines.Options{Use: engines.SendOnly}, weBind, transport, "sink", "SUB", "--subscribe", "")
		done := make(chan string, 1)
		go func() { done <- p.line() }()
		for {
			put(t, s, "a", "b")
			select {
			case l := <-done:
				if l != got("a", "b") {
					t.Fatalf("the peer says %q", l)
				}
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	everyWay(t, "SUB-PUB", func(t *testing.T, weBind bool, transport string) {
		s, _ := meet(t, engines.SUB, engines.Options{Subscribe: [][]byte{nil}}, weBind, transport, "source", "PUB", "--wait", "1", "--count", "10")
		for i := range 10 {
			want(t, s, "a", fmt.Sprint(i))
		}
	})
}

func TestLibzmqPlain(t *testing.T) {
	everyWay(t, "right", func(t *testing.T, weBind bool, transport string) {
		o := engines.Options{Use: engines.Turns, Security: engines.Security{Username: "admin", Password: "secret"}}
		s, _ := meet(t, engines.REQ, o, weBind, transport, "echo", "REP", "--username", "admin", "--password", "secret")
		put(t, s, "hello")
		want(t, s, "hello")
	})
	for _, weBind := range []bool{true, false} {
		t.Run(fmt.Sprint("wrong/we bind ", weBind), func(t *testing.T) {
			t.Parallel()
			o := engines.Options{Use: engines.Turns, Security: engines.Security{Username: "admin", Password: "wrong"}}
			s, _ := meet(t, engines.REQ, o, weBind, "tcp", "echo", "REP", "--username", "admin", "--password", "secret")
			for s.(Reporter).Stats().LastFailure == nil {
				time.Sleep(time.Millisecond)
			}
			st := s.(Reporter).Stats()
			if err := st.LastFailure; !weBind && !errors.Is(err, ErrPeerError) && !errors.Is(err, ErrPeerClosed) || weBind && !errors.Is(err, ErrDenied) {
				t.Errorf("failure %v", err)
			}
			if st.Connections != 0 {
				t.Errorf("%d connections", st.Connections)
			}
		})
	}
}

func TestLibzmqHeartbeat(t *testing.T) {
	everyWay(t, "both", func(t *testing.T, weBind bool, transport string) {
		o := engines.Options{Use: engines.Turns, HeartbeatInterval: 10 * time.Millisecond, HeartbeatTimeout: 5 * time.Second, HeartbeatTTL: 5 * time.Second}
		s, _ := meet(t, engines.DEALER, o, weBind, transport, "echo", "ROUTER", "--heartbeat", "100")
		put(t, s, "before")
		want(t, s, "before")
		time.Sleep(1500 * time.Millisecond) // longer than the peer waits for a PONG
		put(t, s, "after")
		want(t, s, "after")
		if st := s.(Reporter).Stats(); st.Connections != 1 {
			t.Errorf("%d connections, failures %v", st.Connections, st.Failures)
		}
	})
}
