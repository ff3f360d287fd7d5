package null

import (
	"context"
	"testing"

	"zbench/engines"
)

// open2 returns two sockets that are connected.
func open2(tb testing.TB, a, b engines.Kind, ao, bo engines.Options) (engines.Socket, engines.Socket) {
	tb.Helper()
	e := New()
	ao.Payload, bo.Payload = make([]byte, 1024), make([]byte, 1024)
	sa, err := e.Open(context.Background(), a, ao)
	if err != nil {
		tb.Fatal(err)
	}
	sb, err := e.Open(context.Background(), b, bo)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := sb.Bind("inproc://speed"); err != nil {
		tb.Fatal(err)
	}
	if err := sa.Connect("inproc://speed"); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { sa.Close(); sb.Close() })
	return sa, sb
}

func send(tb testing.TB, s engines.Socket, env [][]byte, size int) {
	m, err := s.Alloc(env, size)
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.Send(m); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkPushPull(b *testing.B) {
	push, pull := open2(b, engines.PUSH, engines.PULL, engines.Options{Use: engines.SendOnly}, engines.Options{Use: engines.RecvOnly})
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
		n, err := pull.Recv(ms)
		if err != nil {
			b.Fatal(err)
		}
		got += n
		engines.Release(ms[:n])
	}
}

func BenchmarkReqRep(b *testing.B) {
	req, rep := open2(b, engines.REQ, engines.REP, engines.Options{Use: engines.Turns}, engines.Options{Use: engines.Turns})
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
		if _, err := req.Recv(ms); err != nil {
			b.Fatal(err)
		}
		engines.Release(ms)
	}
}
