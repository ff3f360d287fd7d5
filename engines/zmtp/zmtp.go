// Package zmtp is ZeroMQ in pure Go behind the contract of package engines:
// ZMTP 3.1, 3.0 and 2.0 over tcp and ipc, and messages handed over within the
// process. It is made to load other implementations, so it is built around
// what a message costs:
//
//   - Alloc reserves memory inside the outgoing chunk of the connection that
//     the message will take; the body is written where the kernel reads it.
//   - The sender writes to the socket itself, one call a burst: when the chunk
//     is full, on Flush, and a little later where nobody flushes: after about
//     a millisecond, or 16 where the sender has always flushed before.
//   - Received frames lie in the chunk that the kernel wrote; a burst of
//     messages is handed over and given back at once.
//   - A socket with one connection reads it on the receiver's goroutine.
//
// Who owns what. A message of Alloc belongs to the caller until Send, and its
// memory to the socket: it is abandoned by the next Alloc or Send on that
// socket. A message of Recv belongs to the caller until it is given to Send or
// Release, once; its frames must not be touched afterwards. The build tag
// zmtpdebug makes a second release a panic and overwrites what was released.
package zmtp

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"zbench/engines"
)

// Engine is the implementation. Its sockets share pools of memory.
type Engine struct {
	pools  pools
	inproc switchboard
}

// New returns an engine. Sockets of one engine reach each other by inproc.
func New() engines.Engine { return &Engine{} }

// Name implements engines.Engine.
func (*Engine) Name() string { return "zmtp" }

// Defaults implements engines.Defaulted.
func (*Engine) Defaults() string {
	return "HWM 1000 each way, writes of up to 64 KiB, kernel buffers as the system has them"
}

// Version implements engines.Engine: the newest protocol it speaks.
func (*Engine) Version() string { return "ZMTP 3.1" }

// Supports implements engines.Engine.
func (*Engine) Supports(n engines.Need) error {
	limit := cmp.Or(n.Options.MaxMessageBytes, defaultMaxMessage)
	switch {
	case !slices.Contains(engines.Transports(), n.Transport):
		return fmt.Errorf("transport %q: %w", n.Transport, engines.ErrUnsupported)
	case int(n.Kind) >= len(rows) || rows[n.Kind].open == nil:
		return fmt.Errorf("kind %v: %w", n.Kind, engines.ErrUnsupported)
	case n.Kind == engines.PAIR && n.Peers > 1:
		return fmt.Errorf("PAIR has one peer, not %d: %w", n.Peers, engines.ErrUnsupported)
	case n.MaxFrame > limit:
		return fmt.Errorf("frames of %d bytes where MaxMessageBytes is %d: %w", n.MaxFrame, limit, engines.ErrUnsupported)
	}
	return check(n.Options)
}

// Open implements engines.Engine.
func (e *Engine) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	err := e.Supports(engines.Need{Kind: k, Transport: "tcp", Options: o})
	if err != nil {
		return nil, fmt.Errorf("open %v: %w", k, err)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("open %v: %w: %w", k, engines.ErrClosed, ctx.Err())
	}
	c := newCore(ctx, e, k, o)
	s := rows[k].open(c)
	c.start()
	return s, nil
}
