//go:build libzmq

package pebbe

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

// closeWait is how long Close waits for listeners to end; they take less than a
// millisecond where an I/O thread gets to run.
const closeWait = time.Second

// Bind listens. libzmq resolves wildcards; names of hosts are resolved here,
// since it takes them for those of network devices.
func (s *socket) Bind(endpoint string) (string, error) {
	transport, addr, err := s.checked(endpoint)
	if err != nil {
		return "", fmt.Errorf("pebbe: %s bind: %w", s.kind, err)
	}
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("%w; is %s free, and an address of this machine?", s.fail("bind", err), endpoint)
	}
	local := endpoint
	switch transport {
	case "tcp":
		local = "tcp://" + resolved(addr)
	case "ipc":
		if taken(addr) {
			return fail(zmq4.EADDRINUSE)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return fail(engines.ErrClosed)
	}
	if err := s.listenSecurely(); err != nil {
		return fail(err)
	}
	if err := s.allowIPv6(local); err != nil {
		return fail(err)
	}
	if err := s.lib.Bind(local); err != nil {
		return fail(err)
	}
	if transport == "tcp" || addr == "*" {
		if local, err = s.lib.GetLastEndpoint(); err != nil {
			return fail(err)
		}
	}
	s.bound = append(s.bound, local)
	s.host.wake()
	return local, nil
}

// Connect returns before the connection stands; libzmq tries until it does.
func (s *socket) Connect(endpoint string) error {
	if _, _, err := s.checked(endpoint); err != nil {
		return fmt.Errorf("pebbe: %s connect: %w", s.kind, err)
	}
	fail := func(err error) error { return fmt.Errorf("%w; the endpoint is %s", s.fail("connect", err), endpoint) }
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return fail(engines.ErrClosed)
	}
	if err := s.connectSecurely(); err != nil {
		return fail(err)
	}
	if err := s.allowIPv6(endpoint); err != nil {
		return fail(err)
	}
	if err := s.lib.Connect(endpoint); err != nil {
		return fail(err)
	}
	s.host.wake()
	return nil
}

// checked parses an endpoint, and refuses one at which libzmq would leave the
// security out.
func (s *socket) checked(endpoint string) (transport, addr string, err error) {
	transport, addr, err = engines.ParseEndpoint(endpoint)
	if err == nil && transport == "inproc" && s.opts.Security != (engines.Security{}) {
		err = fmt.Errorf("%s: %s: %w", endpoint, whyNotInproc, engines.ErrUnsupported)
	}
	return transport, addr, err
}

// allowIPv6 lets the socket use such addresses where the endpoint has one, and
// only there: else libzmq listens for both and names itself by the IPv6 one.
func (s *socket) allowIPv6(endpoint string) error {
	return s.lib.SetIpv6(strings.HasPrefix(endpoint, "tcp://["))
}

// resolved replaces the name of a host by its address, the IPv4 one if it has
// both. What cannot be resolved is libzmq's to judge: a device's name, or "*".
func resolved(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host == "*" || net.ParseIP(host) != nil {
		return addr
	}
	ips, err := net.LookupIP(host)
	if err != nil || len(ips) == 0 {
		return addr
	}
	at := max(0, slices.IndexFunc(ips, func(ip net.IP) bool { return ip.To4() != nil }))
	return net.JoinHostPort(ips[at].String(), port)
}

// taken reports whether somebody listens at a path. libzmq removes whatever
// file is there.
func taken(path string) bool {
	if path == "*" || path[0] == '@' {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return err == nil || errors.Is(err, syscall.EAGAIN) // its backlog is full
}

// unlisten stops listening and waits until that is done, so that an endpoint is
// free when Close returns. libzmq leaves it to an I/O thread, which says so to
// a monitor.
func (s *socket) unlisten() {
	var network []string
	for _, endpoint := range s.bound {
		if !strings.HasPrefix(endpoint, "inproc:") {
			network = append(network, endpoint)
		}
	}
	var events *zmq4.Socket
	if len(network) > 0 {
		events = s.monitor()
	}
	for _, endpoint := range s.bound {
		_ = s.lib.Unbind(endpoint) // closing the socket does the same, later
	}
	if events == nil {
		return
	}
	defer events.Close()
	for end := time.Now().Add(closeWait); len(network) > 0 && time.Now().Before(end); {
		_, endpoint, _, err := events.RecvEvent(0)
		if err != nil {
			return
		}
		network = slices.DeleteFunc(network, func(e string) bool { return e == endpoint })
	}
}

// monitor is where the ends of listeners are told, nil if there can be none.
func (s *socket) monitor() *zmq4.Socket {
	const ends = zmq4.EVENT_CLOSED | zmq4.EVENT_CLOSE_FAILED
	address := "inproc://" + s.library.name("monitor")
	if s.lib.Monitor(address, ends) != nil {
		return nil
	}
	events, err := s.library.ctx.NewSocket(zmq4.PAIR)
	if err != nil {
		return nil
	}
	if err = events.SetRcvtimeo(closeWait); err == nil {
		err = events.SetLinger(0)
	}
	if err == nil {
		err = events.Connect(address)
	}
	if err != nil {
		_ = events.Close()
		return nil
	}
	return events
}
