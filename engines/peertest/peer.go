package peertest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// deadline is how long anything of these tests may take.
const deadline = 30 * time.Second

// Peer is a program of another maker that runs.
type Peer struct {
	Endpoint string // that it has bound, or connects to
	t        *testing.T
	lines    chan string
}

// Start runs a peer in a role of scripts/peers until the test ends.
func (m Maker) Start(t *testing.T, role, kind, side, endpoint string, more ...string) *Peer {
	t.Helper()
	args := append(m.command(role), append([]string{kind, side, endpoint}, more...)...)
	cmd := exec.Command(args[0], args[1:]...)
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
		t.Fatal(err)
	}
	p := &Peer{t: t, lines: make(chan string)}
	read := make(chan struct{})
	done := make(chan struct{})
	go p.read(out, read, done)
	t.Cleanup(func() {
		close(done)
		_ = in.Close()
		<-read
		_ = cmd.Wait()
		if errs.Len() > 0 {
			t.Errorf("the peer says: %s", errs.String())
		}
	})
	word, ep, _ := strings.Cut(p.Line(), " ")
	if word != "ready" {
		t.Fatalf("the peer begins with %q: %s", word, errs.String())
	}
	p.Endpoint = ep
	return p
}

// read passes on the peer's lines until it ends; nobody need take them once
// done is closed.
func (p *Peer) read(out io.Reader, read, done chan struct{}) {
	defer close(read)
	defer close(p.lines)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		select {
		case p.lines <- lines.Text():
		case <-done:
		}
	}
}

// Line is what the peer prints next, "" where it has ended.
func (p *Peer) Line() string {
	p.t.Helper()
	select {
	case l := <-p.lines:
		return l
	case <-time.After(deadline):
		p.t.Fatal("the peer says nothing")
		return ""
	}
}

// Expect fails the test if the peer prints something else.
func (p *Peer) Expect(line string) {
	p.t.Helper()
	if got := p.Line(); got != line {
		p.t.Fatalf("the peer says %.100q, want %.100q", got, line)
	}
}

// Got is how a peer prints a message.
func Got(frames ...string) string {
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
