// Package engines is the contract of a ZeroMQ implementation: what a driver
// may ask of it, who owns what, and which goroutine may call.
//
// Patterns know nothing of engines and engines nothing of patterns; this
// package is the only place where they meet.
package engines

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unsafe"
)

// Sentinels that engines wrap with %w.
var (
	ErrClosed      = errors.New("socket is closed")
	ErrNoRoute     = errors.New("no peer to send to")
	ErrUnsupported = errors.New("not supported by this engine")
)

// Unsent is the error of a Flush that knows how many messages did not go though
// Send had taken them.
type Unsent struct {
	Messages int
	Cause    error // of the first of them
}

func (u *Unsent) Error() string {
	return fmt.Sprintf("%d messages of a batch did not go: %v", u.Messages, u.Cause)
}

// Unwrap is the cause.
func (u *Unsent) Unwrap() error { return u.Cause }

// Engine is one implementation of ZeroMQ. All methods may be called from any
// goroutine.
type Engine interface {
	Name() string
	Version() string
	// Supports is nil, or says why a socket of this need cannot be had. It is
	// asked before anything starts; the error wraps ErrUnsupported.
	Supports(n Need) error
	// Open makes a socket. When ctx ends the socket closes as by Close.
	Open(ctx context.Context, k Kind, o Options) (Socket, error)
}

// Defaulted is an Engine that says in a few words what the options come to
// that are left at zero, so that a comparison shows where engines differ.
type Defaulted interface {
	Defaults() string
}

// Need is all that is known of one socket before it is opened.
type Need struct {
	Kind      Kind
	Transport string // "tcp", "ipc" or "inproc"
	// MinFrame and MaxFrame bound the size in bytes of the frames that the
	// driver gives or expects (body and leading parts; not the topic, the
	// delimiter or the identity).
	MinFrame, MaxFrame int
	Frames             int // parts of a message, topic and envelope not counted
	Peers              int // connections that this socket will have
	Binds              int // endpoints that this socket will bind
	// Subscriptions asks whether an XPUB hands its peers' subscriptions to
	// Recv and an XSUB sends them on.
	Subscriptions bool
	Options       Options
}

// Use says which goroutines will call a socket, so that an engine can avoid
// what it need not guard against.
type Use uint8

const (
	SendOnly Use = iota + 1 // one goroutine sends, nobody receives
	RecvOnly                // one goroutine receives, nobody sends
	Turns                   // one goroutine does both, in turn
	Duplex                  // one goroutine sends while another one receives
)

// Options of a socket. Zero means the engine's own default, which the result
// reports; an engine that cannot honour a set option refuses it in Supports.
type Options struct {
	Use       Use
	Identity  []byte   // 1 to 255 bytes, the first of them not zero (RFC 28)
	Subscribe [][]byte // prefixes; SUB, and XSUB that subscribes by itself
	// Payload is what bodies hold: the body of an Alloc'd message begins with
	// len(body) bytes of it, but for what the driver wrote there. It is at
	// least as long as the largest body and must not be changed.
	Payload []byte

	SendHWM, RecvHWM int  // messages, per connection
	NoDrop           bool // PUB and XPUB wait at HWM for their slowest subscriber (ZMQ_XPUB_NODROP)
	SendBuf, RecvBuf int  // bytes, SO_SNDBUF and SO_RCVBUF
	BatchBytes       int  // bytes that one write may gather
	IOThreads        int  // of the engine, where it has any; the sockets of one Engine agree on it
	MaxMessageBytes  int  // a peer that announces more is disconnected
	Delay            bool // leave Nagle's algorithm on (TCP_NODELAY off)

	Host Host // nil: calls wait, on the goroutines that Use names

	Linger            time.Duration // how long Close may go on sending
	HandshakeTimeout  time.Duration
	ReconnectMin      time.Duration // first back-off; it doubles up to
	ReconnectMax      time.Duration
	HeartbeatInterval time.Duration
	HeartbeatTimeout  time.Duration
	HeartbeatTTL      time.Duration

	Security Security
}

// Security chooses a mechanism. The zero value is NULL; a Username makes it
// PLAIN (RFC 24), on the side that listens the one pair it admits; a Curve
// makes it CURVE (RFC 26).
type Security struct {
	Username, Password string
	Curve              Curve
}

