package null

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

// host is a host whose thread is a goroutine of the test.
type host chan struct{}

func newHost() host { return make(host, 1) }

func (host) Watch(int, engines.Ready) error { return nil }
func (host) WatchRoom(int, bool) error      { return nil }
func (host) Forget(int)                     {}

func (h host) Wake() {
	select {
	case h <- struct{}{}:
	default: // it will look anyway
	}
}

// swap is one side of an exchange that never waits in the socket: it sends total
// messages and receives as many.
type swap struct {
	socket         engines.Socket
	total          int
	env            [][]byte
	sent, received int
	ms             [3]*engines.Msg
}

// step goes on as far as it gets, and reports whether it got anywhere.
func (s *swap) step() (moved bool, err error) {
	for s.sent < s.total {
		m, err := s.socket.Alloc(s.env, 8)
		if err == nil {
			binary.LittleEndian.PutUint64(m.Body(), uint64(s.sent))
			err = s.socket.Send(m)
		}
		if err == engines.ErrWait {
			break
		}
		if err != nil {
			return false, err
		}
		s.sent++
		moved = true
	}
	for s.received < s.total {
		n, err := s.socket.Recv(s.ms[:])
		if err == engines.ErrWait {
			break
		}
		if err != nil {
			return false, err
		}
		for _, m := range s.ms[:n] {
			if got := int(binary.LittleEndian.Uint64(m.Body())); got != s.received {
				return false, fmt.Errorf("message %d came as number %d", s.received, got)
			}
			s.received++
		}
		engines.Release(s.ms[:n])
		moved = true
	}
	return moved, s.socket.Flush()
}

func (s *swap) done() bool { return s.sent == s.total && s.received == s.total }

// run takes all steps of the sockets on one host; each waits for nothing but
// Wake.
func run(h host, sides ...*swap) error {
	for {
		moved, done := false, true
		for _, s := range sides {
			m, err := s.step()
			if err != nil {
				return err
			}
			moved = moved || m
			done = done && s.done()
		}
		switch {
		case done:
			return nil
		case !moved:
			select {
			case <-h:
			case <-time.After(10 * time.Second):
				return fmt.Errorf("nobody woke a host that had sent %d and received %d", sides[0].sent, sides[0].received)
			}
		}
	}
}

