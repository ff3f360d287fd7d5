package peertest

import (
	"fmt"
	"testing"

	"zbench/engines"
)

// relay is a middle of ours between two peers.
type relay struct {
	name        string
	front, back exchange // as seen from their peers, without a play
	play        func(t *testing.T, front, back engines.Socket, asker, answerer *Peer)
}

func relays() []relay {
	turns := engines.Options{Use: engines.Turns}
	sends, receives := engines.Options{Use: engines.SendOnly}, engines.Options{Use: engines.RecvOnly}
	count := []string{"--count", fmt.Sprint(asked)}
	worker := exchange{ours: engines.DEALER, role: "echo", theirs: "REP", options: turns}
	return []relay{
		{
			"broker, middle",
			exchange{ours: engines.ROUTER, role: "ask", theirs: "REQ", options: turns, more: count},
			worker, broker,
		}, {
			"broker-dealer, middle",
			exchange{ours: engines.ROUTER, role: "ask", theirs: "DEALER", options: turns, more: append(count, "--delimiter")},
			worker, broker,
		}, {
			"pipeline, middle",
			exchange{ours: engines.PULL, role: "source", theirs: "PUSH", options: receives, more: []string{"--count", "500"}},
			exchange{ours: engines.PUSH, role: "sink", theirs: "PULL", options: sends},
			worked,
		}, {
			"forwarder, middle",
			exchange{ours: engines.XSUB, role: "source", theirs: "XPUB", options: turns, more: []string{"--topics", "b,a", "--wait", "1", "--count", "200"}},
			exchange{ours: engines.XPUB, role: "sink", theirs: "SUB", options: turns, more: []string{"--subscribe", "a"}},
			forwarded,
		},
	}
}

func (r relay) run(t *testing.T, e engines.Engine, m Maker, weBind bool, transport string) {
	meet := func(x exchange) (engines.Socket, *Peer) {
		return Meeting{e, x.ours, x.options, weBind, transport, m, x.role, x.theirs, x.more}.Start(t)
	}
	back, answerer := meet(r.back)
	front, asker := meet(r.front)
	r.play(t, front, back, asker, answerer)
}

func broker(t *testing.T, front, back engines.Socket, asker, _ *Peer) {
	for range asked {
		pass(t, front, back)
		pass(t, back, front)
	}
	asker.Expect("done")
}

func worked(t *testing.T, front, back engines.Socket, _, sink *Peer) {
	for range 500 {
		pass(t, front, back)
	}
	for i := range 500 {
		sink.Expect(Got("a", fmt.Sprint(i)))
	}
}

// forwarded passes the subscription up and the messages down.
func forwarded(t *testing.T, front, back engines.Socket, source, sink *Peer) {
	pass(t, back, front)
	for range 100 {
		pass(t, front, back)
	}
	source.Expect(Got("\x01a"))
	for i := range 100 {
		sink.Expect(Got("a", fmt.Sprint(2*i+1)))
	}
}
