package gozeromq

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"zbench/engines"
)

func TestCloseUnblocks(t *testing.T) {
	none := engines.Options{}
	for name, setUp := range map[string]func(t *testing.T, tr string) (*socket, func(*socket) error){
		"Recv without a peer": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			s := open(t, New(), engines.PULL, none)
			bind(t, s, endpoint(t, tr))
			return s, recvErr
		},
		"Recv": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			a, _ := duo(t, tr, engines.ROUTER, engines.DEALER, none, none)
			return a, recvErr
		},
		"Recv of a reply": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			rep, req := duo(t, tr, engines.REP, engines.REQ, none, none)
			mustSend(t, req, "q")
			recv(t, rep)
			return req, recvErr
		},
		"Recv of a reply of one that is bound": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			req, router := duo(t, tr, engines.REQ, engines.ROUTER, none, none)
			mustSend(t, req, "q")
			recv(t, router)
			return req, recvErr
		},
		"Recv of a REQ that has not asked": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			_, req := duo(t, tr, engines.REP, engines.REQ, none, none)
			return req, recvErr
		},
		"Alloc without a peer": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			s := open(t, New(), engines.DEALER, none)
			bind(t, s, endpoint(t, tr))
			return s, func(s *socket) error { return send(s, "x") }
		},
		"Send to one that does not read": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			_, s := duo(t, tr, engines.PULL, engines.PUSH, none, none)
			return s, func(s *socket) error {
				for {
					if err := send(s, string(make([]byte, 255))); err != nil {
						return err
					}
				}
			}
		},
		"Send of a ROUTER to one that does not read": func(t *testing.T, tr string) (*socket, func(*socket) error) {
			s, d := duo(t, tr, engines.ROUTER, engines.DEALER, none, engines.Options{Identity: []byte("d")})
			mustSend(t, d, "x")
			recv(t, s)
			return s, func(s *socket) error {
				for {
					if err := send(s, "d", string(make([]byte, 255))); err != nil {
						return err
					}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachTransport(t, func(t *testing.T, tr string) {
				s, block := setUp(t, tr)
				blocked := make(chan error, 1)
				go func() { blocked <- block(s) }()
				select {
				case err := <-blocked:
					t.Fatalf("it did not block: %v", err)
				case <-time.After(30 * time.Millisecond):
				}
				var closers sync.WaitGroup
				for range 3 {
					closers.Go(func() { s.Close() })
				}
				within(t, "Close", func() error { closers.Wait(); return s.Close() })
				wantErr(t, within(t, name, func() error { return <-blocked }), engines.ErrClosed)
			})
		})
	}
}

// A peer joins while the ROUTER waits for another that does not read: the
// library holds every lock that its Close needs.
func TestCloseOfABlockedRouterWhileAPeerJoins(t *testing.T) {
	router, d := duo(t, "ipc", engines.ROUTER, engines.DEALER, engines.Options{}, engines.Options{Identity: []byte("d")})
	mustSend(t, d, "x")
	recv(t, router)
	blocked := make(chan error, 1)
	go func() {
		for {
			if err := send(router, "d", string(make([]byte, 64<<10))); err != nil {
				blocked <- err
				return
			}
		}
	}()
	time.Sleep(50 * time.Millisecond)
	connect(t, open(t, New(), engines.DEALER, engines.Options{}), boundTo(router))
	time.Sleep(20 * time.Millisecond)
	within(t, "Close", router.Close)
	wantErr(t, within(t, "Send", func() error { return <-blocked }), engines.ErrClosed)
}

func TestContextCloses(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := New()
	s, err := e.Open(ctx, engines.PULL, engines.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	wantErr(t, within(t, "Recv", func() error { return recvErr(s.(*socket)) }), engines.ErrClosed)
	if _, err := e.Open(ctx, engines.PULL, engines.Options{}); err == nil {
		t.Error("a socket opens under an ended context")
	}
}

// After Close the library's goroutines are gone, also those that it would
// leave: readers over inproc, a reader with a message for nobody, the inproc
// acceptor. One in every PUB and XPUB stays.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	all := engines.Options{Subscribe: [][]byte{nil}}
	before := runtime.NumGoroutine()
	publishers := 0
	for _, tr := range transports {
		for i, k := range []struct{ a, b engines.Kind }{
			{engines.PULL, engines.PUSH}, {engines.REP, engines.REQ}, {engines.ROUTER, engines.REQ},
			{engines.ROUTER, engines.DEALER}, {engines.DEALER, engines.DEALER}, {engines.PAIR, engines.PAIR},
			{engines.SUB, engines.PUB}, {engines.XPUB, engines.XSUB},
		} {
			for _, first := range []int{0, 1} {
				t.Run(fmt.Sprint(tr, i, first), func(t *testing.T) {
					a, b := duo(t, tr, k.a, k.b, all, all)
					if k.b.CanSend() && k.b != engines.XSUB {
						go func() { // more than the receiver's queue takes
							for range 100 {
								if send(b, "x") != nil {
									return
								}
							}
						}()
						time.Sleep(2 * time.Millisecond)
					}
					pair := []*socket{a, b}
					within(t, "Close", pair[first].Close)
					within(t, "Close", pair[1-first].Close)
				})
				if k.b == engines.PUB || k.a == engines.XPUB {
					publishers++
				}
			}
		}
	}
	end := time.Now().Add(2 * time.Second)
	left := func() int { return runtime.NumGoroutine() - before - publishers }
	for left() > 0 && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
	// A reader over inproc may be missed, by chance, once in a long while.
	if n := left(); n > 3 {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines are left:\n%s", n, stacks[:runtime.Stack(stacks, true)])
	}
}
