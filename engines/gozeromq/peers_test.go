package gozeromq

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

func TestRecvSkipsVanishedPeers(t *testing.T) {
	for _, k := range []struct{ peer, load engines.Kind }{
		{engines.PULL, engines.PUSH}, {engines.DEALER, engines.DEALER}, {engines.ROUTER, engines.DEALER},
		{engines.REP, engines.REQ}, {engines.PAIR, engines.PAIR},
	} {
		t.Run(k.peer.String(), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				e := New()
				peer := open(t, e, k.peer, engines.Options{})
				bound := bind(t, peer, endpoint(t, tr))
				for i := range 5 {
					load := open(t, e, k.load, engines.Options{})
					connect(t, load, bound)
					mustSend(t, load, fmt.Sprint(i))
					got := recv(t, peer)
					if got[len(got)-1] != fmt.Sprint(i) {
						t.Fatalf("got %q", got)
					}
					load.Close()
				}
			})
		})
	}
}

// What was sent before Close arrives, also over inproc, where the library
// forgets what was not read yet.
func TestCloseLosesNothing(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		pull, push := duo(t, tr, engines.PULL, engines.PUSH, engines.Options{}, engines.Options{})
		const n = 10 // what the library queues for a receiver that waits
		for i := range n {
			mustSend(t, push, fmt.Sprint(i))
		}
		push.Close()
		for i := range n {
			want(t, recv(t, pull), fmt.Sprint(i))
		}
	})
}

// The library takes a message for nobody and says nothing.
func TestSendToNobodyFails(t *testing.T) {
	for _, k := range []struct{ load, peer engines.Kind }{
		{engines.PUSH, engines.PULL}, {engines.DEALER, engines.ROUTER}, {engines.PAIR, engines.PAIR}, {engines.REQ, engines.REP},
	} {
		t.Run(k.load.String(), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				peer, load := duo(t, tr, k.peer, k.load, engines.Options{}, engines.Options{})
				mustSend(t, load, "x")
				recv(t, peer)
				peer.Close()
				await(t, "an error", func() bool { return send(load, "y") != nil })
				await(t, "no route", func() bool { return errors.Is(send(load, "y"), engines.ErrNoRoute) })
				// It stays so.
				wantErr(t, send(load, "z"), engines.ErrNoRoute)
			})
		})
	}
}

// A bound socket whose peers have gone serves the next one.
func TestBoundSenderServesTheNextPeer(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		push, pull := duo(t, tr, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
		mustSend(t, push, "x")
		recv(t, pull)
		pull.Close()
		await(t, "no route", func() bool { return errors.Is(send(push, "y"), engines.ErrNoRoute) })
		next := open(t, &Engine{links: push.links}, engines.PULL, engines.Options{})
		connect(t, next, boundTo(push))
		await(t, "a message", func() bool { return send(push, "z") == nil })
		want(t, recv(t, next), "z")
	})
}

func TestFirstSendWaitsForAPeer(t *testing.T) {
	for _, k := range []struct{ load, peer engines.Kind }{
		{engines.PUSH, engines.PULL}, {engines.DEALER, engines.ROUTER}, {engines.PAIR, engines.PAIR}, {engines.REQ, engines.REP},
	} {
		t.Run(k.load.String(), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				e := New()
				load, peer := open(t, e, k.load, engines.Options{}), open(t, e, k.peer, engines.Options{})
				bound := bind(t, load, endpoint(t, tr))
				sent := make(chan error, 1)
				go func() { sent <- send(load, "early") }()
				select {
				case err := <-sent:
					t.Fatalf("sent to nobody: %v", err)
				case <-time.After(20 * time.Millisecond):
				}
				connect(t, peer, bound)
				got := recv(t, peer)
				if err := <-sent; err != nil || got[len(got)-1] != "early" {
					t.Errorf("got %q, error %v", got, err)
				}
			})
		})
	}
}

