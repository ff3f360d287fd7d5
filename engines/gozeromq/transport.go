package gozeromq

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

// acceptPause keeps the library's accept loop, which goes on after any error,
// from spinning where the process has run out of file descriptors.
const acceptPause = 10 * time.Millisecond

// watched is the library's tcp or ipc transport. It gives out the same
// connections, but tells the socket of each, for the library has no deadline
// on a handshake and does not close a connection whose handshake failed.
type watched struct {
	transport.Transport
}

// ownerKey finds the *socket in the context that the library passes on.
type ownerKey struct{}

// scheme is the name of a watched transport in the library's list. inproc
// stays the library's own.
func scheme(transport string) string {
	if transport == "inproc" {
		return transport
	}
	return "watched-" + transport
}

// registerTransports may be called again: the transports hold nothing, and the
// library refuses a second one of the same name.
func registerTransports() {
	_ = zmq4.RegisterTransport(scheme("tcp"), watched{transport.New("tcp")})
	_ = zmq4.RegisterTransport(scheme("ipc"), watched{transport.New("unix")})
}

// Dial connects as the library does.
func (w watched) Dial(ctx context.Context, d transport.Dialer, addr string) (net.Conn, error) {
	c, err := w.Transport.Dial(ctx, d, addr)
	if err != nil {
		return nil, err
	}
	return c, ctx.Value(ownerKey{}).(*socket).greetings.begin(false, c)
}

// Listen listens as the library does, also where a file was left behind.
func (w watched) Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := w.Transport.Listen(ctx, addr)
	if errors.Is(err, syscall.EADDRINUSE) && removeStale(addr) {
		l, err = w.Transport.Listen(ctx, addr)
	}
	if err != nil {
		return nil, err
	}
	return &listener{l, ctx.Value(ownerKey{}).(*socket)}, nil
}

// removeStale removes the ipc file at path if nobody listens on it, which is
// certain only where a connection is refused.
func removeStale(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSocket == 0 || strings.HasPrefix(path, "@") {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED) && os.Remove(path) == nil
}

type listener struct {
	net.Listener
	s *socket
}

// Accept is called when the connection before has shaken hands or failed to.
func (l *listener) Accept() (net.Conn, error) {
	l.s.greetings.drop(true)
	c, err := l.Listener.Accept()
	if err != nil {
		if !errors.Is(err, net.ErrClosed) {
			time.Sleep(acceptPause)
		}
		return nil, err
	}
	return c, l.s.greetings.begin(true, c)
}

// greetings are the connections of a socket that have not shaken hands yet: at
// most one accepted and one dialled, for the library does them in turn.
type greetings struct {
	timeout time.Duration

	mu      sync.Mutex
	closed  bool
	pending [2]net.Conn // dialled, accepted
}

func side(server bool) int {
	if server {
		return 1
	}
	return 0
}

// begin starts the clock.
func (g *greetings) begin(server bool, c net.Conn) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		c.Close()
		return net.ErrClosed
	}
	g.pending[side(server)] = c
	return c.SetDeadline(time.Now().Add(g.timeout))
}

// done stops it; over inproc there is none.
func (g *greetings) done(server bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.pending[side(server)]
	g.pending[side(server)] = nil
	if c == nil {
		return nil
	}
	return c.SetDeadline(time.Time{})
}

// drop closes what is still pending on one side.
func (g *greetings) drop(server bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c := g.pending[side(server)]; c != nil {
		c.Close()
		g.pending[side(server)] = nil
	}
}

func (g *greetings) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.drop(true)
	g.drop(false)
}
