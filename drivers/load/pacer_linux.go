package load

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// canHold says that sleepHeld exists.
const canHold = true

// sleepReleased sleeps until Now() is about end, or a signal comes. The
// scheduler may give the P to others meanwhile.
func sleepReleased(end int64) {
	exactTimers()
	t := unix.NsecToTimespec(end)
	// An error means a signal: the caller looks at the clock anyway.
	_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &t, nil)
}

// sleepHeld is sleepReleased without telling the scheduler. The signal by
// which the runtime preempts wakes it, so it delays no garbage collection.
func sleepHeld(end int64) {
	exactTimers()
	t := unix.NsecToTimespec(end)
	_, _, _ = unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME,
		uintptr(unsafe.Pointer(&t)), 0, 0, 0)
}

// exactTimers takes the thread's timer slack from 50 µs to 1 ns. It is done
// before every sleep, for the goroutine may have moved to another thread.
func exactTimers() {
	_, _, _ = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_TIMERSLACK, 1, 0)
}
