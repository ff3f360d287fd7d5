//go:build libzmq

package pebbe

import (
	"context"
	"fmt"
	"sync"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

const (
	module   = "github.com/pebbe/zmq4"
	released = "v1.4.0" // what this package was written against
)

// Engine opens sockets of pebbe/zmq4. Those that ask for as many I/O threads
// share a context of libzmq, which lives as long as one of them is open; inproc
// names are the context's.
type Engine struct {
	mu       sync.Mutex
	contexts map[int]*library // by I/O threads
}

var _ engines.Engine = (*Engine)(nil)

// New returns an engine without sockets.
func New() engines.Engine { return &Engine{contexts: map[int]*library{}} }

// Name is "pebbe".
func (*Engine) Name() string { return "pebbe" }

// Defaults implements engines.Defaulted.
func (*Engine) Defaults() string {
	return "HWM 1000 each way, 1 I/O thread, batches of 8 KiB, kernel buffers as the system has them"
}

// Version is that of the binding in this program, and of the libzmq it runs on.
func (*Engine) Version() string {
	major, minor, patch := zmq4.Version()
	return fmt.Sprintf("%s on libzmq %d.%d.%d", engines.ModuleVersion(module, released), major, minor, patch)
}

// Open makes a socket. It does not ask Supports: a socket that was forced
// behaves as the library does, but for security, which is never left out.
func (e *Engine) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	fail := func(err error) error { return fmt.Errorf("pebbe: open %s: %w", k, err) }
	if _, ok := types[k]; !ok {
		return nil, fail(fmt.Errorf("unknown kind: %w", engines.ErrUnsupported))
	}
	if why := refusedSecurity(o.Security); why != "" {
		return nil, fail(fmt.Errorf("%s: %w", why, engines.ErrUnsupported))
	}
	if err := ctx.Err(); err != nil {
		return nil, fail(err)
	}
	l, err := e.acquire(o.IOThreads)
	if err != nil {
		return nil, fail(err)
	}
	s, err := newSocket(l, k, o)
	if err != nil {
		e.release(l, 0)
		return nil, fail(err)
	}
	s.released = func() { e.release(l, s.linger()) }
	s.follow(ctx)
	return s, nil
}
