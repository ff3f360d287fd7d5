//go:build peers

package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

// These tests talk to libzmq. They want Debian's python3-zmq, and the build
// tag peers.

// libzmq is a peer of scripts/peers.
type libzmq struct {
	t     *testing.T
	out   *bufio.Scanner
	ready string
}

func startLibzmq(t *testing.T, script, kind, side, endpoint string, more ...string) *libzmq {
	t.Helper()
	path, err := filepath.Abs("../../scripts/peers/" + script + ".py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", append([]string{path, kind, side, endpoint}, more...)...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; install python3-zmq", err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
		if errs.Len() > 0 {
			t.Errorf("the peer says: %s", errs.String())
		}
	})
	p := &libzmq{t: t, out: bufio.NewScanner(out)}
	p.out.Buffer(nil, 1<<20)
	word, ep, _ := strings.Cut(p.line(), " ")
	if word != "ready" {
		t.Fatalf("the peer begins with %q", word)
	}
	p.ready = ep
	return p
}

// line is what the peer prints next.
func (p *libzmq) line() string {
	p.t.Helper()
	got := make(chan string, 1)
	go func() {
		p.out.Scan()
		got <- p.out.Text()
	}()
	select {
	case l := <-got:
		return l
	case <-time.After(20 * time.Second):
		p.t.Fatal("the peer says nothing")
		return ""
	}
}

func (p *libzmq) expect(line string) {
	p.t.Helper()
	if got := p.line(); got != line {
		p.t.Fatalf("the peer says %q, want %q", got, line)
	}
}

// got is how a peer prints a message.
func got(frames ...string) string {
	words := []string{"got"}
	for _, f := range frames {
		h := hex.EncodeToString([]byte(f))
		if h == "" {
			h = "-"
		}
		words = append(words, h)
	}
	return strings.Join(words, " ")
}

// meet opens our socket and the peer, one of which binds.
func meet(t *testing.T, k engines.Kind, o engines.Options, weBind bool, transport, script, kind string, more ...string) (engines.Socket, *libzmq) {
	t.Helper()
	s, err := New().Open(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	time.AfterFunc(20*time.Second, func() { _ = s.Close() }) // a deadline for what blocks
	ep := "tcp://127.0.0.1:*"
	if transport == "ipc" {
		ep = "ipc://" + filepath.Join(t.TempDir(), "s")
	}
	if !weBind {
		p := startLibzmq(t, script, kind, "bind", ep, more...)
		if err := s.Connect(p.ready); err != nil {
			t.Fatal(err)
		}
		return s, p
	}
	bound, err := s.Bind(ep)
	if err != nil {
		t.Fatal(err)
	}
	return s, startLibzmq(t, script, kind, "connect", bound, more...)
}

// everyWay runs f for both sides binding over tcp and ipc.
func everyWay(t *testing.T, name string, f func(t *testing.T, weBind bool, transport string)) {
	for _, transport := range []string{"tcp", "ipc"} {
		for _, weBind := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/%s/we bind %v", name, transport, weBind), func(t *testing.T) {
				t.Parallel()
				f(t, weBind, transport)
			})
		}
	}
}

func put(t *testing.T, s engines.Sender, frames ...string) {
	t.Helper()
	env := make([][]byte, len(frames)-1)
	for i := range env {
		env[i] = []byte(frames[i])
	}
	body := frames[len(frames)-1]
	m, err := s.Alloc(env, len(body))
	if err != nil {
		t.Fatal(err)
	}
	copy(m.Body(), body)
	if err := s.Send(m); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
}

func pull1(t *testing.T, s engines.Receiver) *engines.Msg {
	t.Helper()
	var ms [1]*engines.Msg
	if _, err := s.Recv(ms[:]); err != nil {
		t.Fatal(err)
	}
	return ms[0]
}

func want(t *testing.T, s engines.Receiver, frames ...string) {
	t.Helper()
	m := pull1(t, s)
	if len(m.Frames) != len(frames) {
		t.Fatalf("%d frames, want %d: %.60q", len(m.Frames), len(frames), m.Frames)
	}
	for i, f := range frames {
		if string(m.Frames[i]) != f {
			t.Fatalf("frame %d is %.40q, want %.40q", i, m.Frames[i], f)
		}
	}
	engines.Release([]*engines.Msg{m})
}

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
		time.Sleep(600 * time.Millisecond) // longer than the peer waits for a PONG
		put(t, s, "after")
		want(t, s, "after")
		if st := s.(Reporter).Stats(); st.Connections != 1 {
			t.Errorf("%d connections, failures %v", st.Connections, st.Failures)
		}
	})
}
