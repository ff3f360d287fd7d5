package zmtp

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// Why a connection ended. Each is counted under its name in Stats.
var (
	ErrSignature     = errors.New("the peer's greeting has no ZMTP signature; is it a ZeroMQ socket?")
	ErrVersion       = errors.New("the peer speaks ZMTP before 2.0; upgrade it")
	ErrMechanism     = errors.New("the peers name different security mechanisms; give both the same")
	ErrRole          = errors.New("both peers are the server of the handshake")
	ErrDenied        = errors.New("username or password refused")
	ErrHandshake     = errors.New("the handshake took too long")
	ErrMetadata      = errors.New("malformed metadata")
	ErrCommand       = errors.New("malformed or misplaced command")
	ErrFrame         = errors.New("malformed frame")
	ErrTooLarge      = errors.New("message larger than MaxMessageBytes")
	ErrTooManyFrames = errors.New("message of too many frames")
	ErrSocketType    = errors.New("socket types that must not talk")
	ErrIdentityTaken = errors.New("another peer has that identity")
	ErrSecondPeer    = errors.New("a PAIR has one peer only")
	ErrPeerError     = errors.New("the peer sent ERROR")
	ErrHeartbeat     = errors.New("the peer missed its heartbeat")
	ErrPeerClosed    = errors.New("the peer closed the connection")
	ErrPeerReset     = errors.New("the peer reset the connection")
	ErrPeerLost      = errors.New("the connection broke")
)

// ErrState is a REQ that sends twice or a REP that replies to nobody, and a
// message given to Send that Alloc has meanwhile abandoned.
var ErrState = errors.New("operation out of turn")

// errNothingYet ends a read that does not wait.
var errNothingYet = errors.New("nothing to read yet")

// failures pairs each error with the name it is counted under.
var failures = [...]struct {
	err  error
	name string
}{
	{ErrSignature, "signature"}, {ErrVersion, "version"}, {ErrMechanism, "mechanism"},
	{ErrRole, "role"}, {ErrDenied, "denied"}, {ErrHandshake, "handshake_timeout"},
	{ErrMetadata, "metadata"}, {ErrCommand, "command"}, {ErrFrame, "frame"},
	{ErrTooLarge, "too_large"}, {ErrTooManyFrames, "too_many_frames"},
	{ErrSocketType, "socket_type"}, {ErrIdentityTaken, "identity_taken"},
	{ErrSecondPeer, "second_peer"}, {ErrPeerError, "peer_error"},
	{ErrHeartbeat, "heartbeat"}, {ErrPeerClosed, "closed"},
	{ErrPeerReset, "reset"}, {ErrPeerLost, "lost"},
}

// Stats counts what happened to a socket's connections since it was opened.
type Stats struct {
	Connections uint64 // handshakes that succeeded
	Dropped     uint64 // messages that PUB dropped for a subscriber at its HWM
	Unsent      uint64 // messages accepted by Send that died with a connection
	// Failures counts ended connections and failed handshakes by name:
	// "closed" and "reset" are peers that went, the rest peers thrown out.
	Failures map[string]uint64
	// LastFailure is the newest of them in full, nil if there was none.
	LastFailure error
}

// Reporter is what every socket of this engine also is.
type Reporter interface {
	// Stats may be called from any goroutine, also after Close.
	Stats() Stats
}

// counters is the live form of Stats.
type counters struct {
	connections, dropped, unsent atomic.Uint64

	mu   sync.Mutex
	by   map[string]uint64
	last error
}

// failed counts the end of a connection under the name of err.
func (c *counters) failed(err error) {
	name := "other"
	for _, f := range failures {
		if errors.Is(err, f.err) {
			name = f.name
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = make(map[string]uint64)
	}
	c.by[name]++
	c.last = err
}

func (c *counters) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{
		Connections: c.connections.Load(),
		Dropped:     c.dropped.Load(),
		Unsent:      c.unsent.Load(),
		Failures:    make(map[string]uint64, len(c.by)),
		LastFailure: c.last,
	}
	for k, v := range c.by {
		s.Failures[k] = v
	}
	return s
}

// named turns an error of the network into one of the sentinels above.
func named(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrPeerClosed
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return ErrPeerReset
	case errors.Is(err, net.ErrClosed), errors.Is(err, os.ErrDeadlineExceeded):
		return err
	}
	for _, f := range failures {
		if errors.Is(err, f.err) {
			return err
		}
	}
	return errors.Join(ErrPeerLost, err)
}
