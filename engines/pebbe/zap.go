//go:build libzmq

package pebbe

import (
	"fmt"

	"zbench/engines"
	"zbench/engines/zap"
)

// admit gives the ZAP domain in which that pair alone is let in. The first one
// of a context opens the socket that answers libzmq's questions.
func (l *library) admit(pair engines.Security) (domain string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.warden != nil {
		return l.gate.Admit(pair), nil
	}
	// For two goroutines, though it has one: such a socket closes at once.
	s, err := newSocket(l, engines.REP, engines.Options{Use: engines.Duplex})
	if err != nil {
		return "", fmt.Errorf("open the socket that checks passwords: %w", err)
	}
	if err := s.lib.Bind(zap.Endpoint); err != nil {
		_ = s.Close()
		return "", fmt.Errorf("bind %s: %w", zap.Endpoint, err)
	}
	l.warden = s
	go l.gate.Serve(s)
	return l.gate.Admit(pair), nil
}
