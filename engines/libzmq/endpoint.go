//go:build libzmq

package libzmq

// #include <stdlib.h>
// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"zbench/engines"
)

// The library closes listeners a moment after their socket. An endpoint that a
// socket of this engine had is asked for again until it is free.
const (
	leaveTime  = 2 * time.Second
	leaveRetry = time.Millisecond
)

// Bind implements engines.Socket.
func (s *socket) Bind(endpoint string) (string, error) {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return "", fmt.Errorf("bind: %w", err)
	}
	if s.closed.Load() {
		return "", s.fail("bind "+endpoint, engines.ErrClosed)
	}
	if err := s.listens(); err != nil {
		return "", s.fail("bind "+endpoint, err)
	}
	bound, err := s.bindOnce(transport, addr, endpoint)
	for errors.Is(err, syscall.EADDRINUSE) && s.engine.leaving(endpoint) {
		time.Sleep(leaveRetry)
		bound, err = s.bindOnce(transport, addr, endpoint)
	}
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w; choose another endpoint, of tcp with port 0 for any that is free", err)
		}
		return "", s.fail("bind "+endpoint, err)
	}
	s.host.wake()
	s.engine.taken(s, bound)
	return bound, nil
}

// maxEndpoint is the longest endpoint that Bind returns, with its NUL.
const maxEndpoint = 256

func (s *socket) bindOnce(transport, addr, endpoint string) (string, error) {
	// The library takes the file of an ipc endpoint from whoever has it.
	if transport == "ipc" && !strings.HasPrefix(addr, "@") && s.engine.occupied(addr, endpoint) {
		return "", syscall.EADDRINUSE
	}
	name := C.CString(endpoint)
	defer C.free(unsafe.Pointer(name))
	var bound [maxEndpoint]C.char
	if rc := C.zb_bind(s.z, name, &bound[0], maxEndpoint); rc != 0 {
		return "", failure(rc)
	}
	if transport != "tcp" {
		return endpoint, nil
	}
	return C.GoString(&bound[0]), nil
}

// occupied reports whether somebody listens at the path, or a socket of this
// engine has yet to remove it.
func (e *Engine) occupied(path, endpoint string) bool {
	if _, err := os.Lstat(path); err != nil {
		return false
	}
	if e.leaving(endpoint) {
		return true
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		c.Close()
	}
	return err == nil
}

// Connect implements engines.Socket.
func (s *socket) Connect(endpoint string) error {
	_, _, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if s.closed.Load() {
		return s.fail("connect "+endpoint, engines.ErrClosed)
	}
	if err := s.calls(); err != nil {
		return s.fail("connect "+endpoint, err)
	}
	name := C.CString(endpoint)
	defer C.free(unsafe.Pointer(name))
	if rc := C.zb_connect(s.z, name); rc != 0 {
		return s.fail("connect "+endpoint, fmt.Errorf("%w; name one host and port, path or name", failure(rc)))
	}
	s.host.wake()
	return nil
}

// leaving reports whether a socket of this engine had the endpoint until
// recently.
func (e *Engine) leaving(endpoint string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	since, ok := e.left[endpoint]
	return ok && time.Since(since) < leaveTime
}

func (e *Engine) taken(s *socket, endpoint string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.left, endpoint)
	s.bound = append(s.bound, endpoint)
}

// leaves notes the endpoints of a socket that closes.
func (e *Engine) leaves(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for endpoint, since := range e.left {
		if time.Since(since) > leaveTime {
			delete(e.left, endpoint)
		}
	}
	for _, endpoint := range s.bound {
		e.left[endpoint] = time.Now()
	}
}
