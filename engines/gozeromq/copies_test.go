package gozeromq

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"zbench/engines"
)

// With --force a PUSH is opened although it copies; every peer gets everything.
func TestForcedDuplicates(t *testing.T) {
	for _, k := range []struct{ load, peer engines.Kind }{
		{engines.PUSH, engines.PULL}, {engines.DEALER, engines.DEALER}, {engines.PAIR, engines.PAIR},
	} {
		t.Run(k.load.String(), func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				e := New()
				load := open(t, e, k.load, engines.Options{})
				bound := bind(t, load, endpoint(t, tr))
				peers := []*socket{open(t, e, k.peer, engines.Options{}), open(t, e, k.peer, engines.Options{})}
				for _, p := range peers {
					connect(t, p, bound)
				}
				await(t, "both peers", func() bool { return len(load.peers.all()) == 2 })
				time.Sleep(5 * time.Millisecond) // until the library has both
				for i := range 50 {
					mustSend(t, load, fmt.Sprint(i))
					for _, p := range peers {
						want(t, recv(t, p), fmt.Sprint(i))
					}
				}
			})
		})
	}
}

const flood = 3000

// stamped sends flood messages, each of its own content, in three parts.
func stamped(s *socket, id []byte, size int) error {
	for i := range flood {
		part := make([]byte, size)
		for j := range part {
			part[j] = byte(i)
		}
		env := [][]byte{part, part}
		if id != nil {
			env = [][]byte{id, part}
		}
		m, err := s.Alloc(env, size)
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint64(m.Body(), uint64(i))
		if err := s.Send(m); err != nil {
			return err
		}
	}
	return nil
}

func checkStamped(t *testing.T, s *socket, size int, payload []byte) {
	t.Helper()
	for i := range flood {
		got := recv(t, s)
		part, body := []byte(got[len(got)-2]), []byte(got[len(got)-1])
		if n := binary.LittleEndian.Uint64(body); n != uint64(i) {
			t.Fatalf("message %d says %d", i, n)
		}
		if len(part) != size || part[0] != byte(i) || part[size-1] != byte(i) || !bytes.Equal(body[8:], payload[8:size]) {
			t.Fatalf("message %d came as %q", i, got)
		}
	}
}

// Bodies are used again. Nobody may see that, also where the library passes
// slices on without copying (inproc) or writes them later (PUB, XPUB).
func TestBodiesAreNotOverwritten(t *testing.T) {
	const size = 255
	payload := bytes.Repeat([]byte("payload!"), 32)
	o := engines.Options{Payload: payload, SendHWM: flood + 1000}
	eachTransport(t, func(t *testing.T, tr string) {
		for _, k := range []struct{ load, peer engines.Kind }{
			{engines.PUSH, engines.PULL}, {engines.DEALER, engines.DEALER}, {engines.PAIR, engines.PAIR},
		} {
			t.Run(k.load.String(), func(t *testing.T) {
				peer, load := duo(t, tr, k.peer, k.load, engines.Options{}, o)
				errs := make(chan error, 1)
				go func() { errs <- stamped(load, nil, size) }()
				checkStamped(t, peer, size, payload)
				if err := <-errs; err != nil {
					t.Fatal(err)
				}
			})
		}
		t.Run("ROUTER", func(t *testing.T) {
			router, dealer := duo(t, tr, engines.ROUTER, engines.DEALER, o, engines.Options{Identity: []byte("id")})
			mustSend(t, dealer, "here")
			recv(t, router)
			errs := make(chan error, 1)
			go func() { errs <- stamped(router, []byte("id"), size) }()
			checkStamped(t, dealer, size, payload)
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		})
		for _, k := range []engines.Kind{engines.PUB, engines.XPUB} {
			t.Run(k.String(), func(t *testing.T) {
				pub, sub := duo(t, tr, k, engines.SUB, o, engines.Options{Subscribe: [][]byte{nil}})
				publish(t, pub, sub, "join", "ready")
				mustSend(t, pub, "join", "start")
				if err := stamped(pub, nil, size); err != nil { // all of it is queued
					t.Fatal(err)
				}
				for recv(t, sub)[1] != "start" {
				}
				checkStamped(t, sub, size, payload)
			})
		}
	})
}

// REQ and REP have one message under way, whose slices may still be read when
// the next one is made.
func TestLockstepBodies(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		rep, req := duo(t, tr, engines.REP, engines.REQ, engines.Options{}, engines.Options{})
		go func() {
			ms := make([]*engines.Msg, 1)
			for {
				if _, err := rep.Recv(ms); err != nil {
					return
				}
				m, err := rep.Alloc(nil, len(ms[0].Body()))
				if err != nil {
					return
				}
				copy(m.Body(), ms[0].Body())
				engines.Release(ms)
				if rep.Send(m) != nil {
					return
				}
			}
		}()
		for i := range 500 {
			mustSend(t, req, fmt.Sprint("body ", i))
			want(t, recv(t, req), fmt.Sprint("body ", i))
		}
	})
}

// spoiler is another engine's pool: it overwrites what it gets back.
type spoiler struct{ freed atomic.Int32 }

func (o *spoiler) Free(ms []*engines.Msg) {
	for _, m := range ms {
		o.freed.Add(1)
		for _, f := range m.Frames {
			clear(f)
		}
	}
}

// A message of another engine goes back to its pool once, and not while the
// library still holds its slices.
func TestForeignMessages(t *testing.T) {
	eachTransport(t, func(t *testing.T, tr string) {
		for _, k := range []struct{ load, peer engines.Kind }{
			{engines.PUSH, engines.PULL}, {engines.PUB, engines.SUB}, {engines.XPUB, engines.XSUB},
		} {
			t.Run(k.load.String(), func(t *testing.T) {
				all := engines.Options{Subscribe: [][]byte{nil}}
				load, peer := duo(t, tr, k.load, k.peer, engines.Options{}, all)
				if k.load != engines.PUSH {
					publish(t, load, peer, "join", "ready")
					mustSend(t, load, "join", "start")
					for recv(t, peer)[1] != "start" {
					}
				}
				o := &spoiler{}
				for i := range 200 {
					frames := [][]byte{[]byte("part"), fmt.Append(nil, i)}
					if err := load.Send(&engines.Msg{Frames: frames, Owner: o}); err != nil {
						t.Fatal(err)
					}
					want(t, recv(t, peer), "part", fmt.Sprint(i))
				}
				if n := o.freed.Load(); n != 200 {
					t.Errorf("200 messages were given back %d times", n)
				}
			})
		}
	})
}

func TestPayloadFillsBodies(t *testing.T) {
	payload := []byte("0123456789")
	for _, k := range []engines.Kind{engines.PUSH, engines.PUB} {
		o := newOutbox(k, payload)
		for _, size := range []int{4, 10, 0, 7} {
			m := o.alloc([][]byte{[]byte("topic"), nil}, size)
			if !bytes.Equal(m.Body(), payload[:size]) || len(m.Frames) != 3 || string(m.Frames[0]) != "topic" {
				t.Errorf("%s: %q", k, m.Frames)
			}
			if cap(m.Frames[0]) > 5 {
				t.Errorf("%s: appending to the topic would reach the next frame", k)
			}
		}
	}
}
