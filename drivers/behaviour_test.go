package drivers

import (
	"testing"
	"time"
)

func TestParseBehaviour(t *testing.T) {
	for in, want := range map[string]Delay{
		"": {}, "1ms": {time.Millisecond, false}, "exp:1ms": {time.Millisecond, true},
	} {
		if got, err := ParseDelay(in); got != want || err != nil {
			t.Errorf("ParseDelay(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"1", "-1ms", "0s", "exp:", "exp:-1s", "2h", "lin:1ms"} {
		if got, err := ParseDelay(in); err == nil {
			t.Errorf("ParseDelay(%q) = %v, want an error", in, got)
		}
	}
	if got, err := ParseStall("100ms/1s"); err != nil || got != (Stall{100 * time.Millisecond, time.Second}) {
		t.Errorf("ParseStall = %v, %v", got, err)
	}
	for _, in := range []string{"100ms", "1s/1s", "2s/1s", "/1s", "1ms/", "-1ms/1s", "1ms/2h"} {
		if got, err := ParseStall(in); err == nil {
			t.Errorf("ParseStall(%q) = %v, want an error", in, got)
		}
	}
}

func TestServerDepartures(t *testing.T) {
	const ms = int64(time.Millisecond)
	s := newServer(Delay{Mean: time.Millisecond}, Stall{100 * time.Millisecond, time.Second}, 1, 0)
	s.origin = 1000 * ms
	for _, c := range []struct{ arrival, want int64 }{
		{500 * ms, 501 * ms},     // before the run
		{500 * ms, 502 * ms},     // queues behind it
		{1000 * ms, 1101 * ms},   // the first stall
		{1050 * ms, 1102 * ms},   // still queued
		{1500 * ms, 1501 * ms},   // awake
		{1999*ms + 1, 2100 * ms}, // its service falls into the next stall
		{2099 * ms, 2101 * ms},
	} {
		if got := s.depart(c.arrival); got != c.want {
			t.Errorf("arrival %d ms: departs at %d ms, want %d ms", c.arrival/ms, got/ms, c.want/ms)
		}
	}
	if newServer(Delay{}, Stall{}, 1, 0) != nil {
		t.Error("a quick peer has a server")
	}
}

func TestExponentialDelayHasItsMean(t *testing.T) {
	s := newServer(Delay{Mean: time.Millisecond, Exponential: true}, Stall{}, 1, 0)
	const n = 200_000
	var end int64
	for range n {
		end = s.depart(0)
	}
	if mean := float64(end) / n; mean < .99e6 || mean > 1.01e6 {
		t.Errorf("mean %.0f ns, want 1 ms", mean)
	}
}
