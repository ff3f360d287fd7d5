package zmtp

import (
	"bytes"
	"fmt"
)

// The greeting of ZMTP 3 (RFC 37 and RFC 23): signature, version, mechanism,
// as-server, filler. The first versionLen octets are enough to find out what
// the peer speaks.
const (
	signatureLen = 10
	versionLen   = 11
	greetingLen  = 64
	mechanismLen = 20
)

// Revisions, as the octet after the signature (RFC 15 and later).
const (
	revision20 = 1
	revision3x = 3
)

// version is what both sides of a connection speak.
type version struct{ major, minor byte }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// commands reports whether subscriptions travel as commands (RFC 37) rather
// than as messages.
func (v version) subscribeCommands() bool { return v.major == 3 && v.minor >= 1 }

// greeting is what a ZMTP 3 peer announced.
type greeting struct {
	version   version
	mechanism string
	server    bool
}

// appendGreeting appends the 64 octets of our greeting.
func appendGreeting(b []byte, mechanism string, server bool) []byte {
	var g [greetingLen]byte
	g[0], g[signatureLen-1] = 0xff, 0x7f
	// Octet 8 is padding to ZMTP 3 and 2; a 1.0 peer takes octets 1 to 8 for
	// a length and must not find zero there.
	g[8] = 1
	g[10], g[11] = 3, 1
	copy(g[12:12+mechanismLen], mechanism)
	if server {
		g[32] = 1
	}
	return append(b, g[:]...)
}

// parseRevision reads the peer's first 11 octets and returns its revision:
// revision20, or at least revision3x.
func parseRevision(b []byte) (byte, error) {
	if err := checkSignature(b); err != nil {
		return 0, err
	}
	if len(b) < versionLen {
		return 0, fmt.Errorf("%w: %d octets", ErrSignature, len(b))
	}
	switch r := b[signatureLen]; {
	case r == 0:
		return 0, fmt.Errorf("%w: revision 0", ErrVersion)
	case r < revision3x:
		return revision20, nil
	default:
		return r, nil
	}
}

// checkSignature looks at as many octets of the signature as b has, so that a
// wrong peer is found out at its first octet.
func checkSignature(b []byte) error {
	if len(b) > 0 && b[0] != 0xff {
		return fmt.Errorf("%w: it begins with %#02x", ErrSignature, b[0])
	}
	if len(b) >= signatureLen && b[signatureLen-1]&1 == 0 {
		return fmt.Errorf("%w: octet 10 is %#02x", ErrSignature, b[signatureLen-1])
	}
	return nil
}

// parseGreeting reads a whole greeting of ZMTP 3 or later. A later version is
// spoken to in 3.1.
func parseGreeting(b []byte) (greeting, error) {
	if len(b) < greetingLen {
		return greeting{}, fmt.Errorf("%w: %d octets of %d", ErrSignature, len(b), greetingLen)
	}
	r, err := parseRevision(b)
	if err != nil {
		return greeting{}, err
	}
	if r < revision3x {
		return greeting{}, fmt.Errorf("%w: revision %d has no such greeting", ErrVersion, r)
	}
	g := greeting{version: version{3, min(b[11], 1)}, server: b[32] == 1}
	if r > revision3x {
		g.version.minor = 1
	}
	name, rest, _ := bytes.Cut(b[12:12+mechanismLen], []byte{0})
	if len(bytes.Trim(rest, "\x00")) > 0 || len(name) == 0 {
		return greeting{}, fmt.Errorf("%w: malformed name %q", ErrMechanism, b[12:12+mechanismLen])
	}
	for _, c := range name {
		if !mechanismChar(c) {
			return greeting{}, fmt.Errorf("%w: malformed name %q", ErrMechanism, name)
		}
	}
	g.mechanism = string(name)
	return g, nil
}

func mechanismChar(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '+'
}
