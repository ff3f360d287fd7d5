// Package zap answers the questions by which libzmq has somebody else decide
// whom to admit (ZAP, RFC 27), for the engines that are built on it.
package zap

import (
	"errors"
	"fmt"
	"sync"

	"zbench/engines"
)

// Endpoint is where libzmq asks, one in each context. Without a handler
// everybody is admitted.
const Endpoint = "inproc://zeromq.zap.01"

// Frames of a request: version, request id, domain, address, identity,
// mechanism, and the mechanism's credentials; with PLAIN the name and password.
const (
	version = iota
	requestID
	domain
	address
	identity
	mechanism
	credentials
)

// Gate knows who may come in. Any goroutine may use it; its zero value admits
// nobody by PLAIN.
type Gate struct {
	mu    sync.Mutex
	last  int
	pairs map[string]engines.Security // by domain
}

// Admit has the pair of one listening socket let in, and returns the domain
// that the socket is to name.
func (g *Gate) Admit(pair engines.Security) (domain string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pairs == nil {
		g.pairs = map[string]engines.Security{}
	}
	g.last++
	domain = fmt.Sprintf("zbench-%d", g.last)
	g.pairs[domain] = pair
	return domain
}

// Forget lets nobody in any more under that domain.
func (g *Gate) Forget(domain string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.pairs, domain)
}

// Serve answers on s, a REP that is bound to Endpoint, until it closes.
func (g *Gate) Serve(s engines.Socket) {
	ms := make([]*engines.Msg, 1)
	for {
		n, err := s.Recv(ms)
		if errors.Is(err, engines.ErrClosed) {
			return
		}
		if n == 0 {
			continue
		}
		reply := g.answer(ms[0].Frames)
		engines.Release(ms[:n])
		// A reply that cannot be sent leaves a handshake to its timeout.
		_ = s.Send(&engines.Msg{Frames: reply})
		_ = s.Flush()
	}
}

// answer is version, request id, status code and text, user id and metadata.
func (g *Gate) answer(request [][]byte) [][]byte {
	if len(request) <= mechanism {
		return text("1.0", "", "500", "malformed request", "", "")
	}
	id := string(request[requestID])
	if g.admits(request) {
		return text("1.0", id, "200", "OK", "", "")
	}
	return text("1.0", id, "400", "wrong name or password", "", "")
}

// admits checks PLAIN. Whoever got as far by CURVE knows the server's key, and
// that is what is asked.
func (g *Gate) admits(request [][]byte) bool {
	switch string(request[mechanism]) {
	case "CURVE":
		return true
	case "PLAIN":
		g.mu.Lock()
		pair, known := g.pairs[string(request[domain])]
		g.mu.Unlock()
		c := request[credentials:]
		return known && len(c) == 2 && string(c[0]) == pair.Username && string(c[1]) == pair.Password
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
