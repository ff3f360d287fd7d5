package perf

import (
	"context"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/drivers/load"
	"zbench/engines"
)

// Latency is of round trips, from when a request could be sent.
type Latency struct {
	Elapsed time.Duration  // of all timed round trips
	Trips   *hdr.Histogram // whole round trips, in ns
}

// OneWay is half of the mean round trip: what libzmq calls the latency.
func (l *Latency) OneWay() time.Duration {
	return time.Duration(float64(l.Elapsed) / float64(2*max(1, l.Trips.TotalCount())))
}

// LocalLat binds a REP and sends Count requests back.
func LocalLat(ctx context.Context, s Setup) error {
	sock, err := s.open(ctx, engines.REP, engines.Turns)
	if err != nil {
		return err
	}
	defer shut(ctx, sock)
	ms := make([]*engines.Msg, 1)
	for done := uint64(0); done < s.Count; {
		n, err := sock.Recv(ms)
		if err != nil {
			return s.ended(ctx, done, err)
		}
		if n == 0 {
			continue
		}
		if len(ms[0].Body()) != s.Size {
			engines.Release(ms[:n])
			return ErrSize
		}
		if err = sock.Send(ms[0]); err == nil {
			err = sock.Flush()
		}
		if err != nil {
			return s.ended(ctx, done, err)
		}
		done++
	}
	return s.leave(ctx, sock, engines.REP)
}

// RemoteLat connects a REQ and times Count round trips, one after the other.
// The first begins when a peer is there; an engine that does not say when that
// is has its first round trip made and not timed.
func RemoteLat(ctx context.Context, s Setup) (Latency, error) {
	l := Latency{Trips: hdr.New(1, int64(time.Hour), 3)}
	sock, err := s.open(ctx, engines.REQ, engines.Turns)
	if err != nil {
		return l, err
	}
	defer shut(ctx, sock)
	ms := make([]*engines.Msg, 1)
	_, waits := sock.(engines.Attended) // Alloc, for the peer
	var start, before int64
	for i := range s.Count {
		m, err := sock.Alloc(nil, s.Size)
		if i == 0 {
			start = load.Now()
			before = start
		}
		if err == nil {
			err = sock.Send(m)
		}
		if err == nil {
			err = sock.Flush()
		}
		for n := 0; n == 0 && err == nil; {
			n, err = sock.Recv(ms)
		}
		if err != nil {
			return l, s.ended(ctx, i, err)
		}
		wrong := len(ms[0].Body()) != s.Size
		engines.Release(ms)
		if wrong {
			return l, ErrSize
		}
		now := load.Now()
		if i == 0 && !waits && s.Count > 1 { // the wait for the peer is in it
			start, before = now, now
			continue
		}
		_ = l.Trips.RecordValue(max(1, now-before)) // beyond an hour it is not told apart
		before = now
	}
	l.Elapsed = time.Duration(before - start)
	return l, nil
}
