//go:build !race && !zmtpdebug

package zmtp

import (
	"testing"

	"zbench/engines"
)

// cycle is one message from one socket to another, and back where it is asked
// for.
type cycle struct {
	name     string
	from, to engines.Kind
	env      [][]byte
	back     bool
}

func cycles() []cycle {
	return []cycle{
		{"push-pull", engines.PUSH, engines.PULL, nil, false},
		{"pub-sub", engines.PUB, engines.SUB, [][]byte{[]byte("topic")}, false},
		{"pair", engines.PAIR, engines.PAIR, nil, true},
		{"req-rep", engines.REQ, engines.REP, nil, true},
		{"dealer-router", engines.DEALER, engines.ROUTER, nil, true},
		{"dealer-rep", engines.DEALER, engines.REP, [][]byte{{}}, true},
	}
}

// run sends a message through both sockets once.
func (c cycle) run(tb testing.TB, from, to engines.Socket, ms []*engines.Msg, size int) {
	m, err := from.Alloc(c.env, size)
	if err == nil {
		err = from.Send(m)
	}
	if err == nil {
		err = from.Flush()
	}
	if err == nil {
		_, err = to.Recv(ms)
	}
	if err == nil && c.back {
		if err = to.Send(ms[0]); err == nil {
			err = to.Flush()
		}
		if err == nil {
			_, err = from.Recv(ms)
		}
	}
	if err != nil {
		tb.Fatal(err)
	}
	engines.Release(ms)
}

func (c cycle) open(tb testing.TB, endpoint string, size int) (from, to engines.Socket) {
	e := New()
	payload := make([]byte, size)
	// An XPUB learns when its subscriber is there.
	kind := c.from
	if kind == engines.PUB {
		kind = engines.XPUB
	}
	from = openTest(tb, e, kind, engines.Options{Use: engines.Turns, Payload: payload})
	to = openTest(tb, e, c.to, engines.Options{Use: engines.Turns, Payload: payload, Subscribe: [][]byte{[]byte("to")}})
	ep, err := from.Bind(endpoint)
	if err != nil {
		tb.Fatal(err)
	}
	connectTest(tb, to, ep)
	if kind == engines.XPUB {
		expectTest(tb, from, "\x01to")
	}
	return from, to
}

func TestAllocations(t *testing.T) {
	for _, endpoint := range []string{"tcp://127.0.0.1:*", "inproc://allocations"} {
		for _, c := range cycles() {
			for _, size := range []int{64, 100_000} {
				from, to := c.open(t, endpoint, size)
				ms := make([]*engines.Msg, 1)
				for range 600 {
					c.run(t, from, to, ms, size)
				}
				if n := testing.AllocsPerRun(1000, func() { c.run(t, from, to, ms, size) }); n > 0 {
					t.Errorf("%s of %d bytes over %s: %v allocations a message", c.name, size, endpoint, n)
				}
				_, _ = from.Close(), to.Close() // never fail
			}
		}
	}
}

// BenchmarkRoundTrip is both sides in one process, in turn.
func BenchmarkRoundTrip(b *testing.B) {
	for _, endpoint := range []string{"tcp://127.0.0.1:*", "inproc://allocations"} {
		for _, c := range cycles() {
			b.Run(c.name+"/"+endpoint[:3], func(b *testing.B) {
				from, to := c.open(b, endpoint, 64)
				ms := make([]*engines.Msg, 1)
				b.ReportAllocs()
				for b.Loop() {
					c.run(b, from, to, ms, 64)
				}
			})
		}
	}
}
