package null

import (
	"context"
	"testing"

	"zbench/engines"
)

// couple returns two sockets that are connected; the second one is bound.
func couple(tb testing.TB, a, b engines.Kind, ao, bo engines.Options) (engines.Socket, engines.Socket) {
	tb.Helper()
	e := New()
	ao.Payload, bo.Payload = make([]byte, 1024), make([]byte, 1024)
	sb := open(tb, e, b, bo)
	sa := open(tb, e, a, ao)
	bind(tb, sb, "inproc://couple")
	connect(tb, sa, "inproc://couple")
	return sa, sb
}

func open(tb testing.TB, e *Engine, k engines.Kind, o engines.Options) engines.Socket {
	tb.Helper()
	s, err := e.Open(context.Background(), k, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

func bind(tb testing.TB, s engines.Socket, endpoint string) string {
	tb.Helper()
	bound, err := s.Bind(endpoint)
	if err != nil {
		tb.Fatal(err)
	}
	return bound
}

func connect(tb testing.TB, s engines.Socket, endpoint string) {
	tb.Helper()
	if err := s.Connect(endpoint); err != nil {
		tb.Fatal(err)
	}
}

func send(tb testing.TB, s engines.Socket, env [][]byte, size int) {
	m, err := s.Alloc(env, size)
	if err == nil {
		err = s.Send(m)
	}
	if err == nil {
		err = s.Flush()
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func pass(tb testing.TB, from, to engines.Socket, ms []*engines.Msg) {
	n, err := from.Recv(ms)
	for i := 0; i < n && err == nil; i++ {
		err = to.Send(ms[i])
	}
	if err == nil {
		err = to.Flush()
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func discard(tb testing.TB, s engines.Socket, ms []*engines.Msg) int {
	n, err := s.Recv(ms)
	if err != nil {
		tb.Fatal(err)
	}
	engines.Release(ms[:n])
	return n
}

func everything() engines.Options { return engines.Options{Subscribe: [][]byte{{}}} }

func TestNoAllocations(t *testing.T) {
	ms := make([]*engines.Msg, 64)
	topic := [][]byte{[]byte("topic")}
	cases := map[string]func(t *testing.T) func(){
		"PUSH-PULL": func(t *testing.T) func() {
			push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
			return func() {
				send(t, push, nil, 64)
				discard(t, pull, ms)
			}
		},
		"PUSH-PULL of three parts": func(t *testing.T) func() {
			push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
			env := [][]byte{[]byte("one"), []byte("two")}
			return func() {
				send(t, push, env, 64)
				discard(t, pull, ms)
			}
		},
		"large, PUSH-PULL": func(t *testing.T) func() {
			push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
			return func() {
				send(t, push, nil, 4*slotBytes)
				discard(t, pull, ms)
			}
		},
		"large, DEALER-ROUTER": func(t *testing.T) func() {
			dealer, router := couple(t, engines.DEALER, engines.ROUTER, engines.Options{}, engines.Options{})
			return func() {
				send(t, dealer, nil, 4*slotBytes)
				pass(t, router, router, ms)
				discard(t, dealer, ms)
			}
		},
		"REQ-REP": func(t *testing.T) func() {
			req, rep := couple(t, engines.REQ, engines.REP, engines.Options{}, engines.Options{})
			return func() {
				send(t, req, nil, 64)
				pass(t, rep, rep, ms)
				discard(t, req, ms)
			}
		},
		"DEALER-ROUTER": func(t *testing.T) func() {
			dealer, router := couple(t, engines.DEALER, engines.ROUTER, engines.Options{}, engines.Options{})
			return func() {
				send(t, dealer, nil, 64)
				pass(t, router, router, ms)
				discard(t, dealer, ms)
			}
		},
		"ROUTER-DEALER": func(t *testing.T) func() {
			dealer, router := couple(t, engines.DEALER, engines.ROUTER, engines.Options{Identity: []byte("me")}, engines.Options{})
			env := [][]byte{[]byte("me")}
			return func() {
				send(t, router, env, 64)
				pass(t, dealer, dealer, ms)
				discard(t, router, ms)
			}
		},
		"PUB-SUB": func(t *testing.T) func() {
			sub, pub := couple(t, engines.SUB, engines.PUB, everything(), engines.Options{})
			return func() {
				send(t, pub, topic, 64)
				discard(t, sub, ms)
			}
		},
		"PUB without SUB": func(t *testing.T) func() {
			pub := open(t, New(), engines.PUB, engines.Options{})
			return func() { send(t, pub, topic, 64) }
		},
		"PUB-SUB, four subscribers": func(t *testing.T) func() {
			e := New()
			pub := open(t, e, engines.PUB, engines.Options{})
			bind(t, pub, "inproc://fan")
			var subs []engines.Socket
			for range 4 {
				sub := open(t, e, engines.SUB, everything())
				connect(t, sub, "inproc://fan")
				subs = append(subs, sub)
			}
			return func() {
				send(t, pub, topic, 64)
				for _, sub := range subs {
					discard(t, sub, ms)
				}
			}
		},
		"forwarder, two subscribers": func(t *testing.T) func() {
			e := New()
			pub := open(t, e, engines.PUB, engines.Options{})
			bind(t, pub, "inproc://up")
			xsub := open(t, e, engines.XSUB, everything())
			connect(t, xsub, "inproc://up")
			xpub := open(t, e, engines.XPUB, engines.Options{Use: engines.SendOnly})
			bind(t, xpub, "inproc://down")
			a, b := open(t, e, engines.SUB, everything()), open(t, e, engines.SUB, everything())
			connect(t, a, "inproc://down")
			connect(t, b, "inproc://down")
			return func() {
				send(t, pub, topic, 64)
				pass(t, xsub, xpub, ms)
				discard(t, a, ms)
				discard(t, b, ms)
			}
		},
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			once := prepare(t)
			for range 100 {
				once() // fills the pools
			}
			if allocations := testing.AllocsPerRun(500, once); allocations != 0 {
				t.Errorf("%v allocations a message", allocations)
			}
		})
	}
}

// BenchmarkPushPull streams 64 bytes from one goroutine to another.
func BenchmarkPushPull(b *testing.B) {
	push, pull := couple(b, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
	b.ReportAllocs()
	go func() {
		for range b.N {
			m, err := push.Alloc(nil, 64)
			if err != nil || push.Send(m) != nil {
				return
			}
		}
		push.Flush()
	}()
	ms := make([]*engines.Msg, 64)
	for got := 0; got < b.N; {
		got += discard(b, pull, ms)
	}
}

// BenchmarkPubSub delivers 64 bytes to four subscribers, each on a goroutine of
// its own; the time is that of one published message.
func BenchmarkPubSub(b *testing.B) {
	e := New()
	pub := open(b, e, engines.PUB, engines.Options{})
	bind(b, pub, "inproc://fan")
	done := make(chan struct{})
	for range 4 {
		sub := open(b, e, engines.SUB, everything())
		connect(b, sub, "inproc://fan")
		go func() {
			ms := make([]*engines.Msg, 64)
			for got := 0; got < b.N; {
				n, err := sub.Recv(ms)
				if err != nil {
					break
				}
				engines.Release(ms[:n])
				got += n
			}
			done <- struct{}{}
		}()
	}
	b.ReportAllocs()
	topic := [][]byte{[]byte("topic")}
	for range b.N {
		m, err := pub.Alloc(topic, 64)
		if err == nil {
			err = pub.Send(m)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	pub.Flush()
	for range 4 {
		<-done
	}
}

// BenchmarkReqRep is one round trip of 64 bytes between two goroutines.
func BenchmarkReqRep(b *testing.B) {
	req, rep := couple(b, engines.REQ, engines.REP, engines.Options{}, engines.Options{})
	b.ReportAllocs()
	go func() {
		ms := make([]*engines.Msg, 1)
		for {
			if _, err := rep.Recv(ms); err != nil || rep.Send(ms[0]) != nil {
				return
			}
		}
	}()
	ms := make([]*engines.Msg, 1)
	for range b.N {
		send(b, req, nil, 64)
		discard(b, req, ms)
	}
}
