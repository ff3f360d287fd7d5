package load

import "time"

// clock ties Go's monotonic clock, whose zero is the process's own, to one
// that all processes of the host share.
type clock struct {
	base   time.Time
	offset int64 // ns of the shared clock at base
}

// host is found once, before main, and never changes.
var host = newClock()

// Now is a reading of the clock that all processes of this host share, in ns:
// CLOCK_MONOTONIC on Linux, elsewhere the wall clock at the process's start
// plus the monotonic time since then. It costs no system call.
func Now() int64 { return host.offset + int64(time.Since(host.base)) }

// newClock brackets readings of the shared clock between two of Go's. On
// Linux both are one clock read in two ways, so every bracket bounds the
// same constant: the tightest bounds of all are kept, and their middle.
func newClock() clock {
	c := clock{base: time.Now()}
	if shared, ok := sharedNow(); !ok {
		c.offset = shared
		return c
	}
	low, high := int64(-1<<63), int64(1<<63-1)
	for range 64 {
		before := int64(time.Since(c.base))
		shared, _ := sharedNow()
		after := int64(time.Since(c.base))
		low, high = max(low, shared-after), min(high, shared-before)
	}
	c.offset = low + (high-low)/2
	return c
}

func wallNow() int64 { return time.Now().UnixNano() }
