package drivers

import (
	"context"
	"testing"
	"time"

	"zbench/engines"
	"zbench/results"
)

// scripted is an engine whose sockets do what a test says, and never wait.
type scripted struct{ opened []*scriptedSocket }

func (*scripted) Name() string                { return "scripted" }
func (*scripted) Version() string             { return "1" }
func (*scripted) Supports(engines.Need) error { return nil }

func (e *scripted) Open(_ context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	s := &scriptedSocket{kind: k, room: 1 << 30, payload: o.Payload}
	e.opened = append(e.opened, s)
	return s, nil
}

// scriptedSocket keeps what is sent.
type scriptedSocket struct {
	kind    engines.Kind
	payload []byte
	room    int // messages that fit
	sent    [][]byte
	flushed int  // of those
	stuck   bool // Flush finds no room
	closed  bool
	msg     engines.Msg
}

func (s *scriptedSocket) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if s.room == 0 {
		return nil, engines.ErrWait
	}
	body := make([]byte, size)
	copy(body, s.payload)
	s.msg = engines.Msg{Frames: append(append([][]byte{}, env...), body)}
	return &s.msg, nil
}

func (s *scriptedSocket) Send(m *engines.Msg) error {
	if s.room == 0 {
		return engines.ErrWait
	}
	s.room--
	s.sent = append(s.sent, m.Body())
	return nil
}

func (s *scriptedSocket) Flush() error {
	if s.stuck {
		return engines.ErrWait
	}
	s.flushed = len(s.sent)
	return nil
}

func (s *scriptedSocket) Recv([]*engines.Msg) (int, error) { return 0, engines.ErrWait }
func (s *scriptedSocket) Bind(e string) (string, error)    { return e, nil }
func (s *scriptedSocket) Connect(string) error             { return nil }
func (s *scriptedSocket) Close() error                     { s.closed = true; return nil }

// scene is a run on scripted sockets whose machines the test steps, with a clock
// that it holds.
type scene struct {
	*run
	t     *testing.T
	time  int64 // of the clock
	start int64
	done  bool
}

// play makes a run that has begun: all paths are open, and the clock stands a
// millisecond before the start.
func play(t *testing.T, change func(*results.Cell)) *scene {
	t.Helper()
	c := NewCell()
	c.Engine, c.WarmupS, c.DurationS = "scripted", 0, 100
	change(&c)
	if err := Resolve(&c); err != nil {
		t.Fatal(err)
	}
	e := &scripted{}
	p, err := newPlan(Setup{ID: t.Name(), Cell: c, Load: e, Middle: e, Peer: e, Seed: 1, Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if p.payload, err = newPayload("random", p.sizes.Max(), p.run); err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, time: int64(time.Hour), run: &run{plan: p, barrier: newBarrier(p)}}
	s.clock = func() int64 { return s.time }
	if err := s.open(context.Background(), &results.Cell{}); err != nil {
		t.Fatal(err)
	}
	s.loads.Add(len(s.clients))
	clear(s.barrier.expected)
	s.start = s.time + int64(time.Millisecond)
	s.end = s.start + int64(seconds(c.DurationS))
	if err := s.collect(s.start, time.Now(), Output{}); err != nil {
		t.Fatal(err)
	}
	s.run.start.Store(s.start)
	for _, c := range s.clients {
		c.stage = waiting
	}
	t.Cleanup(func() { s.outcome() })
	return s
}

// at sets the clock to so long after the start and steps a machine.
func (s *scene) at(d time.Duration, m machine) (next time.Duration) {
	s.time = s.start + int64(d)
	at, _ := m.step(s.time)
	if at == never {
		return time.Duration(never)
	}
	return time.Duration(at - s.start)
}

// outcome ends the run.
func (s *scene) outcome() *results.Outcome {
	if s.done {
		return nil
	}
	s.done = true
	for _, c := range s.clients {
		c.close()
	}
	o, err := s.col.Stop(s.totals())
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// scriptedOf is the script of a socket.
func scriptedOf(s engines.Socket) *scriptedSocket { return s.(*scriptedSocket) }

// stamps are those of what was sent.
func (s *scene) stamps(c *client) (all []stamp) {
	for _, b := range scriptedOf(c.sock).sent {
		var st stamp
		if !st.read(b, c.plan.run) {
			s.t.Fatal("a body has no stamp")
		}
		all = append(all, st)
	}
	return all
}

// back makes messages of what a socket sent, from message i on.
func back(s engines.Socket, i int) (ms []*engines.Msg) {
	for _, b := range scriptedOf(s).sent[i:] {
		ms = append(ms, &engines.Msg{Frames: [][]byte{b}})
	}
	return ms
}
