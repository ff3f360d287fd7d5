package wire

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// run makes the load.
func (l Load) run() (Figures, error) {
	if err := settle(); err != nil {
		return Figures{}, err
	}
	if l.FIFO {
		if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: 1}, 0); err != nil {
			return Figures{}, fmt.Errorf("priority=fifo: %w", err)
		}
	}
	if l.Open || l.Clients > 1 {
		return l.many()
	}
	return l.lockstep()
}

// lockstep has one connection and one request at a time: it waits until it is
// due, writes, and blocks in a read until the reply is in.
func (l Load) lockstep() (Figures, error) {
	r := newRecorder(l)
	fd, err := l.open()
	if err != nil {
		return Figures{}, err
	}
	defer unix.Close(fd)
	var out [messageMost]byte
	var in [restMost]byte
	start := now() + int64(begin)
	for i := range l.Warmup + l.Count {
		message := appendMessage(out[:0], l.Kind, i)
		at := due(start, i, l.Rate)
		waitUntil(at)
		sent := now()
		if err := sendAll(fd, message); err != nil {
			return Figures{}, err
		}
		if err := l.reply(fd, in[:], i); err != nil {
			return Figures{}, fmt.Errorf("reply %d: %w", i, err)
		}
		r.record(i, at, sent, now())
	}
	return r.figures(), nil
}

// reply blocks until the whole reply is in.
func (l Load) reply(fd int, b []byte, sequence uint64) error {
	for have := 0; ; {
		n, err := receive(fd, b[have:])
		if err != nil {
			return err
		}
		have += n
		used, command, err := nextMessage(b[:have])
		if used > 0 && command {
			have = copy(b, b[used:have])
			used, command, err = nextMessage(b[:have])
		}
		switch {
		case err != nil:
			return err
		case used == 0:
		case command || used != have || !isMessage(b[:used], l.Kind, sequence):
			return fmt.Errorf("%w: not the reply to what was sent", ErrPeer)
		default:
			return nil
		}
	}
}
