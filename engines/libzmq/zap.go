//go:build libzmq

package libzmq

import (
	"fmt"

	"zbench/engines"
	"zbench/engines/zap"
)

// admit gives the ZAP domain in which that pair alone is admitted. The first
// one of a context starts its warden.
func (e *Engine) admit(l *library, pair engines.Security) (domain string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.warden != nil {
		return l.gate.Admit(pair), nil
	}
	s, err := newSocket(e, l, engines.REP, engines.Options{Use: engines.Turns})
	if err != nil {
		return "", fmt.Errorf("answer ZAP requests: %w", err)
	}
	if _, err := s.Bind(zap.Endpoint); err != nil {
		s.Close()
		return "", fmt.Errorf("answer ZAP requests: %w", err)
	}
	l.warden = s
	go l.gate.Serve(s)
	return l.gate.Admit(pair), nil
}
