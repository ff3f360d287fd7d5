package gozeromq

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

func eachTransport(t *testing.T, f func(t *testing.T, transport string)) {
	for _, tr := range transports {
		t.Run(tr, func(t *testing.T) { f(t, tr) })
	}
}

func TestOneWay(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		pull, push := duo(t, tr, engines.PULL, engines.PUSH, engines.Options{}, engines.Options{})
		for i := range 100 {
			body := strings.Repeat("x", i) // an empty one too
			mustSend(t, push, "lead", "", body)
			want(t, recv(t, pull), "lead", "", body)
		}
	})
}

func TestRoundTrips(t *testing.T) {
	none := engines.Options{}
	eachTransport(t, func(t *testing.T, tr string) {
		t.Run("PAIR", func(t *testing.T) {
			a, b := duo(t, tr, engines.PAIR, engines.PAIR, none, none)
			mustSend(t, a, "1", "2")
			want(t, recv(t, b), "1", "2")
			mustSend(t, b, "")
			want(t, recv(t, a), "")
		})
		t.Run("REQ-REP", func(t *testing.T) {
			rep, req := duo(t, tr, engines.REP, engines.REQ, none, none)
			for i := range 20 {
				mustSend(t, req, "part", fmt.Sprint("q", i))
				want(t, recv(t, rep), "part", fmt.Sprint("q", i))
				mustSend(t, rep, "a")
				want(t, recv(t, req), "a")
			}
		})
		t.Run("DEALER-REP", func(t *testing.T) {
			rep, dealer := duo(t, tr, engines.REP, engines.DEALER, none, none)
			mustSend(t, dealer, "", "q")
			want(t, recv(t, rep), "q")
			mustSend(t, rep, "a")
			want(t, recv(t, dealer), "", "a")
		})
		t.Run("REQ-ROUTER", func(t *testing.T) {
			router, req := duo(t, tr, engines.ROUTER, engines.REQ, none, engines.Options{Identity: []byte("me")})
			mustSend(t, req, "") // an empty body passes here
			want(t, recv(t, router), "me", "", "")
			mustSend(t, router, "me", "", "a")
			want(t, recv(t, req), "a")
		})
		t.Run("DEALER-ROUTER", func(t *testing.T) {
			router, dealer := duo(t, tr, engines.ROUTER, engines.DEALER, none, none)
			mustSend(t, dealer, "q")
			got := recv(t, router)
			if len(got) != 2 || got[0] == "" || got[1] != "q" {
				t.Fatalf("got %q", got)
			}
			mustSend(t, router, got[0], "a")
			want(t, recv(t, dealer), "a")
		})
	})
}

func TestREQTakesRoutersInTurn(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		e := New()
		req := open(t, e, engines.REQ, engines.Options{})
		var routers []*socket
		for i := range 3 {
			r := open(t, e, engines.ROUTER, engines.Options{})
			ep := endpoint(t, tr)
			if tr != "tcp" {
				ep += fmt.Sprint(i)
			}
			connect(t, req, bind(t, r, ep))
			routers = append(routers, r)
		}
		for i := range 9 {
			r := routers[i%3]
			mustSend(t, req, "q")
			got := recv(t, r)
			mustSend(t, r, got[0], "", "a")
			want(t, recv(t, req), "a")
		}
	})
}

// publish repeats a message until the subscriber has one, because a PUB drops
// what it sends before it has read the subscription.
func publish(t *testing.T, pub, sub *socket, frames ...string) []string {
	t.Helper()
	got := make(chan []string, 1)
	go func() { got <- recv(t, sub) }()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		mustSend(t, pub, frames...)
		select {
		case m := <-got:
			return m
		default:
		}
	}
	t.Fatal("nothing was published")
	return nil
}

func TestPublish(t *testing.T) {
	topics := engines.Options{Subscribe: [][]byte{[]byte("a"), []byte("b")}}
	for _, k := range []struct{ pub, sub engines.Kind }{
		{engines.PUB, engines.SUB}, {engines.XPUB, engines.SUB},
		{engines.PUB, engines.XSUB}, {engines.XPUB, engines.XSUB},
	} {
		t.Run(fmt.Sprint(k.pub, k.sub), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				pub, sub := duo(t, tr, k.pub, k.sub, engines.Options{}, topics)
				want(t, publish(t, pub, sub, "b1", "x"), "b1", "x")
			})
		})
		t.Run(fmt.Sprint(k.sub, " binds, ", k.pub), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				sub, pub := duo(t, tr, k.sub, k.pub, topics, engines.Options{})
				want(t, publish(t, pub, sub, "a", "x"), "a", "x")
				// Whoever joins later is subscribed to as well.
				late := open(t, &Engine{links: pub.links}, k.pub, engines.Options{})
				connect(t, late, boundTo(sub))
				for {
					if got := publish(t, late, sub, "b", "late"); got[1] == "late" {
						break
					}
				}
			})
		})
	}
}

// boundTo is where a socket listens, as others may connect to it.
func boundTo(s *socket) string {
	ep := strings.TrimPrefix(s.bound, "watched-")
	if strings.HasPrefix(ep, "tcp") {
		return "tcp://" + s.lib.Addr().String()
	}
	return ep
}

func TestTopicsAreFiltered(t *testing.T) {
	pub, sub := duo(t, "tcp", engines.PUB, engines.SUB, engines.Options{}, engines.Options{Subscribe: [][]byte{[]byte("yes")}})
	publish(t, pub, sub, "yes", "ready")
	mustSend(t, pub, "no", "1")
	mustSend(t, pub, "yes", "2")
	for {
		got := recv(t, sub)
		if got[0] != "yes" {
			t.Fatalf("got %q", got)
		}
		if got[1] == "2" {
			return
		}
	}
}
