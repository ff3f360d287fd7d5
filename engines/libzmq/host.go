//go:build libzmq

package libzmq

// #cgo noescape zb_events
// #cgo nocallback zb_events
// #include "bridge.h"
import "C"

import (
	"fmt"
	"runtime"
	"time"

	"zbench/engines"
)

// Hosts implements engines.Hosted.
func (*Engine) Hosts() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("libzmq: its sockets are hosted on Linux alone: %w", engines.ErrUnsupported)
	}
	return nil
}

// Threads implements engines.Hosted: the I/O threads, which carry whatever does
// not go by inproc.
func (*Engine) Threads(o engines.Options) int { return max(o.IOThreads, 1) }

// doubt is how long a sender is left alone whose message is turned away though
// libzmq has POLLOUT for the socket.
const doubt = time.Millisecond

// host is what a hosted socket keeps of its host. Nil is none.
type host struct {
	engines.Host
	fd      int         // ZMQ_FD
	doubted bool        // POLLOUT, and yet no message has gone since
	later   *time.Timer // wakes after doubt; nil where POLLOUT can be trusted
}

func newHost(to engines.Host, z *C.struct_zb_socket, k engines.Kind) (*host, error) {
	h := &host{Host: to, fd: int(z.fd)}
	if isVague(k) {
		h.later = time.AfterFunc(time.Hour, to.Wake)
		h.later.Stop()
	}
	if err := to.Watch(h.fd, nothing{}); err != nil {
		return nil, fmt.Errorf("have the host wait for it: %w", err)
	}
	return h, nil
}

// nothing is what a socket does when ZMQ_FD tells of an event: the host calls
// it right afterwards.
type nothing struct{}

func (nothing) Ready(bool) {}

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

// Unsettled implements engines.Unsettled: there is something to receive, or
// there may be room for what could not be passed on.
//
// Where POLLOUT is vague the sender is sent to try once. If that moves nothing,
// ZMQ_FD will tell of room, unless it came during this very question, which
// consumes the signal: so the host is also woken after a moment.
func (s *socket) Unsettled(receives bool) bool {
	ready := C.zb_events(s.z)
	wants := s.z.left > 0
	runtime.KeepAlive(s)
	if receives && ready&C.ZMQ_POLLIN != 0 {
		return true
	}
	if !wants || ready&C.ZMQ_POLLOUT == 0 {
		return false
	}
	if s.host.later == nil || !s.host.doubted {
		s.host.doubted = true
		return true
	}
	s.host.later.Reset(doubt)
	return false
}
