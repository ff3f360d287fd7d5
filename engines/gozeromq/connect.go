package gozeromq

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"zbench/engines"
)

const (
	// refusedTime is how long Connect waits for somebody to listen.
	refusedTime = 500 * time.Millisecond
	redialPause = 10 * time.Millisecond
)

var (
	errWildcard = errors.New("a wildcard is for Bind alone; connect to what Bind returned")
	errStuck    = errors.New("an earlier Connect has not come back; open a new socket")
	errSilent   = errors.New("no answer within the handshake timeout; does a ZeroMQ socket listen there, and has it room for one more?")
)

// Connect returns when the connection stands.
func (s *socket) Connect(endpoint string) error {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err == nil && wildcard(transport, addr) {
		err = fmt.Errorf("endpoint %q: %w", endpoint, errWildcard)
	}
	if err != nil {
		return s.fail("connect", err)
	}
	s.meet(transport, false)
	timeout := s.handshakeTimeout()
	started := time.Now()
	patience := min(timeout, refusedTime)
	for {
		refused, err := s.dial(scheme(transport)+"://"+addr, timeout)
		if err == nil {
			return nil
		}
		if !refused || time.Since(started) > patience {
			if errors.Is(err, errGreeting) || errors.Is(err, errSilent) && transport != "inproc" {
				err = explain(err, transport, addr, patience)
			}
			return s.fail("connect "+endpoint, err)
		}
		select {
		case <-s.done:
		case <-time.After(redialPause):
		}
	}
}

func wildcard(transport, addr string) bool {
	if transport != "tcp" {
		return transport == "ipc" && addr == "*"
	}
	host, port, _ := net.SplitHostPort(addr)
	return host == "*" || strings.Trim(port, "0*") == ""
}

// meet prepares for connections of that transport, on the side that dials or
// listens.
func (s *socket) meet(transport string, server bool) {
	inproc := transport == "inproc"
	s.inproc[side(server)].Store(inproc)
	if inproc {
		s.out.meetInproc(s.kind)
	}
}

// dial tries once. refused says that nobody listens, and that trying again may
// help. The library's Dial can stay for ever where the endpoint is inproc and
// its owner takes nobody; such a Dial is left behind.
func (s *socket) dial(name string, timeout time.Duration) (refused bool, err error) {
	s.setup.Lock()
	if s.dialling != nil {
		select {
		case <-s.dialling:
		default:
			s.setup.Unlock()
			return false, errStuck
		}
	}
	if s.closed.Load() {
		s.setup.Unlock()
		return false, engines.ErrClosed
	}
	done := make(chan struct{})
	s.dialling = done
	s.setup.Unlock()

	var dialled error
	go func() {
		defer close(done)
		dialled = s.lib.Dial(name)
		if dialled != nil {
			s.greetings.drop(false)
		}
	}()
	// tcp and ipc end by their own deadlines, a little later.
	wait := time.NewTimer(timeout + time.Second)
	if s.onInproc(false) {
		wait.Reset(timeout)
	}
	defer wait.Stop()
	select {
	case <-done:
	case <-s.done:
		return false, engines.ErrClosed
	case <-wait.C:
		return false, errSilent
	}
	return dialError(dialled)
}

func dialError(err error) (refused bool, _ error) {
	if err == nil {
		return false, nil
	}
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, errSilent
	case errors.Is(err, errWrongKind):
		return false, errWrongKind
	case strings.Contains(err.Error(), greetingWords):
		return false, errGreeting
	case errors.As(err, &dns):
		return false, fmt.Errorf("%w; check the host's name", dns)
	case errors.As(err, &op) && op.Op == "dial", strings.Contains(err.Error(), "inproc: connection refused"):
		return true, fmt.Errorf("nobody listens: %w; start the side that binds first", cause(err))
	}
	return false, cause(err)
}
