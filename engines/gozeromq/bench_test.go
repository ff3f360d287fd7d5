package gozeromq

import (
	"context"
	"testing"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

// BenchmarkPushPull is the engine beside a bare loop over the library: 64 B
// bodies from one PUSH to one PULL.
func BenchmarkPushPull(b *testing.B) {
	for _, tr := range transports {
		b.Run(tr+"/engine", func(b *testing.B) { benchEngine(b, tr) })
		b.Run(tr+"/bare", func(b *testing.B) { benchBare(b, tr) })
	}
}

func benchEndpoint(b *testing.B, tr string) string {
	return map[string]string{"tcp": "tcp://127.0.0.1:0", "ipc": "ipc://" + b.TempDir() + "/s", "inproc": "inproc://bench"}[tr]
}

func benchEngine(b *testing.B, tr string) {
	e := New()
	pull, err := e.Open(b.Context(), engines.PULL, engines.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer pull.Close()
	push, err := e.Open(b.Context(), engines.PUSH, engines.Options{Payload: make([]byte, 64)})
	if err != nil {
		b.Fatal(err)
	}
	defer push.Close()
	bound, err := pull.Bind(benchEndpoint(b, tr))
	if err != nil {
		b.Fatal(err)
	}
	if err := push.Connect(bound); err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		ms := make([]*engines.Msg, 16)
		for got := 0; got < b.N; {
			n, err := pull.Recv(ms)
			if err != nil {
				done <- err
				return
			}
			engines.Release(ms[:n])
			got += n
		}
		done <- nil
	}()
	for range b.N {
		m, err := push.Alloc(nil, 64)
		if err == nil {
			err = push.Send(m)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

func benchBare(b *testing.B, tr string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pull, push := zmq4.NewPull(ctx), zmq4.NewPush(ctx)
	defer pull.Close()
	defer push.Close()
	ep := benchEndpoint(b, tr)
	if err := pull.Listen(ep); err != nil {
		b.Fatal(err)
	}
	if tr == "tcp" {
		ep = "tcp://" + pull.Addr().String()
	}
	if err := push.Dial(ep); err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	body := make([]byte, 64)
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		for range b.N {
			if _, err := pull.Recv(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range b.N {
		if err := push.SendMulti(zmq4.NewMsg(body)); err != nil {
			b.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
