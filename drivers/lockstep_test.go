package drivers

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"zbench/engines"
	"zbench/engines/zmtp"
	"zbench/results"
)

// batching is an engine that sends with Flush, which fails now and then.
type batching struct {
	engines.Engine
	flushed *atomic.Int64
}

func (b batching) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	s, err := b.Engine.Open(ctx, k, o)
	return &batchingSocket{Socket: s, flushed: b.flushed}, err
}

type batchingSocket struct {
	engines.Socket
	flushed *atomic.Int64
	held    *engines.Msg
}

func (s *batchingSocket) Send(m *engines.Msg) error { s.held = m; return nil }

func (s *batchingSocket) Flush() error {
	m := s.held
	if s.held = nil; m == nil {
		return nil
	}
	if s.flushed.Add(1)%10 == 5 {
		return errors.New("it did not leave")
	}
	return errors.Join(s.Socket.Send(m), s.Socket.Flush())
}

// TestRequestThatDidNotLeave: a request that stayed in its engine's batch was
// not sent, and the next one is not taken for it.
func TestRequestThatDidNotLeave(t *testing.T) {
	f := startFake(t, engines.REP, echo)
	r := runCellOn(t, batching{zmtp.New(), new(atomic.Int64)}, func(c *results.Cell) {
		c.Pattern, c.Engine, c.Endpoints, c.Listen = "req-rep", "zmtp", []string{f.at}, "peer"
		c.RateMsgsPerS, c.DurationS = 300, 0.3
	})
	a := r.Accounting
	if a.Corrupted+a.Duplicated+a.Lost+a.Unmatched != 0 || a.Unsent == 0 || a.Unsent != a.Errors || a.Received != a.Sent || !a.Closed() {
		t.Errorf("verdict %s %v, accounting %+v", r.Verdict, r.Reasons, a)
	}
}
