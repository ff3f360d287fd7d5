package zmtp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"zbench/engines"
)

// stampTest is how much of a body a driver overwrites.
const stampTest = 32

// randomPayload is n bytes that look the same nowhere.
func randomPayload(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b) // never fails
	return b
}

// TestBodiesHoldThePayload sends bodies of many shapes through chunks that
// have held others, over transports that share them.
func TestBodiesHoldThePayload(t *testing.T) {
	const messages = 1200
	e, payload := New(), randomPayload(70_000)
	small := []int{0, 1, 14, 46, 62, 64, 250, 256}
	for _, mix := range [][]int{
		{40_000}, {50_000}, {65_536}, {33_000, 65_536}, {64, 40_000}, {62, 64}, {0, 64, 62},
		small, append([]int{16_384, 32_768, 40_000, 65_537}, small...),
	} {
		for _, c := range []struct {
			from, to engines.Kind
			endpoint string
		}{
			{engines.PUSH, engines.PULL, "tcp://127.0.0.1:*"},
			{engines.PUSH, engines.PULL, "inproc://payload"},
			{engines.XPUB, engines.SUB, "tcp://127.0.0.1:*"},
			{engines.XPUB, engines.SUB, "inproc://payload"},
		} {
			for _, parts := range []int{0, 1} {
				t.Run(fmt.Sprintf("%d/%v/%.3s/%d parts", mix, c.from, c.endpoint, parts), func(t *testing.T) {
					o := engines.Options{Use: engines.Turns, Payload: payload, SendHWM: messages, Subscribe: [][]byte{nil}}
					from, to := openTest(t, e, c.from, o), openTest(t, e, c.to, o)
					ep, err := from.Bind(c.endpoint)
					if err != nil {
						t.Fatal(err)
					}
					connectTest(t, to, ep)
					if c.from == engines.XPUB {
						expectTest(t, from, "\x01")
					}
					done := make(chan error, 1)
					go func() { done <- checkBodies(to, payload, messages) }()
					sendShapes(t, from, mix, parts, messages)
					if err := <-done; err != nil {
						t.Error(err)
					}
					_, _ = from.Close(), to.Close() // never fail
				})
			}
		}
	}
}

// sendShapes sends n messages of the sizes of mix, stamped, behind so many
// parts of changing length, and flushes now and then.
func sendShapes(t *testing.T, s engines.Sender, mix []int, parts, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		env := make([][]byte, parts)
		for k := range env {
			env[k] = make([]byte, r.IntN(9))
			if r.IntN(16) == 0 {
				env[k] = make([]byte, 60_000+40_000*r.IntN(2)) // takes a new chunk, of one class or the next
			}
		}
		m, err := s.Alloc(env, mix[r.IntN(len(mix))])
		if err != nil {
			t.Fatal(err)
		}
		if b := m.Body(); len(b) >= stampTest {
			for k := range b[:stampTest] {
				b[k] = byte(i)
			}
		}
		if err := s.Send(m); err != nil {
			t.Fatal(err)
		}
		if i == n-1 || r.IntN(8) == 0 {
			if err := s.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// checkBodies receives n messages and returns what is wrong with the first
// that is not the payload behind its stamp.
func checkBodies(s engines.Receiver, payload []byte, n int) (bad error) {
	ms := make([]*engines.Msg, 64)
	for i := 0; i < n; {
		k, err := s.Recv(ms)
		if err != nil {
			return err
		}
		for _, m := range ms[:k] {
			b, from := m.Body(), 0
			if len(b) >= stampTest {
				from = stampTest
			}
			if bad == nil && !bytes.Equal(b[from:], payload[from:len(b)]) {
				at := from
				for b[at] == payload[at] {
					at++
				}
				bad = fmt.Errorf("message %d of %d bytes is wrong from byte %d on", i, len(b), at)
			}
			i++
		}
		engines.Release(ms[:k])
	}
	return bad
}

// TestFillAfterOtherRecords lays records over a chunk that holds nonsense, and
// over one that is full of one shape; each time that shape must come out whole.
func TestFillAfterOtherRecords(t *testing.T) {
	payload := randomPayload(256)
	type record struct {
		stride, lead, size int
		payload            []byte
	}
	first := record{64, 2, 62, payload}
	for name, others := range map[string][]record{
		"the same":         {first, first},
		"none":             nil,
		"empty":            {{2, 2, 0, payload}},
		"all empty":        {{64, 64, 0, payload}},
		"without payload":  {{64, 2, 62, nil}},
		"body elsewhere":   {{64, 0, 62, payload}},
		"shorter payload":  {{64, 2, 62, payload[:40]}},
		"other payload":    {{64, 2, 62, payload[1:]}},
		"shorter in place": {{64, 2, 50, payload}},
		"shorter":          {{34, 2, 32, payload}},
		"longer":           {{128, 2, 126, payload}},
		"after one":        {first, {34, 2, 32, payload}},
		"empty after one":  {first, {2, 2, 0, payload}},
		"mixed afterwards": {first, {34, 2, 32, payload}, {2, 2, 0, payload}, {34, 2, 32, payload}},
	} {
		t.Run(name, func(t *testing.T) {
			c := &chunk{buf: make([]byte, 1024)}
			lay := func(at int, r record) int {
				rec := c.buf[at : at+r.stride]
				for i := range rec[:r.lead] {
					rec[i] = 0xee
				}
				body := rec[r.lead : r.lead+r.size]
				c.fill(at, r.stride, r.lead, body, r.payload)
				if n := min(len(body), len(r.payload)); !bytes.Equal(body[:n], r.payload[:n]) {
					t.Errorf("a record of %d bytes at %d is wrong", r.stride, at)
				}
				if r.payload == nil {
					clear(body)
				}
				return at + r.stride
			}
			for i := range c.buf {
				c.buf[i] = 0xee
			}
			for range 2 {
				at := 0
				for _, r := range others {
					at = lay(at, r)
				}
				for at+first.stride <= len(c.buf) {
					at = lay(at, first)
				}
				for at = 0; at+first.stride <= len(c.buf); {
					at = lay(at, first)
				}
			}
		})
	}
}
