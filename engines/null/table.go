package null

import (
	"errors"
	"fmt"
	"slices"

	"zbench/engines"
)

var errInUse = errors.New("address in use")

// bind gives s a name and links those that wait for it.
func (e *Engine) bind(s *socket, endpoint string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.closed.Load() {
		return "", s.fail("bind "+endpoint, engines.ErrClosed)
	}
	name, key, err := e.resolve(endpoint, true)
	if err != nil {
		return "", s.fail("bind", err)
	}
	if e.bound[key] != nil {
		return "", s.fail("bind "+endpoint, fmt.Errorf("%w; choose another one, or a wildcard such as tcp://127.0.0.1:0", errInUse))
	}
	e.bound[key] = s
	e.admit(key)
	return name, nil
}

// connect links s to the socket of that name, or lets it wait for one.
func (e *Engine) connect(s *socket, endpoint string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.closed.Load() {
		return s.fail("connect "+endpoint, engines.ErrClosed)
	}
	_, key, err := e.resolve(endpoint, false)
	if err != nil {
		return s.fail("connect", err)
	}
	if b := e.bound[key]; b != nil && !b.kind.Accepts(s.kind) {
		return s.fail("connect "+endpoint, fmt.Errorf("a %s is bound there, which takes no %s; connect to another kind", b.kind, s.kind))
	}
	e.waiting[key] = append(e.waiting[key], s)
	e.admit(key)
	return nil
}

// admit links those that wait for key, as far as who is bound there takes them.
func (e *Engine) admit(key string) {
	b := e.bound[key]
	if b == nil {
		return
	}
	waiting := slices.DeleteFunc(e.waiting[key], func(s *socket) bool {
		if !mayLink(b, s) {
			return false
		}
		link(b, s, key)
		return true
	})
	if e.waiting[key] = waiting; len(waiting) == 0 {
		delete(e.waiting, key)
	}
}

// remove takes s out of the table and ends its links. Those that had connected
// to it wait for the next one of its name.
func (e *Engine) remove(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for key, b := range e.bound {
		if b == s {
			delete(e.bound, key)
		}
	}
	for key, waiting := range e.waiting {
		waiting = slices.DeleteFunc(waiting, func(w *socket) bool { return w == s })
		if e.waiting[key] = waiting; len(waiting) == 0 {
			delete(e.waiting, key)
		}
	}
	for _, end := range s.live.Load().ends {
		unlink(end)
		if end.connected {
			e.admit(end.key) // a PAIR is free again
		} else {
			e.waiting[end.key] = append(e.waiting[end.key], end.other.socket)
			e.admit(end.key)
		}
	}
}

// mayLink reports whether two sockets may have one more connection.
func mayLink(a, b *socket) bool {
	return a != b && a.kind.Accepts(b.kind) && a.takes(b) && b.takes(a)
}

// takes reports whether s has room for this peer: a PAIR has one, and a ROUTER
// one of each identity.
func (s *socket) takes(peer *socket) bool {
	switch s.kind {
	case engines.PAIR:
		return len(s.live.Load().ends) == 0
	case engines.ROUTER:
		return s.live.Load().byIdentity[string(peer.options.Identity)] == nil
	}
	return true
}
