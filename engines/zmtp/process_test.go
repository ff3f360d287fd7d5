package zmtp

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"zbench/engines"
)

// The benchmarks of two processes run this binary again as the peer.
const peerVariable = "ZMTP_TEST_PEER"

func TestMain(m *testing.M) {
	if role, arg, ok := strings.Cut(os.Getenv(peerVariable), " "); ok {
		if err := peerProcess(role, arg); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// peerProcess is the other process: it prints its endpoint and plays its role
// until stdin closes.
func peerProcess(role, arg string) error {
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1)) // whatever ends it, the parent is gone
		os.Exit(0)
	}()
	size, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	switch role {
	case "plain-sink":
		return plainSink(size)
	case "plain-echo":
		return plainEcho(size)
	case "sink":
		return sink(engines.PULL, size)
	case "echo-rep":
		return echo(engines.REP)
	case "echo-router":
		return echo(engines.ROUTER)
	}
	return fmt.Errorf("no role %q", role)
}

// plainListen accepts one connection.
func plainListen() (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	fmt.Println(l.Addr())
	return l.Accept()
}

// plainSink reads frames of a two-byte header as fast as a loop can.
func plainSink(size int) error {
	nc, err := plainListen()
	if err != nil {
		return err
	}
	buf := make([]byte, 256<<10)
	next, have := uint64(0), 0
	for {
		n, err := nc.Read(buf[have:])
		if err != nil {
			return nil
		}
		have += n
		at := 0
		for have-at >= size+2 {
			body := buf[at+2 : at+2+size]
			if got := binary.LittleEndian.Uint64(body); got != next {
				return fmt.Errorf("got %d, want %d", got, next)
			}
			next++
			at += size + 2
		}
		have = copy(buf, buf[at:have])
		if next == uint64(expected) {
			_, err = nc.Write([]byte{1})
			next = 0
		}
		if err != nil {
			return err
		}
	}
}

func plainEcho(size int) error {
	nc, err := plainListen()
	if err != nil {
		return err
	}
	buf := make([]byte, size)
	for {
		if _, err := nc.Read(buf); err != nil {
			return nil
		}
		if _, err := nc.Write(buf); err != nil {
			return err
		}
	}
}

// expected is how many messages a round of throughput has.
const expected = 2_000_000

// sink checks the sequence of what it receives and acknowledges each round
// over a connection of its own.
func sink(k engines.Kind, size int) error {
	s, err := New().Open(context.Background(), k, engines.Options{Use: engines.RecvOnly})
	if err != nil {
		return err
	}
	ep, err := s.Bind("tcp://127.0.0.1:*")
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(ep, l.Addr())
	ack, err := l.Accept()
	if err != nil {
		return err
	}
	ms := make([]*engines.Msg, 256)
	next := uint64(0)
	for {
		n, err := s.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			body := m.Body()
			if got := binary.LittleEndian.Uint64(body); got != next || len(body) != size {
				return fmt.Errorf("got %d of %d bytes, want %d", got, len(body), next)
			}
			next++
		}
		engines.Release(ms[:n])
		if next == expected {
			next = 0
			if _, err := ack.Write([]byte{1}); err != nil {
				return err
			}
		}
	}
}

func echo(k engines.Kind) error {
	s, err := New().Open(context.Background(), k, engines.Options{Use: engines.Turns})
	if err != nil {
		return err
	}
	ep, err := s.Bind("tcp://127.0.0.1:*")
	if err != nil {
		return err
	}
	fmt.Println(ep)
	ms := make([]*engines.Msg, 256)
	for {
		n, err := s.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if err := s.Send(m); err != nil {
				return err
			}
		}
		if err := s.Flush(); err != nil {
			return err
		}
	}
}

// startPeer runs role in another process and returns what it printed first.
func startPeer(tb testing.TB, role string, size int) []string {
	tb.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", peerVariable, role, size))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Fields(line)
}
