package services

import (
	"fmt"
	"testing"

	"zbench/engines"
)

// flusher is a socket whose Flush fails.
type flusher struct {
	engines.Socket
	err error
}

func (f flusher) Flush() error { return f.err }

// TestWhatDidNotGoIsNotCounted: a batch of ten, three of which had nobody to go
// to.
func TestWhatDidNotGoIsNotCounted(t *testing.T) {
	lost := fmt.Errorf("send: %w", &engines.Unsent{Messages: 3, Cause: engines.ErrNoRoute})
	s := newService(nil, nil, 0)
	if sent, bytes := s.leave(flusher{err: lost}, 10, 400); sent != 7 || bytes != 280 || s.undeliverable.Load() != 3 || s.errors.Load() != 0 {
		t.Errorf("sent %d, %d bytes, %d undeliverable, %d errors", sent, bytes, s.undeliverable.Load(), s.errors.Load())
	}
	if sent, bytes := s.leave(flusher{}, 10, 400); sent != 10 || bytes != 400 {
		t.Errorf("sent %d, %d bytes", sent, bytes)
	}
}
