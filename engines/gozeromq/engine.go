// Package gozeromq puts github.com/go-zeromq/zmq4 behind the engine contract.
//
// The library is called as a Go program would call it: SendMulti, which
// gathers a message into one write where Send makes two a frame (REP and
// ROUTER rebuild the message and lose that, so they write frame by frame), and
// Recv, one message at a time. Nothing is batched, and no goroutine may be
// locked to its thread, because the library starts one for every send.
//
// What the library does otherwise than ZeroMQ and this package cannot mend is
// refused by Supports, which says why. What can be mended, is:
//
//   - Two hooks tell the engine of its connections: a security mechanism that
//     wraps the library's own NULL (peers.go), and transports that hand on the
//     library's own sockets (transport.go). Data never passes through either.
//   - A vanished peer is no error of Recv, and a send to nobody is one of Send.
//     PUSH never reads, so that it learns of a peer's end only from a write
//     that fails; what was written before that counts as sent, and as lost.
//   - PUB has a queue for all subscribers together. The library's has no limit;
//     here it defaults to 64 MiB (see queueLimit). XPUB's cannot be limited.
//   - Connect gives up: it waits half a second for somebody to listen, and
//     HandshakeTimeout (default 5 s) for the handshake.
//   - Close ends the library's goroutines, except one in every PUB and XPUB.
package gozeromq

import (
	"context"
	"fmt"

	"zbench/engines"
)

const (
	module   = "github.com/go-zeromq/zmq4"
	released = "v0.17.0" // what this package was written against
)

// Engine opens sockets of go-zeromq/zmq4. Both ends of an inproc connection
// must come from one Engine.
type Engine struct {
	links *links
}

var _ engines.Engine = (*Engine)(nil)

// New returns the engine. It adds two transports to the library's list, once
// per process.
func New() engines.Engine {
	registerTransports()
	return &Engine{links: &links{ends: map[string]end{}}}
}

// Name is "go-zeromq".
func (*Engine) Name() string { return "go-zeromq" }

// Defaults implements engines.Defaulted.
func (*Engine) Defaults() string {
	return "no HWM (PUB: what 64 MiB hold), one write a message, kernel buffers as the system has them"
}

// Version is that of the library in this program.
func (*Engine) Version() string { return engines.ModuleVersion(module, released) }

// Open makes a socket. It does not ask Supports: a socket that was forced
// behaves as the library does. Only PLAIN is refused here as well, because
// security must not be left out in silence.
func (e *Engine) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	if newLibrarySocket(k) == nil {
		return nil, fmt.Errorf("go-zeromq: open %s: unknown kind: %w", k, engines.ErrUnsupported)
	}
	if o.Security != (engines.Security{}) {
		return nil, fmt.Errorf("go-zeromq: open %s: %s: %w", k, whyNotPlain, engines.ErrUnsupported)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("go-zeromq: open %s: %w", k, err)
	}
	s, err := newSocket(ctx, e, k, o)
	if err != nil {
		return nil, fmt.Errorf("go-zeromq: open %s: %w", k, err)
	}
	return s, nil
}
