// Package null is an engine without a network: messages are handed over in
// memory, inside one process. What a run costs on it is the harness's own
// floor.
//
// All kinds and all names of transports work; tcp, ipc and inproc endpoints
// are names in a table that the Engine owns. Every connection has a lane in each
// direction; a full lane blocks its sender, publishers too, and nothing is
// dropped. There is no HWM, buffer, heartbeat or security to set.
package null

import (
	"context"
	"fmt"
	"sync"

	"zbench/engines"
)

// Engine is a set of sockets that reach each other by name. Two Engines know
// nothing of each other.
type Engine struct {
	mu      sync.Mutex           // guards what follows and which sockets are linked
	bound   map[string]*socket   // by key, see resolve
	waiting map[string][]*socket // connected to a key that takes nobody yet
	serial  int                  // wildcards resolved so far

	blocks    blocks
	per, most int // of every lane; 0: by the size of bodies
}

// New returns an engine with no sockets.
func New() *Engine {
	return &Engine{bound: map[string]*socket{}, waiting: map[string][]*socket{}}
}

// Name is "null".
func (*Engine) Name() string { return "null" }

// Defaults implements engines.Defaulted.
func (*Engine) Defaults() string {
	return "no HWM, no buffers: slots in memory"
}

// Version counts the changes that make older figures incomparable.
func (*Engine) Version() string { return "2" }

// Hosts implements engines.Hosted: memory needs no descriptors.
func (*Engine) Hosts() error { return nil }

// Threads implements engines.Hosted.
func (*Engine) Threads(engines.Options) int { return 0 }

// Open makes a socket.
func (e *Engine) Open(ctx context.Context, k engines.Kind, o engines.Options) (engines.Socket, error) {
	if int(k) >= len(behaviours) || behaviours[k] == nil {
		return nil, fmt.Errorf("null: open %s: %w", k, engines.ErrUnsupported)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("null: open %s: %w", k, err)
	}
	return newSocket(ctx, e, k, o), nil
}
