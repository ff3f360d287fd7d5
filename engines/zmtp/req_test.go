package zmtp

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"zbench/engines"
)

// TestSecondReplyIsDiscarded: a REQ takes nothing for the reply to a request
// that came before it (RFC 28).
func TestSecondReplyIsDiscarded(t *testing.T) {
	for _, endpoint := range []string{"tcp://127.0.0.1:*", "inproc://second-reply"} {
		e := New()
		router := openTest(t, e, engines.ROUTER, engines.Options{Use: engines.Turns})
		bound, err := router.Bind(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		req := openTest(t, e, engines.REQ, engines.Options{Use: engines.Turns, Identity: []byte("me")})
		connectTest(t, req, bound)
		const rounds = 3
		for i := range rounds {
			sendTest(t, req, "ask")
			expectTest(t, router, "me||ask")
			for range 2 {
				m, err := router.Alloc([][]byte{[]byte("me"), {}}, 1)
				if err != nil {
					t.Fatal(err)
				}
				m.Body()[0] = '0' + byte(i)
				if err := errors.Join(router.Send(m), router.Flush()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Millisecond) // so that they come by two reads
			}
			expectTest(t, req, fmt.Sprint(i))
			time.Sleep(20 * time.Millisecond)
		}
		if n := req.(engines.Discarding).Discarded(); n != rounds-1 {
			t.Errorf("%s: %d discarded, want %d", endpoint, n, rounds-1)
		}
	}
}
