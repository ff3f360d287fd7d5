//go:build libzmq

package pebbe

import (
	"fmt"
	"runtime"
	"time"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

// Hosts implements engines.Hosted.
func (*Engine) Hosts() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("pebbe: its sockets are hosted on Linux alone: %w", engines.ErrUnsupported)
	}
	return nil
}

// Threads implements engines.Hosted: the I/O threads, which carry whatever does
// not go by inproc.
func (*Engine) Threads(o engines.Options) int {
	if o.IOThreads == 0 {
		return zmq4.IoThreadsDflt
	}
	return o.IOThreads
}

// host is what a hosted socket keeps of its host. Nil is none.
type host struct {
	engines.Host
	fd      int         // ZMQ_FD
	thread  int         // the host's, 0 before its first call
	wants   bool        // the last message was turned away
	doubted bool        // POLLOUT, and yet no message has gone since
	later   *time.Timer // wakes after a while of doubt; nil where POLLOUT can be trusted
}

func newHost(to engines.Host, fd int, k engines.Kind) (*host, error) {
	h := &host{Host: to, fd: fd}
	if k == engines.ROUTER || publishes(k) {
		h.later = time.AfterFunc(time.Hour, to.Wake)
		h.later.Stop()
	}
	if err := to.Watch(fd, nothing{}); err != nil {
		return nil, fmt.Errorf("have the host wait for it: %w", err)
	}
	return h, nil
}

// nothing is what a socket does when ZMQ_FD tells of an event: the host calls
// it right afterwards.
type nothing struct{}

func (nothing) Ready(bool) {}

// enter notes whose thread it is.
func (h *host) enter() {
	if h != nil && h.thread == 0 {
		h.thread = thread()
	}
}

// here reports whether this is the host's thread, on which nothing may wait. It
// and enter hold the socket's mutex.
func (h *host) here() bool { return h != nil && h.thread != 0 && h.thread == thread() }

// wake has the host look at what a call other than its own has changed, for
// that may have consumed what ZMQ_FD would have told.
func (h *host) wake() {
	if h != nil {
		h.Wake()
	}
}

// leave comes before the socket closes.
func (h *host) leave() {
	if h == nil {
		return
	}
	if h.later != nil {
		h.later.Stop()
	}
	h.Forget(h.fd)
}

// refused tries once more what was turned away, for a send does not always hear
// what the library's other threads have to say; GetEvents does.
func (s *socket) refused(frames [][]byte) error {
	if _, err := s.lib.GetEvents(); err != nil {
		return s.fail("send", err)
	}
	switch err := s.write(frames); {
	case err == nil:
		s.sent()
		return nil
	case again(err):
		s.host.wants = true
		return engines.ErrWait
	default:
		return s.fail("send", err)
	}
}

// sent notes that a message went.
func (s *socket) sent() {
	s.out.doubted = false
	if s.host != nil {
		s.host.wants, s.host.doubted = false, false
	}
}

// Unsettled implements engines.Unsettled: there is something to receive, or
// there may be room for the message that was turned away.
//
// Where POLLOUT is vague the sender is sent to try once. If its message is
// turned away again, ZMQ_FD will tell of room, unless it came during this very
// question, which consumes the signal: so the host is also woken after a moment.
func (s *socket) Unsettled(receives bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return true
	}
	events, err := s.lib.GetEvents()
	h := s.host
	switch {
	case err != nil || receives && events&zmq4.POLLIN != 0:
		return true
	case !h.wants || events&zmq4.POLLOUT == 0:
		return false
	case h.later == nil || !h.doubted:
		h.doubted = true
		return true
	}
	h.later.Reset(doubt * time.Millisecond)
	return false
}
