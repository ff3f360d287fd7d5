package zmtp

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

// other is a socket of go-zeromq, which speaks ZMTP 3.0.
func other(t *testing.T, k string, opts ...zmq4.Option) zmq4.Socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	open := map[string]func(context.Context, ...zmq4.Option) zmq4.Socket{
		"REQ": zmq4.NewReq, "REP": zmq4.NewRep, "DEALER": zmq4.NewDealer, "ROUTER": zmq4.NewRouter,
		"PUB": zmq4.NewPub, "SUB": zmq4.NewSub, "XPUB": zmq4.NewXPub, "XSUB": zmq4.NewXSub,
		"PUSH": zmq4.NewPush, "PULL": zmq4.NewPull, "PAIR": zmq4.NewPair,
	}[k]
	s := open(ctx, opts...)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// interop runs f for both sides binding.
func interop(t *testing.T, ours engines.Kind, theirs string, o engines.Options, f func(t *testing.T, us engines.Socket, them zmq4.Socket)) {
	for _, weBind := range []bool{true, false} {
		t.Run(fmt.Sprintf("%v-%s/we bind %v", ours, theirs, weBind), func(t *testing.T) {
			t.Parallel()
			us := openTest(t, New(), ours, o)
			time.AfterFunc(20*time.Second, func() { _ = us.Close() }) // a deadline for what blocks
			them := other(t, theirs, zmq4.WithID(zmq4.SocketIdentity("them")))
			if weBind {
				if err := them.Dial(bindTest(t, us)); err != nil {
					t.Fatal(err)
				}
			} else {
				if err := them.Listen("tcp://127.0.0.1:0"); err != nil {
					t.Fatal(err)
				}
				connectTest(t, us, "tcp://"+them.Addr().String())
			}
			until(t, "a connection", func() bool { return connections(us) == 1 })
			f(t, us, them)
		})
	}
}

func theySend(t *testing.T, s zmq4.Socket, frames ...string) {
	t.Helper()
	b := make([][]byte, len(frames))
	for i, f := range frames {
		b[i] = []byte(f)
	}
	if err := s.SendMulti(zmq4.NewMsgFrom(b...)); err != nil {
		t.Fatal(err)
	}
}

func theyExpect(t *testing.T, s zmq4.Socket, want string) {
	t.Helper()
	m, err := s.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range m.Frames {
		got = append(got, string(f))
	}
	if g := strings.Join(got, "|"); g != want {
		t.Fatalf("they received %.80q, want %.80q", g, want)
	}
}

func TestGoZeromq(t *testing.T) {
	large := strings.Repeat("large ", 20_000)
	interop(t, engines.PUSH, "PULL", engines.Options{}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		for i := range 300 {
			sendTest(t, us, "a", fmt.Sprint(i))
		}
		sendTest(t, us, large)
		for i := range 300 {
			theyExpect(t, them, fmt.Sprint("a|", i))
		}
		theyExpect(t, them, large)
	})
	interop(t, engines.PULL, "PUSH", engines.Options{}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		for i := range 300 {
			theySend(t, them, "a", fmt.Sprint(i))
		}
		theySend(t, them, large)
		for i := range 300 {
			expectTest(t, us, fmt.Sprint("a|", i))
		}
		expectTest(t, us, large)
	})
	for _, theirs := range []string{"REP", "ROUTER", "DEALER", "PAIR"} {
		ours := map[string]engines.Kind{"REP": engines.REQ, "ROUTER": engines.DEALER, "DEALER": engines.DEALER, "PAIR": engines.PAIR}[theirs]
		interop(t, ours, theirs, engines.Options{Identity: []byte("us")}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
			for _, body := range []string{"one", "", large} {
				if body == "" && theirs == "REP" {
					continue // it takes an empty body for a delimiter
				}
				sendTest(t, us, body)
				m, err := them.Recv()
				if err != nil {
					t.Fatal(err)
				}
				if theirs == "ROUTER" && string(m.Frames[0]) != "us" {
					t.Errorf("they see the identity %q", m.Frames[0])
				}
				if err := them.SendMulti(m); err != nil {
					t.Fatal(err)
				}
				expectTest(t, us, body)
			}
		})
	}
	for _, c := range []struct {
		ours   engines.Kind
		theirs string
		prefix string
	}{{engines.REP, "REQ", ""}, {engines.ROUTER, "DEALER", "them|"}} {
		interop(t, c.ours, c.theirs, engines.Options{Use: engines.Turns}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
			for _, body := range []string{"one", large} {
				theySend(t, them, body)
				var ms [1]*engines.Msg
				if _, err := us.Recv(ms[:]); err != nil {
					t.Fatal(err)
				}
				if got := string(ms[0].Body()); got != body {
					t.Fatalf("received %.40q", got)
				}
				if c.prefix != "" && string(ms[0].Frames[0])+"|" != c.prefix {
					t.Errorf("from %q", ms[0].Frames[0])
				}
				if err := us.Send(ms[0]); err != nil {
					t.Fatal(err)
				}
				if err := us.Flush(); err != nil {
					t.Fatal(err)
				}
				theyExpect(t, them, body)
			}
		})
	}
	for _, ours := range []engines.Kind{engines.PUB, engines.XPUB} {
		interop(t, ours, "SUB", engines.Options{Use: engines.Turns}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
			if err := them.SetOption(zmq4.OptionSubscribe, "a"); err != nil {
				t.Fatal(err)
			}
			if ours == engines.XPUB {
				expectTest(t, us, "\x01a")
			} else {
				time.Sleep(200 * time.Millisecond) // a PUB does not tell
			}
			sendTest(t, us, "b", "no")
			sendTest(t, us, "ab", "yes")
			theyExpect(t, them, "ab|yes")
		})
	}
	interop(t, engines.SUB, "PUB", engines.Options{Subscribe: [][]byte{[]byte("a")}}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
					_ = them.SendMulti(zmq4.NewMsgFrom([]byte(string(rune('b'-i%2))), []byte("x"))) // it may be closed
				}
			}
		}()
		for range 10 {
			expectTest(t, us, "a|x")
		}
	})
}

