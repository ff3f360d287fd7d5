package wire

import (
	"runtime"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"
)

const (
	spin     = 60 * time.Microsecond // before a due time
	begin    = 5 * time.Millisecond  // from the handshake to the first message
	patience = 10 * time.Second      // how long nothing may move
	limit    = 30 * time.Minute      // no process is older
)

func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // it cannot fail
	return t.Nano()
}

// settle gives this goroutine a thread of its own, whose timers are exact, and
// keeps the garbage collector away: nothing is allocated for a message.
func settle() error {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	return unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
}

func sleepUntil(ns int64) {
	t := unix.NsecToTimespec(ns)
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &t, nil) != nil { // a signal
	}
}

// waitUntil sleeps until shortly before, then reads the clock.
func waitUntil(ns int64) {
	if ns-now() > int64(spin) {
		sleepUntil(ns - int64(spin))
	}
	for now() < ns {
	}
}
