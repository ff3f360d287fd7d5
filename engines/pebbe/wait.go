//go:build libzmq

package pebbe

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/pebbe/zmq4"
	"golang.org/x/sys/unix"
)

const (
	forever = -1
	// doubt is how long, in ms, a sender waits that libzmq calls ready and
	// turns away: a ROUTER is ready when any peer is, a publisher always. What
	// the sender waits for is signalled but for a rare race, see pause.
	doubt = 1
)

// side is one half of a socket, as seen by the goroutine that uses it.
type side struct {
	event   zmq4.State // what it waits for
	waiting bool       // it is off the mutex
	doubted bool       // it was called ready and turned away
	bell    [2]int     // a pipe, made for the first wait
	hung    bool       // there is one
	rung    bool       // with a byte in it
}

// again says that a call would have had to wait.
func again(err error) bool { return zmq4.AsErrno(err) == zmq4.Errno(syscall.EAGAIN) }

// nudge wakes the other side if it waits for what has come meanwhile. Called
// after every use of the socket, which may have taken the signal that the other
// side waits for.
func (s *socket) nudge(other *side) {
	if other.waiting {
		_, _ = s.look(other) // the other one sees an error by itself
	}
}

// look processes all that was signalled and tells the other side.
func (s *socket) look(other *side) (zmq4.State, error) {
	events, err := s.lib.GetEvents()
	if err == nil && other.waiting && events&other.event != 0 {
		other.ring()
	}
	return events, err
}

// pause waits until a call that would have had to wait is worth another try.
func (s *socket) pause(me, other *side) error {
	if !s.duplex {
		return nil // the call waited
	}
	// A receive has processed all signals before it gives up, a send has not.
	if me.event == zmq4.POLLIN && !other.waiting {
		return s.sleep(me, forever)
	}
	events, err := s.look(other)
	if err != nil {
		return err
	}
	if events&me.event == 0 {
		me.doubted = false
		return s.sleep(me, forever)
	}
	if !me.doubted {
		me.doubted = true // what was processed just now may be what it needs
		return nil
	}
	return s.sleep(me, doubt)
}

// sleep leaves the mutex and waits, at most for ms milliseconds.
func (s *socket) sleep(me *side, ms int) error {
	if err := me.hang(); err != nil {
		return err
	}
	me.waiting = true
	s.mu.Unlock()
	err := poll(s.fd, me.bell[0], ms)
	s.mu.Lock()
	me.waiting = false
	me.silence()
	if s.closed.Load() {
		s.left.Broadcast()
	}
	return err
}

func poll(socket, bell, ms int) error {
	fds := [...]unix.PollFd{{Fd: int32(socket), Events: unix.POLLIN}, {Fd: int32(bell), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(fds[:], ms)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// hang makes the bell.
func (d *side) hang() error {
	if d.hung {
		return nil
	}
	syscall.ForkLock.RLock() // no child between the two calls
	defer syscall.ForkLock.RUnlock()
	if err := unix.Pipe(d.bell[:]); err != nil {
		return fmt.Errorf("make a pipe to wait at: %w", err)
	}
	for _, fd := range d.bell {
		unix.CloseOnExec(fd)
	}
	d.hung = true
	return nil
}

// ring ends the wait of this side. One byte fits, so it cannot block.
func (d *side) ring() {
	if d.waiting && !d.rung {
		_, err := unix.Write(d.bell[1], []byte{1})
		d.rung = err == nil
	}
}

func (d *side) silence() {
	if d.rung {
		_, _ = unix.Read(d.bell[0], make([]byte, 1))
		d.rung = false
	}
}

func (d *side) shut() {
	if d.hung {
		_ = unix.Close(d.bell[0])
		_ = unix.Close(d.bell[1])
	}
}
