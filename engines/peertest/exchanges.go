package peertest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// big is a frame that no buffer of an engine holds at once.
var big = strings.Repeat("large ", 20_000)

const asked = 30 // messages of a peer that asks

func exchanges() []exchange {
	turns := engines.Options{Use: engines.Turns}
	named := engines.Options{Use: engines.Turns, Identity: []byte("ours")}
	topics := engines.Options{Use: engines.Turns, Subscribe: [][]byte{[]byte("a"), []byte("bb")}}
	count := []string{"--count", strconv.Itoa(asked)}
	identity := []string{"--identity", "peer"}
	subscribe := []string{"--subscribe", "a", "--subscribe", "bb"}
	publish := []string{"--topics", "a,b,bb,c", "--wait", "2", "--count", "400"}
	ticks := []string{"--every", "1", "--count", "30000"}
	return []exchange{
		{"req-rep, load", engines.REQ, "echo", "REP", named, nil, echoed()},
		{"req-rep, peer", engines.REP, "ask", "REQ", turns, count, answer},
		{"req-router, load", engines.REQ, "echo", "ROUTER", named, nil, echoed()},
		{"req-router, peer", engines.ROUTER, "ask", "REQ", turns, count, answer},
		{"router-dealer, load", engines.ROUTER, "echo", "DEALER", turns, identity, echoed("peer")},
		{"router-dealer, peer", engines.DEALER, "echo", "ROUTER", named, nil, echoed()},
		{"dealer-router, load", engines.DEALER, "echo", "ROUTER", turns, nil, echoed()},
		{"dealer-router, peer", engines.ROUTER, "ask", "DEALER", turns, append(count, identity...), answer},
		{"dealer-rep, load", engines.DEALER, "echo", "REP", turns, nil, echoed("")},
		{"dealer-rep, peer", engines.REP, "ask", "DEALER", turns, append(count, "--delimiter"), answer},
		{"dealer-dealer, load", engines.DEALER, "echo", "DEALER", turns, nil, echoed()},
		{"dealer-dealer, peer", engines.DEALER, "ask", "DEALER", turns, count, answer},
		{"router-router, load", engines.ROUTER, "echo", "ROUTER", turns, identity, echoed("peer")},
		{"pair, load", engines.PAIR, "echo", "PAIR", turns, nil, echoed()},
		{"pair, peer", engines.PAIR, "ask", "PAIR", turns, count, answer},
		{"push-pull, load", engines.PUSH, "sink", "PULL", engines.Options{Use: engines.SendOnly}, nil, push},
		{"push-pull, peer", engines.PULL, "source", "PUSH", engines.Options{Use: engines.RecvOnly}, []string{"--count", "5000"}, pull},
		{"pub-sub, load", engines.PUB, "sink", "SUB", engines.Options{Use: engines.SendOnly}, subscribe, publishing},
		{"pub-sub, peer", engines.SUB, "source", "PUB", topics, ticks, subscribed},
		{"pub-xsub, load", engines.PUB, "sink", "XSUB", engines.Options{Use: engines.SendOnly}, subscribe, publishing},
		{"xsub-pub, middle", engines.XSUB, "source", "PUB", topics, ticks, subscribed},
		{"xpub-sub, middle", engines.XPUB, "sink", "SUB", turns, subscribe, filtering},
		{"xpub-xsub, middle", engines.XPUB, "sink", "XSUB", turns, subscribe, filtering},
		{"sub-xpub, peer", engines.SUB, "source", "XPUB", topics, publish, filtered},
		{"xsub-xpub, middle", engines.XSUB, "source", "XPUB", topics, publish, unsubscribing},
	}
}

// echoed sends messages to an echo, each with the frames that our side adds.
func echoed(head ...string) func(*testing.T, engines.Socket, *Peer) {
	return func(t *testing.T, s engines.Socket, _ *Peer) {
		for _, body := range [][]string{{"one"}, {"a", "", "c"}, {big}, {"x", big, ""}, {""}} {
			frames := append(append([]string{}, head...), body...)
			Put(t, s, frames...)
			Want(t, s, frames...)
		}
	}
}

// answer is the echo to a peer that asks.
func answer(t *testing.T, s engines.Socket, p *Peer) {
	for range asked {
		pass(t, s, s)
	}
	p.Expect("done")
}

func push(t *testing.T, s engines.Socket, p *Peer) {
	for i := range 100 {
		Put(t, s, "head", fmt.Sprint(i), "")
	}
	for i := range 100 {
		p.Expect(Got("head", fmt.Sprint(i), ""))
	}
}

func pull(t *testing.T, s engines.Socket, _ *Peer) {
	for i := range 5000 {
		m := take(t, s)
		if len(m.Frames) != 2 || string(m.Frames[0]) != "a" || string(m.Body()) != fmt.Sprint(i) {
			// What comes next tells a message that is lost from one that is changed.
			t.Fatalf("message %d is %.40q, and the next %.40q", i, m.Frames, take(t, s).Frames)
		}
		engines.Release([]*engines.Msg{m})
	}
}

// publishing has no way to know when the peer has subscribed.
func publishing(t *testing.T, s engines.Socket, p *Peer) {
	for {
		Put(t, s, "c", "no")
		Put(t, s, "ab", "yes")
		select {
		case l := <-p.lines:
			if l != Got("ab", "yes") {
				t.Fatalf("the peer says %.100q", l)
			}
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// subscribed joins a publisher somewhere in its sequence.
func subscribed(t *testing.T, s engines.Socket, _ *Peer) {
	m := take(t, s)
	if len(m.Frames) != 2 || !bytes.Equal(m.Frames[0], []byte("a")) {
		t.Fatalf("received %.60q", m.Frames)
	}
	first, err := strconv.Atoi(string(m.Body()))
	if err != nil {
		t.Fatal(err)
	}
	engines.Release([]*engines.Msg{m})
	for i := range 50 {
		Want(t, s, "a", fmt.Sprint(first+1+i))
	}
}

// filtering publishes once it has seen the peer's two subscriptions.
func filtering(t *testing.T, s engines.Socket, p *Peer) {
	Want(t, s, "\x01a")
	Want(t, s, "\x01bb")
	for i := range 50 {
		for _, topic := range []string{"", "a", "ab", "b", "bbc", "c"} {
			Put(t, s, topic, fmt.Sprint(i))
		}
	}
	for i := range 50 {
		for _, topic := range []string{"a", "ab", "bbc"} {
			p.Expect(Got(topic, fmt.Sprint(i)))
		}
	}
}

// filtered takes what a publisher that has seen our subscriptions sends. It
// receives first, for a socket of libzmq that is bound notices who connected,
// and subscribes, only when it is called.
func filtered(t *testing.T, s engines.Socket, p *Peer) {
	for i := 0; i < 400; i += 4 {
		Want(t, s, "a", fmt.Sprint(i))
		Want(t, s, "bb", fmt.Sprint(i+2))
	}
	p.Expect(Got("\x01a"))
	p.Expect(Got("\x01bb"))
}

func unsubscribing(t *testing.T, s engines.Socket, p *Peer) {
	filtered(t, s, p)
	p.Expect("done")
	Put(t, s, "\x00a")
	p.Expect(Got("\x00a"))
}
