package load

import "golang.org/x/sys/unix"

// sharedNow reads CLOCK_MONOTONIC in ns, by a system call.
func sharedNow() (ns int64, ok bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return wallNow(), false
	}
	return t.Nano(), true
}
