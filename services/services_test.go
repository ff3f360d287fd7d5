package services

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/engines/null"
)

const wait = 10 * time.Second

// serve runs a service until stop; wait gives what it did.
func serve(t *testing.T, set *Setup, play func(context.Context) (Summary, error)) (stop func(), ended func() (Summary, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	t.Cleanup(cancel)
	ready, done := make(chan struct{}), make(chan struct{})
	set.OnReady = func([]string) { close(ready) }
	var sum Summary
	var err error
	go func() {
		defer close(done)
		sum, err = play(ctx)
	}()
	select {
	case <-ready:
	case <-done:
		t.Fatal(err)
	}
	return cancel, func() (Summary, error) { <-done; return sum, err }
}

func join(t *testing.T, e engines.Engine, k engines.Kind, endpoint string, o engines.Options) engines.Socket {
	t.Helper()
	if o.Use == 0 {
		o.Use = engines.Turns
	}
	s, err := e.Open(context.Background(), k, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Connect(endpoint); err != nil {
		t.Fatal(err)
	}
	return s
}

func send(t *testing.T, s engines.Socket, frames ...string) {
	t.Helper()
	m := new(engines.Msg)
	for _, f := range frames {
		m.Frames = append(m.Frames, []byte(f))
	}
	if err := errors.Join(s.Send(m), s.Flush()); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, s engines.Socket) (frames []string) {
	t.Helper()
	ms := make([]*engines.Msg, 1)
	for n := 0; n == 0; {
		var err error
		if n, err = s.Recv(ms); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range ms[0].Frames {
		frames = append(frames, string(f))
	}
	engines.Release(ms)
	return frames
}

func alike(a, b []string) bool {
	var x, y [][]byte
	for _, s := range a {
		x = append(x, []byte(s))
	}
	for _, s := range b {
		y = append(y, []byte(s))
	}
	return len(a) == len(b) && bytes.Equal(bytes.Join(x, []byte{'|'}), bytes.Join(y, []byte{'|'}))
}

var anything = [][]string{{"a"}, {""}, {"a", "", "c"}, {"", ""}, {string(make([]byte, 1000))}}

// TestEcho: whatever comes goes back, and clients may leave.
func TestEcho(t *testing.T) {
	for _, c := range []struct{ echo, client engines.Kind }{
		{engines.REP, engines.REQ}, {engines.ROUTER, engines.REQ}, {engines.ROUTER, engines.DEALER}, {engines.DEALER, engines.DEALER},
	} {
		e := null.New()
		set := Setup{Engine: e, Kind: c.echo, Listen: true, Endpoints: []string{"tcp://127.0.0.1:5001"}}
		stop, ended := serve(t, &set, func(ctx context.Context) (Summary, error) {
			return Echo(ctx, set, drivers.Delay{Mean: time.Microsecond}, drivers.Stall{})
		})
		for range 2 {
			s := join(t, e, c.client, set.Endpoints[0], engines.Options{})
			for _, want := range anything {
				send(t, s, want...)
				if got := receive(t, s); !alike(got, want) {
					t.Errorf("%v to %v: %q, want %q", c.client, c.echo, got, want)
				}
			}
			s.Close()
		}
		stop()
		sum, err := ended()
		if err != nil || sum.Messages != uint64(2*len(anything)) || sum.Errors != 0 {
			t.Errorf("%v to %v: %v %+v", c.client, c.echo, err, sum)
		}
	}
}

// TestBroker: requests go through and replies come back, and a forwarder passes
// on what was subscribed to.
func TestBroker(t *testing.T) {
	e := null.New()
	b := Broker{
		Front: Setup{Engine: e, Kind: engines.ROUTER, Listen: true, Endpoints: []string{"tcp://127.0.0.1:5001"}, Until: Until{Count: 20}},
		Back:  Setup{Engine: e, Kind: engines.DEALER, Listen: true, Endpoints: []string{"tcp://127.0.0.1:5002"}},
	}
	_, ended := serve(t, &b.Front, func(ctx context.Context) (Summary, error) { return b.Run(ctx) })
	echo := Setup{Engine: e, Kind: engines.REP, Sockets: 2, Endpoints: b.Back.Endpoints}
	stopEcho, _ := serve(t, &echo, func(ctx context.Context) (Summary, error) {
		return Echo(ctx, echo, drivers.Delay{}, drivers.Stall{})
	})
	defer stopEcho()
	s := join(t, e, engines.REQ, b.Front.Endpoints[0], engines.Options{})
	for i := range 20 {
		want := anything[i%len(anything)]
		send(t, s, want...)
		if i == 19 {
			break // the broker has passed its last
		}
		if got := receive(t, s); !alike(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if sum, err := ended(); err != nil || sum.Messages != 20 || sum.Back < 19 {
		t.Errorf("%v %+v", err, sum)
	}
}

// TestSource: as many as were asked for, all parts of all sizes, stamped.
func TestSource(t *testing.T) {
	rate, err := load.ParseRate("50k")
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := drivers.ParseSizes("32:50%+100:50%")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source, client engines.Kind
		topics         int
		rate           load.Rate
	}{
		{engines.PUSH, engines.PULL, 0, load.Rate{}}, {engines.PAIR, engines.PAIR, 0, rate}, {engines.DEALER, engines.ROUTER, 0, rate},
		{engines.PUB, engines.SUB, 2, rate},
	} {
		e := null.New()
		set := Setup{Engine: e, Kind: c.source, Listen: true, Endpoints: []string{"tcp://127.0.0.1:5001"}, Frames: 2, MinFrame: 32, MaxFrame: 100}
		set.Count = 400
		_, ended := serve(t, &set, func(ctx context.Context) (Summary, error) {
			return Source(ctx, set, Load{Rate: c.rate, Sizes: sizes, Frames: 2, Payload: "zero", Topics: c.topics, Name: "x", Seed: 1})
		})
		s := join(t, e, c.client, set.Endpoints[0], engines.Options{Use: use(c.client), Subscribe: [][]byte{[]byte("topic-0001")}})
		want, skip := 400, 0
		if c.topics > 0 {
			want, skip = 200, 1
		} else if c.client == engines.ROUTER {
			skip = 1
		}
		for i := range want {
			m := receive(t, s)
			if len(m) != skip+2 || len(m[skip]) != len(m[skip+1]) || m[skip+1][0] != 0x5a {
				t.Fatalf("%v: message %d is %q", c.source, i, m)
			}
		}
		sum, err := ended()
		if err != nil || sum.Messages != 400 || sum.Unsent != 0 || (sum.Late != nil) != !c.rate.IsZero() {
			t.Errorf("%v: %v %+v", c.source, err, sum)
		}
	}
}

func use(k engines.Kind) engines.Use {
	if k.CanSend() {
		return engines.Turns
	}
	return engines.RecvOnly
}

func TestEndedEarly(t *testing.T) {
	set := Setup{Engine: null.New(), Kind: engines.PUSH, Listen: true, Endpoints: []string{"tcp://127.0.0.1:5001"}}
	set.Duration = time.Minute
	stop, ended := serve(t, &set, func(ctx context.Context) (Summary, error) {
		return Source(ctx, set, Load{Sizes: drivers.SizeMix{{Bytes: 1, Share: 1}}, Payload: "zero"})
	})
	stop()
	if sum, err := ended(); !errors.Is(err, drivers.ErrNotServed) || sum.Messages != 0 {
		t.Errorf("%v %+v", err, sum)
	}
}

func TestCheck(t *testing.T) {
	for _, endpoint := range []string{"inproc://x", "nowhere"} {
		set := Setup{Engine: null.New(), Kind: engines.REP, Endpoints: []string{endpoint}}
		if err := set.Check(EchoUse); !errors.Is(err, drivers.ErrInvalid) {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}
