//go:build peers

package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zbench/engines"
)

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
