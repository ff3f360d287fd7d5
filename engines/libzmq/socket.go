//go:build libzmq

package libzmq

// #include "bridge.h"
import "C"

import (
	"cmp"
	"fmt"
	"runtime"
	"sync/atomic"

	"zbench/engines"
)

// socket is one end. Nothing that both halves change is in Go.
type socket struct {
	engine   *Engine
	library  *library
	kind     engines.Kind
	security engines.Security
	turns    bool  // Recv flushes, for nobody else does
	host     *host // nil: calls wait
	z        *C.struct_zb_socket
	closed   atomic.Bool
	done     chan struct{}               // closed when Close is through
	counted  bool                        // by the library; what it opens for itself is not
	forget   atomic.Pointer[func() bool] // the context of Open
	bound    []string                    // endpoints, under the engine's mutex

	out outbox
	_   [128]byte // the halves share no line of memory
	in  inbox
}

func newSocket(e *Engine, l *library, k engines.Kind, o engines.Options) (*socket, error) {
	use := cmp.Or(o.Use, engines.Duplex)
	calls, vague := C.int(C.ZB_ALONE), C.int(0)
	if use == engines.Duplex {
		calls = C.ZB_DUPLEX
	}
	if o.Host != nil {
		calls = C.ZB_HOSTED
	}
	if isVague(k) {
		vague = 1
	}
	z, err := C.zb_open(l.context, types[k], calls, vague)
	if z == nil {
		return nil, fmt.Errorf("%w; use fewer sockets or raise the limit of open files", err)
	}
	s := &socket{engine: e, library: l, kind: k, security: o.Security, turns: use == engines.Turns, z: z, done: make(chan struct{})}
	// The memory is shared with the halves, so it goes when nobody has them.
	runtime.AddCleanup(s, func(z *C.struct_zb_socket) { C.zb_close(z); C.zb_free(z) }, z)
	s.out.init(z, o)
	s.in.init(k, o.Host != nil)
	if err = s.configure(o); err == nil {
		err = s.subscribe(o.Subscribe)
	}
	if err == nil && o.Host != nil {
		s.host, err = newHost(o.Host, z, k)
	}
	if err != nil {
		C.zb_close(z)
		return nil, err
	}
	return s, nil
}

// isVague reports whether POLLOUT of a kind does not say that the next message
// can go: a ROUTER has it when any peer has room, a publisher always.
func isVague(k engines.Kind) bool {
	return k == engines.ROUTER || k == engines.PUB || k == engines.XPUB
}

// Close implements engines.Socket. What is in an unflushed batch is lost. The
// last socket of a context waits for what all of them have sent, as long as
// they linger, but never on a host's thread.
func (s *socket) Close() error {
	if s.closed.Swap(true) {
		<-s.done
		return nil
	}
	if forget := s.forget.Load(); forget != nil {
		(*forget)()
	}
	s.engine.leaves(s)
	s.host.leave()
	mustNotWait := C.zb_close(s.z) != 0
	if s.kind.CanRecv() {
		s.in.pool.drop()
	}
	switch {
	case s.counted && mustNotWait:
		go s.engine.leave(s.library)
	case s.counted:
		s.engine.leave(s.library)
	}
	close(s.done)
	return nil
}

// fail says which socket could not do what.
func (s *socket) fail(operation string, err error) error {
	return fmt.Errorf("libzmq: %s %s: %w", s.kind, operation, err)
}
