package gozeromq

import (
	"context"
	"testing"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

// bare is the library without us, as the engine's sockets use it.
func bare(t *testing.T, k engines.Kind) zmq4.Socket {
	t.Helper()
	s := newLibrarySocket(k)(context.Background())
	t.Cleanup(func() { s.Close() })
	return s
}

func bareDuo(t *testing.T, a, b engines.Kind) (binder, caller zmq4.Socket) {
	t.Helper()
	binder, caller = bare(t, a), bare(t, b)
	if err := binder.Listen("tcp://127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if b == engines.SUB {
		if err := caller.SetOption(zmq4.OptionSubscribe, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := caller.Dial("tcp://" + binder.Addr().String()); err != nil {
		t.Fatal(err)
	}
	return binder, caller
}

// The engine may allocate nothing per message beyond what the library does by
// itself, and what a message of its own costs where the library keeps slices.
func TestAllocationsAreTheLibrarys(t *testing.T) {
	const runs = 2000
	body := make([]byte, 64)
	topic := []byte("topic")
	check := func(t *testing.T, ours, theirs func()) {
		t.Helper()
		o, b := testing.AllocsPerRun(runs, ours), testing.AllocsPerRun(runs, theirs)
		t.Logf("engine %v, bare library %v allocations a message", o, b)
		if o > b {
			t.Errorf("%v allocations a message, the bare library has %v", o, b)
		}
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	ms := make([]*engines.Msg, 1)
	pass := func(from, to *socket, env [][]byte) {
		m, err := from.Alloc(env, len(body))
		must(err)
		must(from.Send(m))
		_, err = to.Recv(ms)
		must(err)
	}
	take := func(s zmq4.Socket) zmq4.Msg {
		m, err := s.Recv()
		must(err)
		return m
	}
	all := engines.Options{Subscribe: [][]byte{nil}, Payload: body}

	t.Run("PUSH-PULL", func(t *testing.T) {
		pull, push := duo(t, "tcp", engines.PULL, engines.PUSH, all, all)
		barePull, barePush := bareDuo(t, engines.PULL, engines.PUSH)
		check(t,
			func() { pass(push, pull, nil); engines.Release(ms) },
			func() { must(barePush.SendMulti(zmq4.NewMsg(body))); take(barePull) })
	})
	t.Run("PUB-SUB", func(t *testing.T) {
		pub, sub := duo(t, "tcp", engines.PUB, engines.SUB, all, all)
		publish(t, pub, sub, "join", "ready")
		mustSend(t, pub, "join", "start")
		for recv(t, sub)[1] != "start" {
		}
		barePub, bareSub := bareDuo(t, engines.PUB, engines.SUB)
		await(t, "the subscription", func() bool { return len(barePub.(zmq4.Topics).Topics()) == 1 })
		env := [][]byte{topic}
		check(t,
			func() { pass(pub, sub, env); engines.Release(ms) },
			func() {
				must(barePub.SendMulti(zmq4.NewMsgFrom(topic, append([]byte(nil), body...))))
				take(bareSub)
			})
	})
	t.Run("DEALER-ROUTER", func(t *testing.T) {
		router, dealer := duo(t, "tcp", engines.ROUTER, engines.DEALER, all, all)
		bareRouter, bareDealer := bareDuo(t, engines.ROUTER, engines.DEALER)
		check(t,
			func() {
				pass(dealer, router, nil)
				must(router.Send(ms[0])) // echoed, as a peer does
				_, err := dealer.Recv(ms)
				must(err)
				engines.Release(ms)
			},
			func() {
				must(bareDealer.SendMulti(zmq4.NewMsg(body)))
				must(bareRouter.SendMulti(take(bareRouter)))
				take(bareDealer)
			})
	})
	t.Run("REQ-REP", func(t *testing.T) {
		rep, req := duo(t, "tcp", engines.REP, engines.REQ, all, all)
		bareRep, bareReq := bareDuo(t, engines.REP, engines.REQ)
		check(t,
			func() {
				pass(req, rep, nil)
				must(rep.Send(ms[0]))
				_, err := req.Recv(ms)
				must(err)
				engines.Release(ms)
			},
			func() {
				must(bareReq.SendMulti(zmq4.NewMsg(body)))
				must(bareRep.SendMulti(take(bareRep)))
				take(bareReq)
			})
	})
}
