//go:build libzmq

package pebbe

import (
	"errors"
	"fmt"
	"sync"

	"zbench/engines"
)

// zapEndpoint is where libzmq asks whom to admit (RFC 27). There is one in each
// context, and without a handler everybody is admitted.
const zapEndpoint = "inproc://zeromq.zap.01"

// Frames of a request: version, request id, domain, address, identity,
// mechanism, and the mechanism's credentials; with PLAIN the name and password.
const (
	zapVersion = iota
	zapRequest
	zapDomain
	zapAddress
	zapIdentity
	zapMechanism
	zapCredentials
)

// zap answers libzmq's questions on a goroutine of its own.
type zap struct {
	socket *socket

	mu       sync.Mutex
	admitted map[string][2]string // by domain: the name and the password
}

// admit has one pair let in, and returns the domain under which it is known.
func (l *library) admit(username, password string) (domain string, err error) {
	domain = l.name("plain")
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.zap == nil {
		if l.zap, err = newZap(l); err != nil {
			return "", err
		}
	}
	l.zap.mu.Lock()
	defer l.zap.mu.Unlock()
	l.zap.admitted[domain] = [2]string{username, password}
	return domain, nil
}

// forget lets nobody in any more under that domain.
func (l *library) forget(domain string) {
	if domain == "" {
		return
	}
	l.mu.Lock()
	z := l.zap
	l.mu.Unlock()
	z.mu.Lock()
	defer z.mu.Unlock()
	delete(z.admitted, domain)
}

func newZap(l *library) (*zap, error) {
	// For two goroutines, though it has one: such a socket closes at once.
	s, err := newSocket(l, engines.REP, engines.Options{Use: engines.Duplex})
	if err != nil {
		return nil, fmt.Errorf("open the socket that checks passwords: %w", err)
	}
	if err := s.lib.Bind(zapEndpoint); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("bind %s: %w", zapEndpoint, err)
	}
	z := &zap{socket: s, admitted: map[string][2]string{}}
	go z.serve()
	return z, nil
}

// serve answers until the socket closes.
func (z *zap) serve() {
	ms := make([]*engines.Msg, 1)
	for {
		n, err := z.socket.Recv(ms)
		if errors.Is(err, engines.ErrClosed) {
			return
		}
		if n == 0 {
			continue
		}
		// A reply that cannot be sent leaves a handshake to its timeout.
		_ = z.socket.Send(&engines.Msg{Frames: z.answer(ms[0].Frames)})
	}
}

// answer is version, request id, status code and text, user id and metadata.
func (z *zap) answer(request [][]byte) [][]byte {
	if len(request) <= zapMechanism {
		return text("1.0", "", "500", "malformed request", "", "")
	}
	id := string(request[zapRequest])
	if z.admits(request) {
		return text("1.0", id, "200", "OK", "", "")
	}
	return text("1.0", id, "400", "wrong name or password", "", "")
}

// admits checks PLAIN; CURVE admits everybody who has the server's key.
func (z *zap) admits(request [][]byte) bool {
	switch string(request[zapMechanism]) {
	case "CURVE":
		return true
	case "PLAIN":
		z.mu.Lock()
		pair, known := z.admitted[string(request[zapDomain])]
		z.mu.Unlock()
		c := request[zapCredentials:]
		return known && len(c) == len(pair) && string(c[0]) == pair[0] && string(c[1]) == pair[1]
	}
	return false
}

func text(parts ...string) [][]byte {
	frames := make([][]byte, len(parts))
	for i, part := range parts {
		frames[i] = []byte(part)
	}
	return frames
}
