package zmtp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"zbench/engines"
)

// Bind implements engines.Socket.
func (c *core) Bind(endpoint string) (string, error) {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return "", fmt.Errorf("bind: %w", err)
	}
	if transport == "inproc" {
		return endpoint, c.bindInproc(endpoint, addr)
	}
	l, err := listen(transport, addr)
	if err != nil {
		return "", fmt.Errorf("bind %s: %w; %s", endpoint, bare(err), elsewhere(transport))
	}
	if !c.track(l) {
		_ = l.Close()
		return "", c.errClosed("bind " + endpoint)
	}
	c.group.Add(1)
	go c.accept(l)
	if transport == "ipc" {
		return endpoint, nil
	}
	return "tcp://" + l.Addr().String(), nil
}

// Connect implements engines.Socket. It returns at once; where nobody listens
// yet the attempt is repeated.
func (c *core) Connect(endpoint string) error {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if c.closed.Load() {
		return c.errClosed("connect " + endpoint)
	}
	if transport == "inproc" {
		return c.connectInproc(addr)
	}
	if strings.HasSuffix(addr, ":*") || strings.HasPrefix(addr, "*:") || strings.HasSuffix(addr, ":0") {
		return fmt.Errorf("connect %s: wildcards are for Bind; name the host and the port", endpoint)
	}
	c.group.Add(1)
	go c.dial(network(transport), addr)
	return nil
}

func network(transport string) string {
	if transport == "ipc" {
		return "unix"
	}
	return "tcp"
}

// listen resolves wildcards, and removes the file of an ipc endpoint whose
// listener is dead.
func listen(transport, addr string) (net.Listener, error) {
	if transport == "ipc" {
		l, err := net.Listen("unix", addr)
		if errors.Is(err, syscall.EADDRINUSE) && stale(addr) {
			if err := os.Remove(addr); err != nil {
				return nil, err
			}
			l, err = net.Listen("unix", addr)
		}
		return l, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	network := "tcp"
	if host == "*" {
		host, network = "0.0.0.0", "tcp4"
	}
	if port == "*" {
		port = "0"
	}
	return net.Listen(network, net.JoinHostPort(host, port))
}

// bare is err without the operation and the address that net says again.
func bare(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	return err
}

// elsewhere says what helps where an endpoint cannot be bound.
func elsewhere(transport string) string {
	if transport == "ipc" {
		return "choose another endpoint"
	}
	return "choose another endpoint, or port 0 for any that is free"
}

// stale reports whether addr is the socket file of nobody.
func stale(addr string) bool {
	if strings.HasPrefix(addr, "@") {
		return false
	}
	info, err := os.Stat(addr)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	nc, err := net.DialTimeout("unix", addr, time.Second)
	if err == nil {
		_ = nc.Close() // it only asked whether somebody is there
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

func (c *core) accept(l net.Listener) {
	defer c.group.Done()
	for {
		nc, err := l.Accept()
		if c.closed.Load() {
			if err == nil {
				_ = nc.Close() // too late
			}
			return
		}
		if err != nil {
			// Out of descriptors, or a peer that went before it was accepted.
			c.stats.failed(fmt.Errorf("accept on %s: %w", l.Addr(), named(err)))
			c.pause(defaultReconnect)
			continue
		}
		c.group.Add(1)
		go func() {
			defer c.group.Done()
			c.converse(nc, true)
		}()
	}
}

// dial keeps a connection to addr up until the socket closes. The wait between
// attempts doubles while they fail.
func (c *core) dial(network, addr string) {
	defer c.group.Done()
	wait := c.set.ReconnectMin
	d := net.Dialer{Timeout: c.set.HandshakeTimeout}
	for !c.closed.Load() {
		if nc, err := d.DialContext(c.ctx, network, addr); err == nil && c.converse(nc, false) {
			wait = c.set.ReconnectMin
		}
		c.pause(wait)
		wait = min(2*wait, c.set.ReconnectMax)
	}
}

// pause waits for d or until the socket closes.
func (c *core) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.ctx.Done():
	}
}

// tune sets the socket options of a connection. They are wishes: a kernel that
// refuses one still carries messages.
func tune(nc net.Conn, s *settings) {
	type buffers interface {
		SetReadBuffer(int) error
		SetWriteBuffer(int) error
	}
	if t, ok := nc.(*net.TCPConn); ok {
		_ = t.SetNoDelay(!s.Delay)
	}
	if b, ok := nc.(buffers); ok {
		if s.SendBuf > 0 {
			_ = b.SetWriteBuffer(s.SendBuf)
		}
		if s.RecvBuf > 0 {
			_ = b.SetReadBuffer(s.RecvBuf)
		}
	}
}
