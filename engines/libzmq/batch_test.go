//go:build libzmq

package libzmq_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"zbench/engines"
	"zbench/engines/libzmq"
)

// TestBlame: a message without a route is blamed neither on the Send that fills
// the batch nor on messages that go, and Flush tells how many there were.
func TestBlame(t *testing.T) {
	for name, c := range map[string]struct {
		nobody  map[int]bool // messages of 64 that have no route
		last    bool         // Send of the last one fails
		flushed string       // what Flush says
	}{
		"an early one": {map[int]bool{3: true}, false, "1 messages"},
		"several":      {map[int]bool{0: true, 3: true, 62: true}, false, "3 messages"},
		"the last":     {map[int]bool{63: true}, true, ""},
		"both":         {map[int]bool{3: true, 63: true}, true, "1 messages"},
	} {
		t.Run(name, func(t *testing.T) {
			e := libzmq.New()
			router := open(t, e, engines.ROUTER, engines.Options{Use: engines.Turns})
			at := bound(t, router, "tcp://127.0.0.1:0")
			dealer := open(t, e, engines.DEALER, engines.Options{Use: engines.Turns, Identity: []byte("here")})
			if err := errors.Join(dealer.Connect(at), say(dealer, "hello")); err != nil {
				t.Fatal(err)
			}
			ms := make([]*engines.Msg, 64)
			n, err := router.Recv(ms)
			if err != nil {
				t.Fatal(err)
			}
			engines.Release(ms[:n])
			for i := range 64 {
				to := "here"
				if c.nobody[i] {
					to = "gone"
				}
				m, err := router.Alloc([][]byte{[]byte(to)}, 1)
				if err != nil {
					t.Fatal(err)
				}
				err = router.Send(m)
				if fails := i == 63 && c.last; fails != errors.Is(err, engines.ErrNoRoute) || !fails && err != nil {
					t.Errorf("send of message %d: %v", i, err)
				}
			}
			err = router.Flush()
			if c.flushed == "" && err != nil || c.flushed != "" && (!errors.Is(err, engines.ErrNoRoute) || !strings.Contains(err.Error(), c.flushed)) {
				t.Errorf("flush: %v, want %q", err, c.flushed)
			}
			if err = router.Flush(); err != nil {
				t.Errorf("a second flush says it again: %v", err)
			}
			late := time.AfterFunc(10*time.Second, func() { dealer.Close() })
			defer late.Stop()
			for got := 0; got < 64-len(c.nobody); got += n {
				if n, err = dealer.Recv(ms); err != nil {
					t.Fatalf("after %d: %v", got, err)
				}
				engines.Release(ms[:n])
			}
		})
	}
}
