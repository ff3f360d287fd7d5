package gozeromq

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"zbench/engines"
)

func TestBindResolves(t *testing.T) {
	asked := []string{"tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "tcp://*:0", "tcp://*:*", "ipc://*", "inproc://resolved"}
	if runtime.GOOS == "linux" {
		asked = append(asked, fmt.Sprint("ipc://@zbench-test-", os.Getpid())) // no file
	}
	for _, asked := range asked {
		t.Run(asked, func(t *testing.T) {
			e := New()
			pull, push := open(t, e, engines.PULL, engines.Options{}), open(t, e, engines.PUSH, engines.Options{})
			bound := bind(t, pull, asked)
			if strings.Contains(bound, "*") || strings.HasSuffix(bound, ":0") {
				t.Fatalf("bound %q", bound)
			}
			connect(t, push, bound)
			mustSend(t, push, "x")
			want(t, recv(t, pull), "x")
		})
	}
}

func TestConnectRefusesWildcards(t *testing.T) {
	s := open(t, New(), engines.PUSH, engines.Options{})
	for _, ep := range []string{"tcp://*:5555", "tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "ipc://*", "nonsense"} {
		if err := s.Connect(ep); err == nil || !strings.Contains(err.Error(), ep) {
			t.Errorf("connect to %s: %v", ep, err)
		}
	}
}

func TestSecondBindIsRefused(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		pull, push := duo(t, tr, engines.PULL, engines.PUSH, engines.Options{}, engines.Options{})
		_, err := pull.Bind("tcp://127.0.0.1:0")
		wantErr(t, err, engines.ErrUnsupported)
		mustSend(t, push, "the first still listens")
		recv(t, pull)
	})
}

func TestAddressInUse(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		pull, push := duo(t, tr, engines.PULL, engines.PUSH, engines.Options{}, engines.Options{})
		second := open(t, New(), engines.PULL, engines.Options{})
		_, err := second.Bind(boundTo(pull))
		if err == nil || !strings.Contains(err.Error(), "choose another endpoint") || !strings.Contains(err.Error(), boundTo(pull)) {
			t.Fatalf("error %v names no mend or no endpoint", err)
		}
		if tr != "inproc" {
			wantErr(t, err, syscall.EADDRINUSE)
		}
		mustSend(t, push, "the first still listens")
		recv(t, pull)
		bind(t, second, "tcp://127.0.0.1:0")
	})
}

// A file that a killed process left behind is removed; a file on which somebody
// listens and one that is no socket are not.
func TestStaleIPCFile(t *testing.T) {
	path := filepath.Join(shortDir(t), "stale")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if _, err := os.Lstat(path); err != nil {
		t.Fatal("there is no stale file: ", err)
	}
	e := New()
	pull, push := open(t, e, engines.PULL, engines.Options{}), open(t, e, engines.PUSH, engines.Options{})
	connect(t, push, bind(t, pull, "ipc://"+path))
	mustSend(t, push, "x")
	recv(t, pull)
	pull.Close()
	if _, err := os.Lstat(path); err == nil {
		t.Error("Close left the file behind")
	}

	plain := filepath.Join(shortDir(t), "plain")
	if err := os.WriteFile(plain, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, e, engines.PULL, engines.Options{}).Bind("ipc://" + plain); err == nil {
		t.Error("a plain file was taken for an endpoint")
	}
	if _, err := os.Stat(plain); err != nil {
		t.Error("a plain file was removed")
	}
}

// The library removes the file of the endpoint it was given last, which may be
// another socket's.
func TestCloseLeavesOthersFiles(t *testing.T) {
	dir := shortDir(t)
	e := New()
	first, second := open(t, e, engines.DEALER, engines.Options{}), open(t, e, engines.DEALER, engines.Options{})
	other := bind(t, first, "ipc://"+filepath.Join(dir, "a"))
	bind(t, second, "ipc://"+filepath.Join(dir, "b"))
	connect(t, second, other)
	second.Close()
	if _, err := os.Lstat(filepath.Join(dir, "a")); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "b")); err == nil {
		t.Error("its own file is left")
	}
}

