package drivers

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/zmtp"
	"zbench/results"
)

// answerer is what a fake service does with a request; n counts them from 0.
type answerer func(s engines.Socket, m *engines.Msg, n int)

// fake is a service of somebody else.
type fake struct {
	t    *testing.T
	kind engines.Kind
	at   string
	hand answerer

	n    atomic.Int64
	sock engines.Socket
	done sync.WaitGroup
}

// startFake serves at a free port.
func startFake(t *testing.T, k engines.Kind, hand answerer) *fake {
	t.Helper()
	f := &fake{t: t, kind: k, at: "tcp://127.0.0.1:0", hand: hand}
	f.start()
	t.Cleanup(f.kill)
	return f
}

func (f *fake) start() {
	s, err := zmtp.New().Open(context.Background(), f.kind, engines.Options{Use: engines.Turns, Linger: time.Millisecond})
	if err != nil {
		f.t.Error(err)
		return
	}
	f.sock = s
	for try := 0; ; try++ { // the port may be held for a moment
		bound, err := s.Bind(f.at)
		if err == nil {
			f.at = bound
			break
		}
		if try == 200 {
			f.t.Error(err)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.done.Go(func() {
		ms := make([]*engines.Msg, 64)
		for {
			n, err := s.Recv(ms)
			if err != nil {
				return
			}
			for _, m := range ms[:n] {
				f.hand(s, m, int(f.n.Add(1)-1))
			}
			s.Flush()
		}
	})
}

func (f *fake) kill() {
	f.sock.Close()
	f.done.Wait()
}

// say answers m with a body.
func say(s engines.Socket, m *engines.Msg, body string) {
	env := make([][]byte, 0, 2)
	for _, frame := range m.Frames[:len(m.Frames)-1] {
		env = append(env, append([]byte{}, frame...))
	}
	out, err := s.Alloc(env, len(body))
	if err != nil {
		return
	}
	copy(out.Body(), body)
	s.Send(out)
}

func echo(s engines.Socket, m *engines.Msg, _ int) { s.Send(m) }

func world(s engines.Socket, m *engines.Msg, _ int) { say(s, m, "World") }

func nothing(engines.Socket, *engines.Msg, int) {}

// fifth does something else with the requests 5, 15, 25, …
func fifth(wrong, right answerer) answerer {
	return func(s engines.Socket, m *engines.Msg, n int) {
		if n%10 == 5 {
			wrong(s, m, n)
			return
		}
		right(s, m, n)
	}
}

// loadFake runs a cell against a service.
func loadFake(t *testing.T, f *fake, change func(*results.Cell)) results.Run {
	t.Helper()
	return runCellOn(t, zmtp.New(), func(c *results.Cell) {
		c.Engine, c.Endpoints, c.Listen = "zmtp", []string{f.at}, "peer"
		change(c)
	})
}
