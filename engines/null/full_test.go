package null

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

const maxSlots = maxSegments * segmentSlots

// A full lane blocks every kind, publishers too, and nothing is dropped.
func TestFullLaneBlocks(t *testing.T) {
	const fit = 4096 // of couple's 1024 bytes
	const total = 3 * fit
	for _, c := range []struct{ from, to engines.Kind }{
		{engines.PUSH, engines.PULL},
		{engines.DEALER, engines.DEALER},
		{engines.PAIR, engines.PAIR},
		{engines.PUB, engines.SUB},
		{engines.XPUB, engines.XSUB},
	} {
		t.Run(c.from.String(), func(t *testing.T) {
			to, from := couple(t, c.to, c.from, everything(), engines.Options{})
			var sent atomic.Int64
			go func() {
				for i := range total {
					m, err := from.Alloc(nil, 8)
					if err != nil {
						return
					}
					binary.LittleEndian.PutUint64(m.Body(), uint64(i))
					if from.Send(m) != nil {
						return
					}
					sent.Add(1)
				}
				from.Flush()
			}()
			for end := time.Now().Add(10 * time.Second); sent.Load() < fit; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%d messages sent, %d fit", sent.Load(), fit)
				}
			}
			time.Sleep(20 * time.Millisecond)
			if n := sent.Load(); n > fit+1 {
				t.Fatalf("%d messages sent to a peer that does not receive, %d fit", n, fit)
			}
			ms := make([]*engines.Msg, 50)
			for want := 0; want < total; {
				n, err := to.Recv(ms)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range ms[:n] {
					if got := int(binary.LittleEndian.Uint64(m.Body())); got != want {
						t.Fatalf("message %d came as number %d", got, want)
					}
					want++
				}
				engines.Release(ms[:n])
			}
		})
	}
}

// Large bodies get fewer slots, so that a full lane stays within memory.
func TestSlotsShrinkWithBodies(t *testing.T) {
	from := &socket{engine: New()}
	for _, c := range []struct{ payload, want int }{{0, maxSlots}, {1024, 4096}, {64 << 10, 64}, {1 << 20, 4}, {64 << 20, 4}} {
		l := newLane(from, nil, make([]byte, c.payload))
		if got := l.per * l.most; got != c.want {
			t.Errorf("%d slots for bodies of %d bytes, want %d", got, c.payload, c.want)
		}
	}
}

// Of a message that goes to several subscribers every one holds the bytes until
// it has released them.
func TestSharedBytesStay(t *testing.T) {
	for _, size := range []int{64, 4 * slotBytes} {
		t.Run(fmt.Sprint(size), func(t *testing.T) { sharedBytesStay(t, size) })
	}
}

func sharedBytesStay(t *testing.T, size int) {
	e := New()
	pub := open(t, e, engines.PUB, engines.Options{})
	bind(t, pub, "inproc://fan")
	a, b := open(t, e, engines.SUB, everything()), open(t, e, engines.SUB, everything())
	connect(t, a, "inproc://fan")
	connect(t, b, "inproc://fan")
	publish := func(first byte) {
		m, err := pub.Alloc(nil, size)
		if err != nil {
			t.Fatal(err)
		}
		m.Body()[0] = first
		if err := pub.Send(m); err != nil {
			t.Fatal(err)
		}
		pub.Flush()
	}
	publish(1)
	held := make([]*engines.Msg, 1)
	a.Recv(held)
	ms := make([]*engines.Msg, 1)
	discard(t, b, ms)
	for i := range 100 {
		publish(byte(i + 2))
		discard(t, a, ms)
		discard(t, b, ms)
	}
	if got := held[0].Body()[0]; got != 1 {
		t.Errorf("a held message now reads %d", got)
	}
	engines.Release(held)
}

// A lane that never holds much stays small, whatever passes.
func TestLaneDoesNotGrow(t *testing.T) {
	push, pull := couple(t, engines.PUSH, engines.PULL, engines.Options{}, engines.Options{})
	ms := make([]*engines.Msg, 1)
	for range 10 * segmentSlots {
		send(t, push, nil, 64)
		discard(t, pull, ms)
	}
	if n := len(push.(*socket).live.Load().ends[0].out.all); n != 1 {
		t.Errorf("%d segments for messages that were sent one at a time", n)
	}
}
