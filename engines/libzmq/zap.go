//go:build libzmq

package libzmq

import (
	"fmt"

	"zbench/engines"
)

// wardenEndpoint is where the library asks whether a peer may come in (ZAP,
// RFC 27).
const wardenEndpoint = "inproc://zeromq.zap.01"

// admit gives the ZAP domain in which that pair alone is admitted. The first
// one of a context starts its warden.
func (e *Engine) admit(l *library, pair engines.Security) (domain string, err error) {
	e.mu.Lock()
	e.serial++
	domain = fmt.Sprintf("zbench-%d", e.serial)
	e.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairs[domain] = pair
	if l.warden != nil {
		return domain, nil
	}
	s, err := newSocket(e, l, engines.REP, engines.Options{Use: engines.Turns})
	if err != nil {
		return "", fmt.Errorf("answer ZAP requests: %w", err)
	}
	if _, err := s.Bind(wardenEndpoint); err != nil {
		s.Close()
		return "", fmt.Errorf("answer ZAP requests: %w", err)
	}
	l.warden = s
	go l.guard(s)
	return domain, nil
}

// guard answers ZAP requests until the warden's socket is closed.
func (l *library) guard(s *socket) {
	ms := make([]*engines.Msg, 1)
	for {
		n, err := s.Recv(ms)
		if err != nil {
			return
		}
		if n == 0 {
			continue
		}
		reply := l.verdict(ms[0].Frames)
		engines.Release(ms[:1])
		if err := s.Send(&engines.Msg{Frames: reply}); err != nil {
			return
		}
	}
}

// The frames of a ZAP request.
const (
	zapVersion = iota
	zapRequest
	zapDomain
	zapAddress
	zapIdentity
	zapMechanism
	zapCredentials
)

// verdict is the reply to a ZAP request: version, request, status, its text,
// user and metadata. Whoever got as far by CURVE knows the server's key, and
// that is what is asked.
func (l *library) verdict(request [][]byte) [][]byte {
	status, text := "400", "refused"
	var id []byte
	if len(request) >= zapCredentials {
		id = append(id, request[zapRequest]...)
		if string(request[zapMechanism]) != "PLAIN" || l.knows(request) {
			status, text = "200", "OK"
		}
	}
	return [][]byte{[]byte("1.0"), id, []byte(status), []byte(text), nil, nil}
}

func (l *library) knows(request [][]byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	pair, ok := l.pairs[string(request[zapDomain])]
	return ok && len(request) == zapCredentials+2 &&
		string(request[zapCredentials]) == pair.Username && string(request[zapCredentials+1]) == pair.Password
}
