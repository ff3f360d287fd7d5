//go:build libzmq

package libzmq

// #cgo LDFLAGS: -lzmq -lpthread
// #include "bridge.h"
import "C"

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"zbench/engines"
)

// Engine is the library. Its sockets with the same number of I/O threads share
// a context, and so find each other by inproc. A context lives as long as it
// has sockets.
type Engine struct {
	mu       sync.Mutex
	contexts map[int]*library     // by the number of I/O threads
	left     map[string]time.Time // when sockets bound to these endpoints closed
}

// New returns an engine without sockets.
func New() engines.Engine {
	return &Engine{contexts: map[int]*library{}, left: map[string]time.Time{}}
}

// Name implements engines.Engine.
func (*Engine) Name() string { return "libzmq" }

// Defaults implements engines.Defaulted.
func (*Engine) Defaults() string {
	return "HWM 1000 each way, 1 I/O thread, batches of 8 KiB, kernel buffers as the system has them, ZMQ_IMMEDIATE of DEALER, PUSH and PAIR, linger 1 s"
}

// Version implements engines.Engine: that of the library found at run time.
func (*Engine) Version() string {
	var major, minor, patch C.int
	C.zmq_version(&major, &minor, &patch)
	return fmt.Sprintf("%d.%d.%d", major, minor, patch)
}

// Open implements engines.Engine.
func (e *Engine) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	if err := e.Supports(engines.Need{Kind: k, Transport: "tcp", Options: o}); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("libzmq: open %s: %w: %w", k, engines.ErrClosed, err)
	}
	l, err := e.enter(max(o.IOThreads, 1))
	if err != nil {
		return nil, fmt.Errorf("libzmq: open %s: %w", k, err)
	}
	s, err := newSocket(e, l, k, o)
	if err != nil {
		e.leave(l)
		return nil, fmt.Errorf("libzmq: open %s: %w", k, err)
	}
	s.counted = true
	forget := context.AfterFunc(ctx, func() {
		s.Close()
		s.host.wake() // to find it closed
	})
	s.forget.Store(&forget)
	return s, nil
}

// failure is what a negative result of the bridge means.
func failure(rc C.int) error {
	switch -rc {
	case C.ETERM, C.ENOTSOCK:
		return engines.ErrClosed
	case C.EHOSTUNREACH:
		return engines.ErrNoRoute
	case C.EFSM:
		return errTurns
	case C.EADDRINUSE:
		return syscall.EADDRINUSE
	}
	return fmt.Errorf("%s", C.GoString(C.zmq_strerror(-rc)))
}