// XPUB and XSUB of go-zeromq keep some of what they are for to themselves: its
// XPUB does not hand subscriptions up, and its XSUB sends one to the peers of
// that moment only. What travels is right.
func TestGoZeromqForwarders(t *testing.T) {
	// Their XSUB may not have taken in yet the connection that we see.
	arrive := func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		until(t, "a subscription", func() bool {
			theySend(t, them, "\x01first")
			return us.(engines.Attended).Peers() == 1
		})
	}
	interop(t, engines.XPUB, "XSUB", engines.Options{Use: engines.Turns}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		arrive(t, us, them)
		expectTest(t, us, "\x01first")
		for _, topic := range []string{"a", "bb"} {
			theySend(t, them, "\x01"+topic)
			expectTest(t, us, "\x01"+topic)
		}
		sendTest(t, us, "b", "no")
		sendTest(t, us, "ab", "yes")
		theyExpect(t, them, "ab|yes")
		theySend(t, them, "\x00a")
		expectTest(t, us, "\x00a")
		sendTest(t, us, "ab", "no")
		sendTest(t, us, "bb", "yes")
		theyExpect(t, them, "bb|yes")
	})
	interop(t, engines.PUB, "XSUB", engines.Options{}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		arrive(t, us, them)
		sendTest(t, us, "b", "no")
		sendTest(t, us, "first", "yes")
		theyExpect(t, them, "first|yes")
	})
	for _, theirs := range []string{"PUB", "XPUB"} {
		o := engines.Options{Use: engines.Turns, Subscribe: [][]byte{[]byte("a")}}
		interop(t, engines.XSUB, theirs, o, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
			topics := func(want string) {
				until(t, "topics "+want, func() bool { return strings.Join(them.(zmq4.Topics).Topics(), ",") == want })
			}
			topics("a")
			theySend(t, them, "b", "no")
			theySend(t, them, "ab", "yes")
			expectTest(t, us, "ab|yes")
			sendTest(t, us, "\x01bb")
			topics("a,bb")
			sendTest(t, us, "\x00a")
			topics("bb")
			theySend(t, them, "ab", "no")
			theySend(t, them, "bb", "yes")
			expectTest(t, us, "bb|yes")
		})
	}
	interop(t, engines.SUB, "XPUB", engines.Options{Subscribe: [][]byte{[]byte("a")}}, func(t *testing.T, us engines.Socket, them zmq4.Socket) {
		until(t, "the subscription", func() bool { return len(them.(zmq4.Topics).Topics()) == 1 })
		theySend(t, them, "b", "no")
		theySend(t, them, "ab", "yes")
		expectTest(t, us, "ab|yes")
	})
}