// Of two hosted sockets with tiny lanes each hears of all that it waits for.
func TestHosted(t *testing.T) {
	const total = 100_000
	named := func(name string) engines.Options { return engines.Options{Identity: []byte(name)} }
	for _, c := range []struct {
		name      string
		a, b      engines.Kind
		ao, bo    engines.Options
		toA, toB  string // identities that the envelope names
		per, most int
	}{
		{"DEALER-DEALER, 1 slot", engines.DEALER, engines.DEALER, engines.Options{}, engines.Options{}, "", "", 1, 1},
		{"DEALER-DEALER, 2×2", engines.DEALER, engines.DEALER, engines.Options{}, engines.Options{}, "", "", 2, 2},
		{"PAIR-PAIR, 3×3", engines.PAIR, engines.PAIR, engines.Options{}, engines.Options{}, "", "", 3, 3},
		{"DEALER-ROUTER, 4×1", engines.DEALER, engines.ROUTER, named("me"), engines.Options{}, "me", "", 4, 1},
		{"ROUTER-ROUTER, 1×4", engines.ROUTER, engines.ROUTER, named("one"), named("two"), "one", "two", 1, 4},
	} {
		for _, hosts := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, %d hosts", c.name, hosts), func(t *testing.T) {
				e := New()
				e.per, e.most = c.per, c.most
				one, two := newHost(), newHost()
				if hosts == 1 {
					two = one
				}
				c.ao.Host, c.bo.Host = one, two
				a := &swap{socket: open(t, e, c.a, c.ao), total: total}
				b := &swap{socket: open(t, e, c.b, c.bo), total: total}
				if c.toA != "" {
					b.env = [][]byte{[]byte(c.toA)}
				}
				if c.toB != "" {
					a.env = [][]byte{[]byte(c.toB)}
				}
				bind(t, b.socket, "inproc://hosted")
				connect(t, a.socket, "inproc://hosted")
				if hosts == 1 {
					if err := run(one, a, b); err != nil {
						t.Fatal(err)
					}
					return
				}
				other := make(chan error, 1)
				go func() { other <- run(two, b) }()
				if err := run(one, a); err != nil {
					t.Fatal(err)
				}
				if err := <-other; err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// A hosted publisher and one that waits, and subscribers of both kinds.
func TestHostedAndWaiting(t *testing.T) {
	const total = 20_000
	for _, hosted := range []bool{true, false} {
		t.Run(fmt.Sprint("hosted publisher: ", hosted), func(t *testing.T) {
			e := New()
			e.per, e.most = 2, 2
			h := newHost()
			o := engines.Options{}
			if hosted {
				o.Host = h
			}
			pub := open(t, e, engines.PUB, o)
			bind(t, pub, "inproc://mixed")
			done := make(chan error, 3)
			for i := range 3 {
				o := everything()
				own := newHost()
				if i > 0 {
					o.Host = own
				}
				sub := open(t, e, engines.SUB, o)
				connect(t, sub, "inproc://mixed")
				go func() { done <- collect(sub, own, total) }()
			}
			for i := range total {
				m, err := pub.Alloc(nil, 8)
				if err != nil {
					t.Fatal(err)
				}
				binary.LittleEndian.PutUint64(m.Body(), uint64(i))
				for err = pub.Send(m); err == engines.ErrWait; err = pub.Send(m) {
					select {
					case <-h:
					case <-time.After(10 * time.Second):
						t.Fatalf("nobody woke the publisher's host at message %d", i)
					}
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			pub.Flush()
			for range 3 {
				if err := <-done; err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func collect(s engines.Socket, h host, total int) error {
	ms := make([]*engines.Msg, 3)
	for got := 0; got < total; {
		n, err := s.Recv(ms)
		if err == engines.ErrWait {
			select {
			case <-h:
			case <-time.After(10 * time.Second):
				return fmt.Errorf("nobody woke a subscriber's host at message %d", got)
			}
			continue
		}
		if err != nil {
			return err
		}
		for _, m := range ms[:n] {
			if seq := int(binary.LittleEndian.Uint64(m.Body())); seq != got {
				return fmt.Errorf("message %d came as number %d", got, seq)
			}
			got++
		}
		engines.Release(ms[:n])
	}
	return nil
}

// Whatever waits on a hosted socket says so at once and unwrapped, and hears of
// the peer.
func TestHostedNeverWaits(t *testing.T) {
	for _, k := range engines.Kinds() {
		h := newHost()
		s := open(t, New(), k, engines.Options{Host: h})
		bind(t, s, "inproc://alone")
		if k.CanRecv() && k != engines.REQ {
			if n, err := s.Recv(make([]*engines.Msg, 1)); n != 0 || err != engines.ErrWait {
				t.Errorf("%s: Recv gives %d, %v", k, n, err)
			}
		}
		switch k {
		case engines.PUSH, engines.DEALER, engines.PAIR, engines.REQ:
			if _, err := s.Alloc(nil, 8); err != engines.ErrWait {
				t.Errorf("%s: Alloc gives %v", k, err)
			}
			peer := map[engines.Kind]engines.Kind{engines.PUSH: engines.PULL, engines.DEALER: engines.DEALER, engines.PAIR: engines.PAIR, engines.REQ: engines.REP}[k]
			connect(t, open(t, s.(*socket).engine, peer, engines.Options{}), "inproc://alone")
			select {
			case <-h:
			default:
				t.Errorf("%s: the host did not hear of a peer", k)
			}
			if _, err := s.Alloc(nil, 8); err != nil {
				t.Errorf("%s: Alloc gives %v", k, err)
			}
		}
	}
}

// A wake costs a system call: none comes that was not asked for.
func TestNoWakeUnasked(t *testing.T) {
	h := newHost()
	push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{Host: h})
	ms := make([]*engines.Msg, 4)
	for range 3 {
		for range 10 {
			send(t, push, nil, 8)
		}
		if len(h) != 0 {
			t.Fatal("a host was woken that had not been told to wait")
		}
		for {
			n, err := pull.Recv(ms)
			if err == engines.ErrWait {
				break
			}
			engines.Release(ms[:n])
		}
		send(t, push, nil, 8)
		if len(h) != 1 {
			t.Fatal("a host was not woken")
		}
		<-h
		discard(t, pull, ms)
	}
}
