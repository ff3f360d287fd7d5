package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// pin keeps this thread on one core.
func pin(core int) {
	var set unix.CPUSet
	set.Set(core)
	_ = unix.SchedSetaffinity(0, &set) // a core that is not ours: it works where it may
}

// mayFIFO reports whether a program may run before all others.
func mayFIFO() bool {
	may := make(chan bool)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with its priority
		may <- unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: 1}, 0) == nil
	}()
	return <-may
}
