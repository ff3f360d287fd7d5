package zmtp

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Names of commands (RFC 37, RFC 24).
const (
	cmdReady     = "READY"
	cmdError     = "ERROR"
	cmdHello     = "HELLO"
	cmdWelcome   = "WELCOME"
	cmdInitiate  = "INITIATE"
	cmdPing      = "PING"
	cmdPong      = "PONG"
	cmdSubscribe = "SUBSCRIBE"
	cmdCancel    = "CANCEL"
)

const (
	maxCommand     = 64 << 10 // bytes of a command's body
	maxPingContext = 16       // bytes (RFC 37, heartbeating)
	ttlUnit        = 100 * time.Millisecond
)

// splitCommand splits a command's body into its name and data; both alias b.
func splitCommand(b []byte) (name, data []byte, err error) {
	if len(b) == 0 || b[0] == 0 || int(b[0]) > len(b)-1 {
		return nil, nil, fmt.Errorf("%w: no name in %d bytes", ErrCommand, len(b))
	}
	n := 1 + int(b[0])
	for _, c := range b[1:n] {
		if (c|0x20) < 'a' || (c|0x20) > 'z' {
			return nil, nil, fmt.Errorf("%w: name %.20q", ErrCommand, b[1:n])
		}
	}
	return b[1:n], b[n:], nil
}

// appendCommand appends a whole command frame.
func appendCommand(b []byte, name string, data ...[]byte) []byte {
	parts := make([][]byte, 0, 4)
	parts = append(parts, []byte{byte(len(name))}, []byte(name))
	return appendFrame(b, flagCommand, append(parts, data...)...)
}

// parsePing reads a PING's data: how long the sender may be silent from now
// on, and a context to send back, which aliases b.
func parsePing(b []byte) (ttl time.Duration, context []byte, err error) {
	if len(b) < 2 || len(b)-2 > maxPingContext {
		return 0, nil, fmt.Errorf("%w: a PING of %d bytes", ErrCommand, len(b)) //
	}
	return time.Duration(binary.BigEndian.Uint16(b)) * ttlUnit, b[2:], nil
}

// appendPing appends a whole PING. A ttl that is no whole number of tenths of
// a second is rounded up, so that it is never shorter than asked.
func appendPing(b []byte, ttl time.Duration) []byte {
	tenths := min((ttl+ttlUnit-1)/ttlUnit, 1<<16-1)
	return appendCommand(b, cmdPing, binary.BigEndian.AppendUint16(nil, uint16(tenths)))
}

// parseError reads an ERROR's reason. Whatever is wrong with it, the
// connection has failed.
func parseError(b []byte) error {
	if len(b) == 0 || int(b[0]) > len(b)-1 {
		return fmt.Errorf("%w: without a reason", ErrPeerError)
	}
	return fmt.Errorf("%w: %q", ErrPeerError, b[1:1+int(b[0])])
}

// appendError appends a whole ERROR of a reason cut to 255 bytes.
func appendError(b []byte, reason string) []byte {
	if len(reason) > maxShort {
		reason = reason[:maxShort]
	}
	return appendCommand(b, cmdError, []byte{byte(len(reason))}, []byte(reason))
}
