//go:build !linux

package load

import "time"

// nap sleeps by Go's timers, which overshoot by a millisecond or more: it
// stays that far away and leaves the rest to spinning.
type nap struct{}

const reserve = int64(2 * time.Millisecond)

func newNap() nap { return nap{} }

func (n *nap) until(now, until int64) int64 {
	if until-now > reserve {
		time.Sleep(time.Duration(until - now - reserve))
		now = Now()
	}
	return now
}
