//go:build libzmq

package pebbe

import (
	"cmp"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/pebbe/zmq4"

	"zbench/engines/zap"
)

const (
	maxSockets = 65_535 // of a context; libzmq's own default is 1023
	// termGrace is how much longer than its linger a context may take to end.
	termGrace = 500 * time.Millisecond
)

// library is one context of libzmq.
type library struct {
	ctx       *zmq4.Context
	ioThreads int
	sockets   int           // open ones; the engine's mutex guards it
	ended     chan struct{} // closed when it has ended

	gate   zap.Gate
	mu     sync.Mutex
	serial int
	warden *socket // answers for gate; nil: nobody has asked
}

// acquire gives the context with that many I/O threads, 0 for libzmq's default,
// and counts a socket.
func (e *Engine) acquire(ioThreads int) (*library, error) {
	ioThreads = cmp.Or(ioThreads, zmq4.IoThreadsDflt)
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.contexts[ioThreads]
	if l == nil {
		var err error
		if l, err = newLibrary(ioThreads); err != nil {
			return nil, err
		}
		e.contexts[ioThreads] = l
	}
	l.sockets++
	return l, nil
}

// newLibrary makes a context, whose threads libzmq starts with the first socket.
func newLibrary(ioThreads int) (*library, error) {
	ctx, err := zmq4.NewContext()
	if err != nil {
		return nil, fmt.Errorf("make a context of libzmq: %w", err)
	}
	if err := ctx.SetMaxSockets(maxSockets); err != nil {
		return nil, fmt.Errorf("allow %d sockets: %w", maxSockets, err)
	}
	if err := ctx.SetIoThreads(ioThreads); err != nil {
		return nil, fmt.Errorf("run %d I/O threads: %w", ioThreads, err)
	}
	return &library{ctx: ctx, ioThreads: ioThreads, ended: make(chan struct{})}, nil
}

// release counts a socket less. After the last one the context ends, which
// takes as long as the sockets linger.
func (e *Engine) release(l *library, linger time.Duration) {
	e.mu.Lock()
	l.sockets--
	last := l.sockets == 0
	if last {
		delete(e.contexts, l.ioThreads)
	}
	e.mu.Unlock()
	if !last {
		return
	}
	go l.end()
	select {
	case <-l.ended:
	case <-time.After(linger + termGrace):
	}
}

func (l *library) end() {
	defer close(l.ended)
	l.mu.Lock()
	warden := l.warden
	l.mu.Unlock()
	if warden != nil {
		_ = warden.Close()
	}
	_ = l.ctx.Term() // it cannot fail but for signals, after which it goes on
}

// name makes one that nobody else in this context has.
func (l *library) name(what string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serial++
	return "zbench-" + what + "-" + strconv.Itoa(l.serial)
}
