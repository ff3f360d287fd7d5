package gozeromq

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"zbench/engines"
)

// Bind listens. The library serves one endpoint per socket, so a second Bind
// is refused.
func (s *socket) Bind(endpoint string) (string, error) {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return "", s.fail("bind", err)
	}
	s.setup.Lock()
	defer s.setup.Unlock()
	if s.closed.Load() {
		return "", s.fail("bind "+endpoint, engines.ErrClosed)
	}
	if s.bound != "" {
		return "", s.fail("bind "+endpoint, fmt.Errorf("it listens already, and a second bind orphans the first; open another socket: %w", engines.ErrUnsupported))
	}
	if transport == "ipc" && addr == "*" {
		addr = temporaryPath()
		endpoint = "ipc://" + addr
	}
	s.meet(transport, true)
	name := scheme(transport) + "://" + addr
	if err := s.lib.Listen(name); err != nil {
		return "", s.fail("bind "+endpoint, listenError(err))
	}
	s.bound = name
	if transport != "tcp" {
		return endpoint, nil
	}
	return "tcp://" + reachable(addr, s.lib.Addr()), nil
}

// temporaryPath is a name that no other socket has.
func temporaryPath() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("zbench-%d-%d", os.Getpid(), time.Now().UnixNano()))
}

// reachable is where others may connect to: "*" is every interface, and named
// by the loopback one.
func reachable(asked string, bound net.Addr) string {
	if !strings.HasPrefix(asked, "*:") {
		return bound.String()
	}
	_, port, err := net.SplitHostPort(bound.String())
	if err != nil {
		return bound.String()
	}
	return net.JoinHostPort("127.0.0.1", port)
}

func listenError(err error) error {
	cause := cause(err)
	if errors.Is(err, syscall.EADDRINUSE) || strings.Contains(err.Error(), "already in use") {
		return fmt.Errorf("%w; choose another endpoint or stop what listens there", cause)
	}
	return cause
}

// cause strips what the library says of endpoints by its own names for them.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