// One of three peers of a REQ dies. The library would panic, or try it for
// ever.
func TestREQSurvivesAPeer(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		e := New()
		req := open(t, e, engines.REQ, engines.Options{})
		var reps []*socket
		for i := range 3 {
			rep := open(t, e, engines.REP, engines.Options{})
			ep := endpoint(t, tr)
			if tr != "tcp" {
				ep += fmt.Sprint(i)
			}
			connect(t, req, bind(t, rep, ep))
			go echo(rep)
			reps = append(reps, rep)
		}
		ask := func() error {
			if err := send(req, "q"); err != nil {
				return err
			}
			return recvErr(req)
		}
		for range 6 {
			if err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		for dead, rep := range reps[:2] {
			rep.Close()
			good := 0
			for i := 0; good < 20; i++ {
				if err := within(t, "REQ", ask); err == nil {
					good++
				} else if good = 0; i > 100 {
					t.Fatalf("after %d deaths: %v", dead+1, err)
				}
			}
		}
		reps[2].Close()
		await(t, "no route", func() bool { return errors.Is(ask(), engines.ErrNoRoute) })
	})
}

func echo(s *socket) {
	ms := make([]*engines.Msg, 1)
	for {
		if _, err := s.Recv(ms); err != nil {
			return
		}
		if err := s.Send(ms[0]); err != nil {
			return
		}
	}
}

// A peer that dies between request and reply.
func TestREQIsToldThatNobodyReplies(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		rep, req := duo(t, tr, engines.REP, engines.REQ, engines.Options{}, engines.Options{})
		mustSend(t, req, "q")
		recv(t, rep)
		told := make(chan error, 1)
		go func() { told <- recvErr(req) }()
		time.Sleep(20 * time.Millisecond)
		rep.Close()
		wantErr(t, within(t, "Recv", func() error { return <-told }), errNoReply)
	})
}

func TestRouterKnowsItsPeers(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		e := New()
		router := open(t, e, engines.ROUTER, engines.Options{})
		bound := bind(t, router, endpoint(t, tr))
		wantErr(t, send(router, "a", "x"), engines.ErrNoRoute)
		peers := map[string]*socket{}
		for _, id := range []string{"a", "b", "c"} {
			peers[id] = open(t, e, engines.DEALER, engines.Options{Identity: []byte(id)})
			connect(t, peers[id], bound)
			mustSend(t, peers[id], "here")
			want(t, recv(t, router), id, "here")
		}
		for range 3 {
			for _, id := range []string{"b", "a", "a", "c"} {
				mustSend(t, router, id, "to "+id)
				want(t, recv(t, peers[id]), "to "+id)
			}
		}
		_, err := router.Alloc([][]byte{[]byte("d")}, 1)
		wantErr(t, err, engines.ErrNoRoute)
		_, err = router.Alloc(nil, 1)
		wantErr(t, err, engines.ErrNoRoute)
		peers["b"].Close()
		await(t, "no route", func() bool { return errors.Is(send(router, "b", "x"), engines.ErrNoRoute) })
		mustSend(t, router, "c", "y")
		want(t, recv(t, peers["c"]), "y")
	})
}

// A PUB drops above its HWM, and what nobody has subscribed to, in silence.
func TestPUBDrops(t *testing.T) {
	const hwm = 20
	pub, sub := duo(t, "inproc", engines.PUB, engines.SUB, engines.Options{SendHWM: hwm}, engines.Options{Subscribe: [][]byte{nil}})
	publish(t, pub, sub, "join", "ready")
	const sent = 2000
	for range sent {
		mustSend(t, pub, "x", "y")
	}
	mustSend(t, pub, "x", "y")
	got := 0
	done := make(chan int)
	go func() {
		for {
			if recvErr(sub) != nil {
				done <- got
				return
			}
			got++
		}
	}()
	time.Sleep(100 * time.Millisecond)
	sub.Close()
	if got := <-done; got == 0 || got >= sent {
		t.Errorf("%d of %d messages arrived past an HWM of %d", got, sent, hwm)
	}
}

func TestQueueLimit(t *testing.T) {
	for _, c := range []struct{ hwm, body, want int }{
		{7, 64, 7}, {0, 64, 209715}, {0, 1 << 20, 63}, {0, 1 << 30, 1},
	} {
		if got := queueLimit(engines.Options{SendHWM: c.hwm, Payload: make([]byte, c.body)}); got != c.want {
			t.Errorf("HWM %d, bodies of %d B: %d, want %d", c.hwm, c.body, got, c.want)
		}
	}
}
