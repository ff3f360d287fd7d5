package load

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Timer is a timer of the system behind a descriptor: who waits for it waits as
// for a socket. One goroutine uses it.
type Timer struct {
	file *os.File
	fd   int
}

// NewTimer makes a timer.
func NewTimer() (*Timer, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("timerfd_create: %w", err)
	}
	return &Timer{os.NewFile(uintptr(fd), "timer"), fd}, nil
}

// Wait returns when Now() is at least at.
func (t *Timer) Wait(at int64) error {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(at)}
	if err := unix.TimerfdSettime(t.fd, unix.TFD_TIMER_ABSTIME, &spec, nil); err != nil {
		return fmt.Errorf("timerfd_settime: %w", err)
	}
	var expired [8]byte
	for binary.NativeEndian.Uint64(expired[:]) == 0 {
		if _, err := t.file.Read(expired[:]); err != nil {
			return err
		}
	}
	return nil
}

// Close frees the timer.
func (t *Timer) Close() error { return t.file.Close() }
