//go:build !linux

package load

import "time"

// Timer is Go's own where the system has none behind a descriptor.
type Timer struct{}

// NewTimer makes a timer.
func NewTimer() (*Timer, error) { return &Timer{}, nil }

// Wait returns when Now() is at least at.
func (t *Timer) Wait(at int64) error {
	time.Sleep(time.Duration(at - Now()))
	return nil
}

// Close does nothing.
func (t *Timer) Close() error { return nil }
