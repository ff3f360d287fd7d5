package perf

import (
	"context"
	"errors"
	"testing"
	"time"

	"zbench/engines/null"
)

func TestPairs(t *testing.T) {
	s := Setup{Engine: null.New(), Endpoint: "tcp://127.0.0.1:5001", Size: 40, Count: 5000}
	sent := make(chan error, 1)
	go func() { sent <- RemoteThr(t.Context(), s) }()
	thr, err := LocalThr(t.Context(), s)
	if err := errors.Join(err, <-sent); err != nil || thr.PerSecond <= 0 || thr.Block != 50 {
		t.Errorf("%v %+v", err, thr)
	}
	go func() { sent <- LocalLat(t.Context(), s) }()
	lat, err := RemoteLat(t.Context(), s)
	if err := errors.Join(err, <-sent); err != nil || lat.Trips.TotalCount() != 4999 || lat.OneWay() <= 0 {
		t.Errorf("%v %+v", err, lat)
	}
}

func TestWrongSize(t *testing.T) {
	s := Setup{Engine: null.New(), Endpoint: "tcp://127.0.0.1:5001", Size: 40, Count: 10}
	other := s
	other.Size = 41
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _ = RemoteThr(ctx, other) }()
	if _, err := LocalThr(ctx, s); !errors.Is(err, ErrSize) {
		t.Error(err)
	}
	cancel()
}

func TestEndedEarly(t *testing.T) {
	s := Setup{Engine: null.New(), Endpoint: "tcp://127.0.0.1:5001", Size: 40, Count: 10}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := LocalLat(ctx, s); !errors.Is(err, ErrEnded) {
		t.Error(err)
	}
}

// TestTimer: blocks take the time between the bursts that end them.
func TestTimer(t *testing.T) {
	x := newTimer(1000) // blocks of 10
	for i := range int64(101) {
		x.take(10, 1000+i*500)
	}
	r := x.result()
	if x.block != 10 || r.Blocks.TotalCount() != 100 || r.Blocks.Max() != 500 || r.Blocks.Min() != 500 || r.Longest != 500 {
		t.Errorf("%+v of %d: %d to %d", r, r.Blocks.TotalCount(), r.Blocks.Min(), r.Blocks.Max())
	}
	x = newTimer(1000)
	x.take(1, 0)
	x.take(25, 1000) // two blocks and a half, which share the time
	if n := x.blocks.TotalCount(); n != 2 || x.blocks.Max() != 400 {
		t.Errorf("%d blocks of %d ns", n, x.blocks.Max())
	}
	if got := x.result().PerSecond; got != 26e6 {
		t.Errorf("%g/s", got)
	}
}
