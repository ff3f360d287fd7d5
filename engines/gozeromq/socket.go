package gozeromq

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

const (
	defaultHandshakeTimeout = 5 * time.Second
	// drainReads is how often Close asks for what the library still holds, so
	// that goroutines stuck in handing a message over come free. The library
	// answers such a call with a message or an error, at random.
	drainReads = 128
	// dialEnd bounds how long Close waits for a Connect under way.
	dialEnd = 250 * time.Millisecond
)

// socket is one socket of the library.
type socket struct {
	kind engines.Kind
	opts engines.Options
	lib  zmq4.Socket
	send func(zmq4.Msg) error // the library's

	links     *links
	greetings greetings
	peers     peers
	failure   atomic.Pointer[error] // of the newest connection that came to nothing

	cancel  context.CancelFunc // ends the library's context
	unwatch func() bool        // forgets the context of Open
	closed  atomic.Bool
	done    chan struct{} // closed with it
	once    sync.Once

	setup    sync.Mutex // Bind, Connect and the end of Close
	bound    string     // the library's name of the endpoint
	dialling chan struct{}
	inproc   [2]atomic.Bool // dialled, bound

	out      outbox
	route    *peer // where the last message went; the sender's
	routeAt  int
	released [1]*engines.Msg

	in        *headers
	asked     bool        // a REQ owes its caller a reply
	receiving atomic.Bool // it is in Recv, over inproc
	freed     atomic.Bool // and will not get one
}

var _ engines.Socket = (*socket)(nil)

func newSocket(ctx context.Context, e *Engine, k engines.Kind, o engines.Options) (*socket, error) {
	s := &socket{
		kind:  k,
		opts:  o,
		links: e.links,
		peers: peers{first: make(chan struct{})},
		done:  make(chan struct{}),
		out:   newOutbox(k, o.Payload),
		in:    newHeaders(),
	}
	s.greetings.timeout = s.handshakeTimeout()
	owned, cancel := context.WithCancel(context.WithValue(context.Background(), ownerKey{}, s))
	lib, err := openLibrary(owned, s)
	if err != nil {
		cancel()
		return nil, err
	}
	s.lib, s.cancel = lib, cancel
	s.send = lib.SendMulti
	if k == engines.REQ {
		s.send = s.request
	}
	made := make(chan struct{})
	s.unwatch = context.AfterFunc(ctx, func() { <-made; _ = s.Close() })
	close(made)
	return s, nil
}

func (s *socket) handshakeTimeout() time.Duration {
	if s.opts.HandshakeTimeout > 0 {
		return s.opts.HandshakeTimeout
	}
	return defaultHandshakeTimeout
}

// onInproc says whether connections of that side are inproc ones.
func (s *socket) onInproc(server bool) bool { return s.inproc[side(server)].Load() }

// Close ends the socket at once; over inproc it takes a millisecond, or 100 ms
// where a peer does not read. What PUB has queued and a reply that REP has not
// written are dropped.
func (s *socket) Close() error {
	s.once.Do(s.shut)
	return nil
}

func (s *socket) shut() {
	s.closed.Store(true)
	close(s.done)
	s.unwatch()
	all := s.peers.close()
	// While the library's context lives: its readers close their end of a
	// connection once they see it ended.
	s.part(all)
	s.cancel()
	s.greetings.close()
	for _, p := range all {
		// The library's Close would wait for a send that waits for this.
		_ = p.conn.Close()
	}

	s.setup.Lock()
	defer s.setup.Unlock()
	s.awaitDial()
	if s.onInproc(true) {
		wakeAcceptor(s.bound)
	}
	_ = s.lib.Close() // errors only say that a connection was closed before
	s.drain()
	for _, p := range all {
		s.links.forget(p.link)
	}
}

func (s *socket) awaitDial() {
	if s.dialling == nil {
		return
	}
	select {
	case <-s.dialling:
	case <-time.After(dialEnd):
	}
}

// drain frees the library's readers. REQ has none, and PUSH and PUB cannot
// receive.
func (s *socket) drain() {
	if s.kind == engines.REQ || !s.kind.CanRecv() {
		return
	}
	for range drainReads {
		_, _ = s.lib.Recv()
	}
}

// fail says what was done, and ErrClosed whatever it was that failed once the
// socket is closed.
func (s *socket) fail(operation string, err error) error {
	if s.closed.Load() && !errors.Is(err, engines.ErrClosed) {
		err = engines.ErrClosed
	}
	return fmt.Errorf("go-zeromq: %s %s: %w", s.kind, operation, err)
}
