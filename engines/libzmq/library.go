//go:build libzmq

package libzmq

// #include "bridge.h"
import "C"

import (
	"fmt"
	"sync"
	"unsafe"

	"zbench/engines/zap"
)

// maxSockets of one context, more than a cell may ask for.
const maxSockets = 16 << 10

// library is a context of libzmq.
type library struct {
	threads int
	context unsafe.Pointer
	sockets int // under the engine's mutex

	gate   zap.Gate
	mu     sync.Mutex
	warden *socket // answers ZAP requests; nil: nobody has asked
}

// enter counts a socket of a context with that many I/O threads.
func (e *Engine) enter(threads int) (*library, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.contexts[threads]
	if l == nil {
		context, err := C.zmq_ctx_new()
		if context == nil {
			return nil, fmt.Errorf("context: %w; close other programs or raise the limit of open files", err)
		}
		C.zmq_ctx_set(context, C.ZMQ_IO_THREADS, C.int(threads))
		C.zmq_ctx_set(context, C.ZMQ_MAX_SOCKETS, maxSockets)
		l = &library{threads: threads, context: context}
		e.contexts[threads] = l
	}
	l.sockets++
	return l, nil
}

// leave takes a closed socket off, and ends the context with its last one. That
// takes until what was sent is on its way, or the linger is over.
func (e *Engine) leave(l *library) {
	e.mu.Lock()
	l.sockets--
	last := l.sockets == 0
	if last {
		delete(e.contexts, l.threads)
	}
	e.mu.Unlock()
	if !last {
		return
	}
	l.mu.Lock()
	warden := l.warden
	l.mu.Unlock()
	if warden != nil {
		warden.Close()
	}
	for C.zmq_ctx_term(l.context) != 0 && C.zmq_errno() == C.EINTR {
	}
}
