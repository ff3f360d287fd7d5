//go:build libzmq

package libzmq_test

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/libzmq"
)

// deaf is a host that does nothing: the tests ask again by themselves.
type deaf struct{}

func (deaf) Watch(int, engines.Ready) error { return nil }
func (deaf) WatchRoom(int, bool) error      { return nil }
func (deaf) Forget(int)                     {}
func (deaf) Wake()                          {}

// until tries again as long as the call would have to wait.
func until(t *testing.T, what string, try func() error) error {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		if err := try(); err != engines.ErrWait {
			return err
		}
		if time.Now().After(end) {
			t.Fatalf("%s: it still has to wait", what)
		}
	}
}

// receive gives the bodies of the next messages, count or more.
func receive(t *testing.T, s engines.Socket, count int) (bodies []string) {
	t.Helper()
	ms := make([]*engines.Msg, 64)
	for len(bodies) < count {
		err := until(t, "receive", func() error {
			n, err := s.Recv(ms)
			for _, m := range ms[:n] {
				bodies = append(bodies, string(m.Body()))
			}
			engines.Release(ms[:n])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return bodies
}

// TestHostedBatch: what finds no room stays in the batch, what the batch has no
// room for stays the caller's, and in the end all arrives once and in order.
func TestHostedBatch(t *testing.T) {
	e := libzmq.New()
	push := open(t, e, engines.PUSH, engines.Options{Use: engines.SendOnly, Host: deaf{}})
	at := bound(t, push, "tcp://127.0.0.1:0")
	numbered := func(i int) *engines.Msg { return &engines.Msg{Frames: [][]byte{[]byte(strconv.Itoa(i))}} }
	refused := 0
	for push.Send(numbered(refused)) == nil {
		if refused++; refused > 1000 {
			t.Fatal("a thousand messages were taken for nobody")
		}
	}
	if err := push.Send(numbered(refused)); err != engines.ErrWait {
		t.Errorf("send to a full batch: %v", err)
	}
	if _, err := push.Alloc(nil, 1); err != engines.ErrWait {
		t.Errorf("alloc in a full batch: %v", err)
	}
	if err := push.Flush(); err != engines.ErrWait {
		t.Errorf("flush to nobody: %v", err)
	}
	pull := open(t, e, engines.PULL, engines.Options{Use: engines.RecvOnly, Host: deaf{}})
	if err := pull.Connect(at); err != nil {
		t.Fatal(err)
	}
	if err := until(t, "send again", func() error { return push.Send(numbered(refused)) }); err != nil {
		t.Fatal(err)
	}
	// A flush between Alloc and Send leaves what Alloc gave where it is.
	last, err := push.Alloc(nil, len("last"))
	if err != nil {
		t.Fatal(err)
	}
	copy(last.Body(), "last")
	if err := until(t, "flush", push.Flush); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(push.Send(last), push.Flush()); err != nil {
		t.Fatal(err)
	}
	for i, body := range receive(t, pull, refused+2) {
		want := strconv.Itoa(i)
		if i > refused {
			want = "last"
		}
		if body != want {
			t.Fatalf("message %d came as %q", i, body)
		}
	}
}

// TestHostedUnsent: Flush tells of messages without a route, and the others go.
func TestHostedUnsent(t *testing.T) {
	e := libzmq.New()
	router := open(t, e, engines.ROUTER, engines.Options{Use: engines.Turns, Host: deaf{}})
	at := bound(t, router, "tcp://127.0.0.1:0")
	dealer := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns, Identity: []byte("here"), Host: deaf{}})
	if err := errors.Join(dealer.Connect(at), dealer.Send(&engines.Msg{Frames: [][]byte{[]byte("hello")}})); err != nil {
		t.Fatal(err)
	}
	if err := until(t, "say hello", dealer.Flush); err != nil {
		t.Fatal(err)
	}
	receive(t, router, 1)
	for _, to := range []string{"gone", "here", "gone", "here"} {
		m, err := router.Alloc([][]byte{[]byte(to)}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := router.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	var unsent *engines.Unsent
	if err := router.Flush(); !errors.As(err, &unsent) || unsent.Messages != 2 || !errors.Is(err, engines.ErrNoRoute) {
		t.Errorf("flush: %v, want 2 messages without a route", err)
	}
	if n := len(receive(t, dealer, 2)); n != 2 {
		t.Errorf("%d messages arrived, want 2", n)
	}
}

// TestHostedAllocations: a message that is sent, waited for and sent back costs
// no memory of Go.
func TestHostedAllocations(t *testing.T) {
	e := libzmq.New()
	echo := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns, Host: deaf{}})
	at := bound(t, echo, "tcp://127.0.0.1:0")
	load := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns, Host: deaf{}})
	if err := load.Connect(at); err != nil {
		t.Fatal(err)
	}
	const window = 32
	ms := make([]*engines.Msg, window)
	next := func(s engines.Socket) int {
		for {
			n, err := s.Recv(ms)
			if err == nil {
				return n
			}
			if err != engines.ErrWait {
				t.Fatal(err)
			}
			s.(engines.Unsettled).Unsettled(true)
			runtime.Gosched()
		}
	}
	flush := func(s engines.Socket) {
		for err := s.Flush(); err != nil; err = s.Flush() {
			if err != engines.ErrWait {
				t.Fatal(err)
			}
		}
	}
	round := func() {
		for range window {
			m, err := load.Alloc(nil, 64)
			if err != nil {
				t.Fatal(err)
			}
			if err := load.Send(m); err != nil {
				t.Fatal(err)
			}
		}
		flush(load)
		for got := 0; got < window; {
			n := next(echo)
			got += n
			for _, m := range ms[:n] {
				if err := echo.Send(m); err != nil {
					t.Fatal(err)
				}
			}
			flush(echo)
		}
		for got := 0; got < window; {
			n := next(load)
			got += n
			engines.Release(ms[:n])
		}
	}
	for range 10 {
		round()
	}
	if n := testing.AllocsPerRun(50, round); n > 1 {
		t.Errorf("%d messages there and back took %.0f allocations", window, n)
	}
}

// TestHostedDescriptors: thousands of sockets fit into a process.
func TestHostedDescriptors(t *testing.T) {
	const sockets = 100
	more := func(e engines.Engine) { open(t, e, engines.DEALER, engines.Options{Use: engines.Turns, Host: deaf{}}) }
	count := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(fds)
	}
	e := libzmq.New()
	more(e) // and the library's threads
	before := count()
	for range sockets {
		more(e)
	}
	if n := count() - before; n > 2*sockets {
		t.Errorf("%d sockets have %d descriptors", sockets, n)
	}
}
