//go:build libzmq

package pebbe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

// types are the library's names of the kinds.
var types = map[engines.Kind]zmq4.Type{
	engines.REQ:    zmq4.REQ,
	engines.REP:    zmq4.REP,
	engines.DEALER: zmq4.DEALER,
	engines.ROUTER: zmq4.ROUTER,
	engines.PUB:    zmq4.PUB,
	engines.SUB:    zmq4.SUB,
	engines.XPUB:   zmq4.XPUB,
	engines.XSUB:   zmq4.XSUB,
	engines.PUSH:   zmq4.PUSH,
	engines.PULL:   zmq4.PULL,
	engines.PAIR:   zmq4.PAIR,
}

// socket is one socket of the library. The package comment says how two
// goroutines and Close share it.
type socket struct {
	kind    engines.Kind
	opts    engines.Options
	library *library
	duplex  bool  // two goroutines use it, so no call may block
	host    *host // nil: calls wait

	closed  atomic.Bool
	mu      sync.Mutex // guards what follows, and every use of lib
	lib     *zmq4.Socket
	fd      int // ZMQ_FD
	in, out side
	left    sync.Cond // somebody stopped waiting
	bound   []string  // endpoints to stop listening at
	domain  string    // of RFC 27, where this socket checks a password

	unwatch  func() bool // forgets the context of Open
	released func()      // tells the engine
	once     sync.Once

	box     outbox // the sender's
	foreign [1]*engines.Msg
}

var _ engines.Socket = (*socket)(nil)

func newSocket(l *library, k engines.Kind, o engines.Options) (*socket, error) {
	lib, err := l.ctx.NewSocket(types[k])
	if err != nil {
		return nil, fmt.Errorf("make a socket of libzmq: %w", err)
	}
	s := &socket{
		kind: k, opts: o, library: l, lib: lib,
		duplex: o.Use == 0 || o.Use == engines.Duplex,
		in:     side{event: zmq4.POLLIN},
		out:    side{event: zmq4.POLLOUT},
		box:    outbox{payload: o.Payload},
	}
	s.left.L = &s.mu
	if err = s.set(); err == nil {
		s.fd, err = lib.GetFd()
	}
	if err == nil && o.Host != nil {
		s.host, err = newHost(o.Host, s.fd, k)
	}
	if err != nil {
		_ = lib.Close()
		return nil, err
	}
	return s, nil
}

// flags are those of every call: two goroutines must not block each other, and
// nothing may block a host.
func (s *socket) flags() zmq4.Flag {
	if s.duplex || s.opts.Host != nil {
		return zmq4.DONTWAIT
	}
	return 0
}

// follow closes the socket when ctx ends.
func (s *socket) follow(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unwatch = context.AfterFunc(ctx, func() {
		_ = s.Close()
		s.host.wake() // to find it closed
	})
}

// Close returns when nothing listens any more; what is queued is sent in the
// background while the socket lingers. On a host's thread it does not wait even
// for that.
func (s *socket) Close() error {
	s.once.Do(func() {
		onHost := s.shut()
		switch {
		case s.released == nil:
		case onHost:
			go s.released()
		default:
			s.released()
		}
	})
	return nil
}

// shut closes the socket, and reports whether that was on the host's thread.
func (s *socket) shut() (onHost bool) {
	s.closed.Store(true) // first, for a blocking call tries again under mu
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unwatch != nil {
		s.unwatch()
	}
	for s.in.waiting || s.out.waiting {
		s.in.ring()
		s.out.ring()
		s.left.Wait()
	}
	s.host.leave()
	if onHost = s.host.here(); !onHost { // else closing does the same, later
		s.unlisten()
	}
	s.library.gate.Forget(s.domain)
	_ = s.lib.Close() // it fails only for what is no socket
	s.in.shut()
	s.out.shut()
	return onHost
}

// fail says what was done, in the contract's errors.
func (s *socket) fail(operation string, err error) error {
	switch {
	case s.closed.Load() || errors.Is(err, zmq4.ErrorSocketClosed):
		err = engines.ErrClosed
	case zmq4.AsErrno(err) == zmq4.EHOSTUNREACH:
		err = fmt.Errorf("nobody has this identity: %w", engines.ErrNoRoute)
	case zmq4.AsErrno(err) == zmq4.EFSM:
		err = fmt.Errorf("it is not this kind's turn to %s: %w", operation, err)
	}
	return fmt.Errorf("pebbe: %s %s: %w", s.kind, operation, err)
}