// Curve is a key pair, each half in Z85 (RFC 32, 40 characters), and at a
// socket that connects the public key of the server; one without it is the
// server and admits everybody who knows its key.
type Curve struct {
	PublicKey, SecretKey, ServerKey string
}

// Socket is one end. Sender and Receiver may be used by the goroutines that
// Options.Use names; Bind and Connect come before both, from one goroutine.
type Socket interface {
	Sender
	Receiver
	// Bind listens; port 0 and wildcards are resolved in bound. The error
	// names the endpoint.
	Bind(endpoint string) (bound string, err error)
	// Connect may return before the connection stands, and may fail at once
	// where the endpoint refuses.
	Connect(endpoint string) error
	// Close may be called from any goroutine, more than once. It unblocks
	// everything with ErrClosed.
	Close() error
}

// Attended is a Socket that knows its peers. Those of an engine need not be.
type Attended interface {
	// Peers is how many there are now: connections whose handshake succeeded,
	// of a PUB or XPUB only those that have subscribed to something. Any
	// goroutine may call it.
	Peers() int
}

// Discarding is a Socket that knows what it took from the wire and threw away
// because nobody had asked for it, such as second replies to a REQ (RFC 28).
// Those of an engine need not be.
type Discarding interface {
	// Discarded counts those messages. Any goroutine may call it.
	Discarded() uint64
}

// Forthcoming is a Socket that remembers why it has lost or turned away a
// connection. Those of an engine need not be.
type Forthcoming interface {
	// LastFailure is why the newest of them ended, nil if none has. Any
	// goroutine may call it.
	LastFailure() error
}

// Sender is the outgoing half; one goroutine calls it.
type Sender interface {
	// Alloc gives a message whose body, the last frame, has size bytes and may
	// already lie in the outgoing buffer. The frames of env (identity,
	// delimiter, topic, leading parts) come first and are copied. Alloc chooses
	// the connection and blocks at HWM or where no peer has joined yet; PUB and
	// XPUB drop instead, at HWM unless NoDrop is set. Calling it again abandons the message.
	// It fails with ErrNoRoute (a ROUTER that has no such peer) or ErrClosed.
	Alloc(env [][]byte, size int) (*Msg, error)
	// Send takes a message of Alloc, or one that any engine's Recv returned.
	// nil: the socket owns it from now on. An error: the caller still does.
	Send(m *Msg) error
	// Flush passes on what is buffered. It is called before every wait and does
	// nothing where the engine batches by itself.
	Flush() error
}

// Receiver is the incoming half; one goroutine calls it.
type Receiver interface {
	// Recv waits for one message, then fills ms with those that are already
	// there, so that one clock reading serves the burst. The caller owns them:
	// each is given to Send once or to Release once. REQ and REP return one at
	// a time. The only lasting error is ErrClosed; after any other the caller
	// may go on.
	Recv(ms []*Msg) (n int, err error)
}

// Msg is a message of one or more frames. A ROUTER's starts with the peer's
// identity, a REQ's and REP's has no envelope.
type Msg struct {
	Frames [][]byte // the body is last
	Owner  Owner    // nil: garbage collected
	Ref    any      // the owner's
}

// Body is the last frame, nil where there is none.
func (m *Msg) Body() []byte {
	if len(m.Frames) == 0 {
		return nil
	}
	return m.Frames[len(m.Frames)-1]
}

// Owner takes messages back. Free may be called from any goroutine.
type Owner interface {
	Free(ms []*Msg)
}

// Release gives messages back to their owners, a run of one owner at a time.
// It is called by the goroutine that received them.
func Release(ms []*Msg) {
	for len(ms) > 0 {
		n := 1
		for n < len(ms) && same(&ms[n].Owner, &ms[0].Owner) {
			n++
		}
		if o := ms[0].Owner; o != nil {
			o.Free(ms[:n])
		}
		ms = ms[n:]
	}
}

// same reports whether two owners are the same, by their words: a comparison
// of interfaces is a call, which for small messages is a cost. Owners that are
// equal without being the same are freed one by one.
func same(a, b *Owner) bool {
	return *(*[2]uintptr)(unsafe.Pointer(a)) == *(*[2]uintptr)(unsafe.Pointer(b))
}