func TestConnectGivesUp(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts, nobody greets
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	other.Close() // its port is refused
	for name, c := range map[string]struct{ ep, mend string }{
		"refused":   {"tcp://" + other.Addr().String(), "start the side that binds first"},
		"no file":   {"ipc://" + filepath.Join(shortDir(t), "none"), "start the side that binds first"},
		"no inproc": {"inproc://nobody", "start the side that binds first"},
		"silent":    {"tcp://" + silent.Addr().String(), "does a ZeroMQ socket listen there"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, New(), engines.REQ, engines.Options{HandshakeTimeout: 200 * time.Millisecond})
			err := within(t, "Connect", func() error { return s.Connect(c.ep) })
			if err == nil || !strings.Contains(err.Error(), c.ep) || !strings.Contains(err.Error(), c.mend) {
				t.Errorf("error %v does not name the endpoint or %q", err, c.mend)
			}
		})
	}
}

func TestConnectToWrongKind(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		e := New()
		bound := bind(t, open(t, e, engines.PULL, engines.Options{}), endpoint(t, tr))
		err := open(t, e, engines.REQ, engines.Options{}).Connect(bound)
		wantErr(t, err, errWrongKind)
		push := open(t, e, engines.PUSH, engines.Options{}) // the right one is still served
		connect(t, push, bound)
	})
}

func TestConnectBeforeBind(t *testing.T) {
	e := New()
	push, pull := open(t, e, engines.PUSH, engines.Options{}), open(t, e, engines.PULL, engines.Options{})
	connected := make(chan error, 1)
	go func() { connected <- push.Connect("inproc://" + t.Name()) }()
	time.Sleep(20 * time.Millisecond)
	bind(t, pull, "inproc://"+t.Name())
	if err := <-connected; err != nil {
		t.Fatal(err)
	}
	mustSend(t, push, "x")
	recv(t, pull)
}

// A caller that never greets holds the library's acceptor, for so long as the
// handshake may take, and is closed then. None of it is logged.
func TestSilentCaller(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = write
	defer func() { os.Stderr = stderr }()

	e := New()
	pull := open(t, e, engines.PULL, engines.Options{HandshakeTimeout: 100 * time.Millisecond})
	bound := bind(t, pull, "tcp://127.0.0.1:0")
	caller, err := net.Dial("tcp", strings.TrimPrefix(bound, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer caller.Close()
	push := open(t, e, engines.PUSH, engines.Options{})
	connect(t, push, bound)
	mustSend(t, push, "served")
	want(t, recv(t, pull), "served")
	_ = caller.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, caller); err != nil {
		t.Errorf("the silent caller was left open: %v", err)
	}
	pull.Close()
	push.Close()
	write.Close()
	if logged, _ := io.ReadAll(read); len(logged) > 0 {
		t.Errorf("the library logged %q", logged)
	}
}

func TestCloseEndsConnect(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s := open(t, New(), engines.PUSH, engines.Options{HandshakeTimeout: time.Hour})
	connected := make(chan error, 1)
	go func() { connected <- s.Connect("tcp://" + silent.Addr().String()) }()
	time.Sleep(20 * time.Millisecond)
	s.Close()
	wantErr(t, within(t, "Connect", func() error { return <-connected }), engines.ErrClosed)
}

func TestErrorsSpeak(t *testing.T) {
	s := open(t, New(), engines.PUSH, engines.Options{})
	s.Close()
	_, err := s.Bind("tcp://127.0.0.1:0")
	wantErr(t, err, engines.ErrClosed)
	if got := fmt.Sprint(err); got != "go-zeromq: PUSH bind tcp://127.0.0.1:0: socket is closed" {
		t.Errorf("error %q", got)
	}
	wantErr(t, s.Connect("tcp://127.0.0.1:1"), engines.ErrClosed)
	if errors.Is(err, engines.ErrNoRoute) {
		t.Error("closed and without a route are two things")
	}
}
