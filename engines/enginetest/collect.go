package enginetest

import (
	"testing"
	"time"

	"zbench/engines"
)

// arrival is what a collector received.
type arrival struct {
	from   int // number of the collector
	frames [][]byte
}

// collect receives on a goroutine of its own until the socket closes.
func collect(socket engines.Receiver, number int, arrivals chan<- arrival) {
	go func() {
		ms := make([]*engines.Msg, 16)
		for {
			n, err := socket.Recv(ms)
			for _, m := range ms[:n] {
				arrivals <- arrival{number, clone(m.Frames)}
			}
			engines.Release(ms[:n])
			if err != nil {
				return
			}
		}
	}()
}

// next is one arrival, or the end of the test.
func next(t *testing.T, arrivals <-chan arrival, what string) arrival {
	t.Helper()
	timer := time.NewTimer(deadline)
	defer timer.Stop()
	select {
	case a := <-arrivals:
		return a
	case <-timer.C:
		t.Fatalf("%s: nothing arrived for %v", what, deadline)
		return arrival{}
	}
}

// maybe is one arrival, if it comes soon.
func maybe(arrivals <-chan arrival, soon time.Duration) (a arrival, ok bool) {
	timer := time.NewTimer(soon)
	defer timer.Stop()
	select {
	case a = <-arrivals:
		return a, true
	case <-timer.C:
		return a, false
	}
}
