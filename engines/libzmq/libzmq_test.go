//go:build libzmq

package libzmq_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/libzmq"
)

func open(t *testing.T, e engines.Engine, k engines.Kind, o engines.Options) engines.Socket {
	t.Helper()
	s, err := e.Open(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func bound(t *testing.T, s engines.Socket, endpoint string) string {
	t.Helper()
	at, err := s.Bind(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func say(s engines.Socket, text string) error {
	m, err := s.Alloc(nil, len(text))
	if err != nil {
		return err
	}
	copy(m.Body(), text)
	if err := s.Send(m); err != nil {
		return err
	}
	return s.Flush()
}

// quiet is how long nothing has to arrive.
const quiet = 200 * time.Millisecond

// TestSecurityKeepsOut: what a peer with the wrong name or key sends never
// arrives, and the right one's does.
func TestSecurityKeepsOut(t *testing.T) {
	server := engines.Curve{PublicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", SecretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"}
	client := server
	client.ServerKey = server.PublicKey
	stranger := server
	stranger.ServerKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
	for name, c := range map[string]struct{ server, wrong, right engines.Security }{
		"PLAIN password": {
			engines.Security{Username: "user", Password: "secret"},
			engines.Security{Username: "user", Password: "guess"},
			engines.Security{Username: "user", Password: "secret"},
		},
		"PLAIN against NULL": {
			engines.Security{Username: "user", Password: "secret"},
			engines.Security{},
			engines.Security{Username: "user", Password: "secret"},
		},
		"CURVE": {engines.Security{Curve: server}, engines.Security{Curve: stranger}, engines.Security{Curve: client}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := libzmq.New()
			pull := open(t, e, engines.PULL, engines.Options{Use: engines.RecvOnly, Security: c.server})
			at := bound(t, pull, "tcp://127.0.0.1:0")
			arrived := make(chan string, 1)
			go func() {
				ms := make([]*engines.Msg, 1)
				if n, err := pull.Recv(ms); err == nil && n == 1 {
					arrived <- string(ms[0].Body())
					engines.Release(ms)
				}
			}()
			wrong := open(t, e, engines.PUSH, engines.Options{Use: engines.SendOnly, Security: c.wrong})
			if err := wrong.Connect(at); err != nil {
				t.Fatal(err)
			}
			go say(wrong, "wrong")
			select {
			case text := <-arrived:
				t.Fatalf("%q got in", text)
			case <-time.After(quiet):
			}
			right := open(t, e, engines.PUSH, engines.Options{Use: engines.SendOnly, Security: c.right})
			if err := right.Connect(at); err != nil {
				t.Fatal(err)
			}
			go say(right, "right")
			select {
			case text := <-arrived:
				if text != "right" {
					t.Fatalf("%q got in", text)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("nobody got in")
			}
		})
	}
}

// TestRefusesSecurity: what cannot be a key is refused before anything starts,
// and a CURVE client must know its server.
func TestRefusesSecurity(t *testing.T) {
	e := libzmq.New()
	for name, s := range map[string]engines.Security{
		"short key":              {Curve: engines.Curve{PublicKey: "short", SecretKey: "short"}},
		"a character not in Z85": {Curve: engines.Curve{PublicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{h ~", SecretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"}},
		"two mechanisms":         {Username: "user", Curve: engines.Curve{PublicKey: "x"}},
		"password alone":         {Password: "secret"},
	} {
		n := engines.Need{Kind: engines.PUSH, Transport: "tcp", Options: engines.Options{Security: s}}
		if err := e.Supports(n); !errors.Is(err, engines.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	push := open(t, e, engines.PUSH, engines.Options{Security: engines.Security{Curve: engines.Curve{
		PublicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", SecretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
	}}})
	if err := push.Connect("tcp://127.0.0.1:9"); err == nil {
		t.Error("a CURVE client connects without the server's key")
	}
}

// TestBatchGoesOutByItself: 64 messages wait for no Flush.
func TestBatchGoesOutByItself(t *testing.T) {
	e := libzmq.New()
	pull := open(t, e, engines.PULL, engines.Options{Use: engines.RecvOnly})
	at := bound(t, pull, "inproc://batch")
	push := open(t, e, engines.PUSH, engines.Options{Use: engines.SendOnly})
	if err := push.Connect(at); err != nil {
		t.Fatal(err)
	}
	for range 64 {
		m, err := push.Alloc(nil, 8)
		if err != nil {
			t.Fatal(err)
		}
		if err := push.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	ms := make([]*engines.Msg, 64)
	for got := 0; got < 64; {
		n, err := pull.Recv(ms)
		if err != nil {
			t.Fatal(err)
		}
		got += n
		engines.Release(ms[:n])
	}
}

// TestAllocations: in steady state a message costs no memory of Go, whether it
// is made, received or sent back.
func TestAllocations(t *testing.T) {
	e := libzmq.New()
	echo := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns})
	at := bound(t, echo, "tcp://127.0.0.1:0")
	load := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns})
	if err := load.Connect(at); err != nil {
		t.Fatal(err)
	}
	const window = 32
	env := [][]byte{[]byte("topic"), []byte("part")}
	ms := make([]*engines.Msg, window)
	collect := func(s engines.Socket, back bool) {
		for got := 0; got < window; {
			n, err := s.Recv(ms)
			if err != nil {
				t.Fatal(err)
			}
			got += n
			for _, m := range ms[:n] {
				if back {
					err = errors.Join(err, s.Send(m))
				}
			}
			if !back {
				engines.Release(ms[:n])
			}
			if err = errors.Join(err, s.Flush()); err != nil {
				t.Fatal(err)
			}
		}
	}
	round := func() {
		for range window {
			m, err := load.Alloc(env, 64)
			if err != nil {
				t.Fatal(err)
			}
			if err := load.Send(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := load.Flush(); err != nil {
			t.Fatal(err)
		}
		collect(echo, true)
		collect(load, false)
	}
	for range 10 {
		round()
	}
	if n := testing.AllocsPerRun(50, round); n > 1 {
		t.Errorf("%d messages there and back took %.0f allocations", window, n)
	}
}

// TestLastReply: a reply that has arrived is received though the peer that sent
// it is gone.
func TestLastReply(t *testing.T) {
	e := libzmq.New()
	rep := open(t, e, engines.REP, engines.Options{Use: engines.Turns})
	at := bound(t, rep, "tcp://127.0.0.1:0")
	req := open(t, e, engines.REQ, engines.Options{Use: engines.Turns})
	if err := req.Connect(at); err != nil {
		t.Fatal(err)
	}
	if err := say(req, "ask"); err != nil {
		t.Fatal(err)
	}
	ms := make([]*engines.Msg, 1)
	if _, err := rep.Recv(ms); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(rep.Send(ms[0]), rep.Flush(), rep.Close()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(quiet) // for the connection to end
	late := time.AfterFunc(10*time.Second, func() { req.Close() })
	defer late.Stop()
	if _, err := req.Recv(ms); err != nil || string(ms[0].Body()) != "ask" {
		t.Errorf("the last reply: %v", err)
	}
}
