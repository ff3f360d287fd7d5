package zmtp

import (
	"fmt"

	"zbench/engines"
)

// mechanism is a security handshake (RFC 37, authentication): after the
// greetings it exchanges commands until both sides have said what they are. A
// mechanism that also seals messages would return what seals them.
type mechanism interface {
	// name is what the greeting announces.
	name() string
	// client and server run one side of the handshake. ours is our metadata,
	// the result is the peer's.
	client(x exchange, ours []byte) (theirs []byte, err error)
	server(x exchange, ours []byte) (theirs []byte, err error)
	// roles reports whether one side must be server and the other client.
	roles() bool
}

// exchange sends and receives whole commands.
type exchange interface {
	send(command []byte) error
	// expect receives a command of that name and returns its data; an ERROR
	// from the peer is an error here.
	expect(name string) (data []byte, err error)
}

// mechanismFor chooses by the options.
func mechanismFor(s engines.Security) mechanism {
	if s.Username != "" {
		return plain{s}
	}
	return null{}
}

// null is the mechanism of RFC 37: each says READY.
type null struct{}

func (null) name() string { return "NULL" }
func (null) roles() bool  { return false }

func (null) client(x exchange, ours []byte) ([]byte, error) {
	if err := x.send(appendCommand(nil, cmdReady, ours)); err != nil {
		return nil, err
	}
	return x.expect(cmdReady)
}

func (n null) server(x exchange, ours []byte) ([]byte, error) { return n.client(x, ours) }

// plain is the mechanism of RFC 24: the client shows a username and a
// password, in the clear.
type plain struct{ engines.Security }

func (plain) name() string { return "PLAIN" }
func (plain) roles() bool  { return true }

func (p plain) client(x exchange, ours []byte) ([]byte, error) {
	if err := x.send(appendHello(nil, p.Username, p.Password)); err != nil {
		return nil, err
	}
	if _, err := x.expect(cmdWelcome); err != nil {
		return nil, err
	}
	if err := x.send(appendCommand(nil, cmdInitiate, ours)); err != nil {
		return nil, err
	}
	return x.expect(cmdReady)
}

func (p plain) server(x exchange, ours []byte) ([]byte, error) {
	hello, err := x.expect(cmdHello)
	if err != nil {
		return nil, err
	}
	user, pass, err := parseHello(hello)
	if err != nil {
		return nil, err
	}
	if user != p.Username || pass != p.Password {
		return nil, fmt.Errorf("%w: username %.20q", ErrDenied, user)
	}
	if err := x.send(appendCommand(nil, cmdWelcome)); err != nil {
		return nil, err
	}
	theirs, err := x.expect(cmdInitiate)
	if err != nil {
		return nil, err
	}
	return theirs, x.send(appendCommand(nil, cmdReady, ours))
}

// appendHello appends a whole HELLO.
func appendHello(b []byte, user, pass string) []byte {
	return appendCommand(b, cmdHello, []byte{byte(len(user))}, []byte(user), []byte{byte(len(pass))}, []byte(pass))
}

// parseHello reads a HELLO's data.
func parseHello(b []byte) (user, pass string, err error) {
	user, b, ok := cutString(b)
	if ok {
		pass, b, ok = cutString(b)
	}
	if !ok || len(b) > 0 {
		return "", "", fmt.Errorf("%w: malformed HELLO", ErrCommand)
	}
	return user, pass, nil
}

func cutString(b []byte) (s string, rest []byte, ok bool) {
	if len(b) == 0 || len(b) < 1+int(b[0]) {
		return "", nil, false
	}
	n := 1 + int(b[0])
	return string(b[1:n]), b[n:], true
}
