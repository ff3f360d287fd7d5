package gozeromq

import (
	"errors"
	"io"
	"net"
	"strings"
	"time"
)

// greetingWords are in what the library says of a greeting that failed.
const greetingWords = "could not exchange greetings"

var (
	errGreeting = errors.New("the peer hung up during the greeting; if it speaks ZMTP 2, take --engine zmtp or libzmq, for this library knows ZMTP 3 only")
	errBefore30 = errors.New("the peer speaks ZMTP 2, and this library 3 only; take --engine zmtp or libzmq, or update the peer")
	errStranger = errors.New("no ZeroMQ socket listens there; connect to one")
)

// The first octets of a greeting, which ZMTP 2.0 and 3 share (RFC 15 and 23): a
// signature, then the revision, 1 or 2 for what came before ZMTP 3.
const (
	signature    = "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f"
	revisionZMTP = 3
)

// explain finds out why a listener did not greet the library. It asks over a
// connection of its own, for the library sends 64 octets at once, at which a
// peer that speaks ZMTP 2.0 hangs up without a word.
func explain(err error, transport, addr string, timeout time.Duration) error {
	network := transport
	if transport == "ipc" {
		network = "unix"
	}
	c, dialErr := net.DialTimeout(network, addr, timeout)
	if dialErr != nil {
		return err
	}
	defer c.Close()
	if c.SetDeadline(time.Now().Add(timeout)) != nil {
		return err
	}
	if _, sendErr := c.Write([]byte(signature)); sendErr != nil {
		return err
	}
	var head [len(signature) + 1]byte
	n, _ := io.ReadFull(c, head[:])
	switch {
	case n > 0 && head[0] != signature[0]:
		return errStranger
	case n == len(head) && head[len(signature)] < revisionZMTP:
		return errBefore30
	}
	return err
}

// listened hears what the library has to say of connections that it accepted
// and that came to nothing, which it tells its log only.
type listened struct{ s *socket }

// Write takes one entry of the log.
func (l listened) Write(entry []byte) (int, error) {
	switch text := string(entry); {
	case strings.Contains(text, errWrongKind.Error()):
		l.s.failed(errWrongKind)
	case strings.Contains(text, greetingWords):
		l.s.failed(errGreeting)
	}
	return len(entry), nil
}

func (s *socket) failed(err error) { s.failure.Store(&err) }

// LastFailure implements engines.Forthcoming.
func (s *socket) LastFailure() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}
