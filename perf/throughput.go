package perf

import (
	"context"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/drivers/load"
	"zbench/engines"
)

// LocalThr binds a PULL and times Count messages from the first one on.
func LocalThr(ctx context.Context, s Setup) (Throughput, error) {
	sock, err := s.open(ctx, engines.PULL, engines.RecvOnly)
	if err != nil {
		return Throughput{}, err
	}
	defer shut(ctx, sock)
	t := newTimer(s.Count)
	ms := make([]*engines.Msg, burst)
	for t.taken < s.Count {
		n, err := sock.Recv(ms[:min(burst, s.Count-t.taken)])
		if err != nil {
			return Throughput{}, s.ended(ctx, t.taken, err)
		}
		now := load.Now()
		for _, m := range ms[:n] {
			if len(m.Frames) != 1 || len(m.Body()) != s.Size {
				err = ErrSize
			}
		}
		engines.Release(ms[:n])
		if err != nil {
			return Throughput{}, err
		}
		t.take(uint64(n), now)
	}
	return t.result(), nil
}

// timer takes the time of messages as they come.
type timer struct {
	taken       uint64
	first, last int64 // clock readings
	begun       int64 // of the block
	inBlock     uint64
	block       uint64
	blocks      *hdr.Histogram
	longest     int64
}

// newTimer makes blocks of a thousand messages, or of a hundredth of them all.
func newTimer(count uint64) *timer {
	return &timer{block: min(1000, max(1, count/100)), blocks: hdr.New(1, int64(time.Hour), 3)}
}

// take counts n messages that came together. A block ends with the burst that
// brings its last message; where a burst brings several, they share its time.
func (t *timer) take(n uint64, now int64) {
	if t.taken == 0 {
		t.first, t.last, t.begun = now, now, now
		t.taken = n
		return
	}
	t.taken += n
	t.longest = max(t.longest, now-t.last)
	t.last = now
	if t.inBlock += n; t.inBlock < t.block {
		return
	}
	each := (now - t.begun) * int64(t.block) / int64(t.inBlock)
	_ = t.blocks.RecordValues(max(1, each), int64(t.inBlock/t.block)) // beyond an hour it is not told apart
	t.begun, t.inBlock = now, 0
}

func (t *timer) result() Throughput {
	elapsed := max(1000, t.last-t.first) // libzmq's watch counts µs, one at least
	return Throughput{
		Elapsed: time.Duration(elapsed), PerSecond: float64(t.taken) / float64(elapsed) * 1e9,
		Blocks: t.blocks, Block: t.block, Longest: time.Duration(t.longest),
	}
}

// RemoteThr connects a PUSH and sends Count messages. It returns when they
// have left.
func RemoteThr(ctx context.Context, s Setup) error {
	sock, err := s.open(ctx, engines.PUSH, engines.SendOnly)
	if err != nil {
		return err
	}
	defer shut(ctx, sock)
	for i := range s.Count {
		m, err := sock.Alloc(nil, s.Size)
		if err == nil {
			err = sock.Send(m)
		}
		if err != nil {
			return s.ended(ctx, i, err)
		}
	}
	if err := sock.Flush(); err != nil {
		return s.ended(ctx, s.Count, err)
	}
	return s.leave(ctx, sock, engines.PUSH)
}
