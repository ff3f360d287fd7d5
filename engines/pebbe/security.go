//go:build libzmq

package pebbe

import (
	"fmt"
	"strings"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

const (
	whyNotInproc = "libzmq has no security over inproc; use tcp or ipc"
	z85Key       = 40                                                                                      // characters
	z85Alphabet  = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#" // RFC 32
	maxName      = 255                                                                                     // bytes, RFC 24
)

// refusedSecurity says what is wrong with it, "" if nothing is.
func refusedSecurity(sec engines.Security) string {
	plain, curve := sec.Username != "" || sec.Password != "", sec.Curve != engines.Curve{}
	switch {
	case plain && curve:
		return "a socket has one mechanism; choose PLAIN or CURVE"
	case plain && sec.Username == "":
		return "a password needs a username"
	case plain && sec.Password == "":
		return "the library turns PLAIN off where the password is empty; set one"
	case len(sec.Username) > maxName || len(sec.Password) > maxName:
		return fmt.Sprintf("a username and a password have %d bytes at most", maxName)
	case curve && !zmq4.HasCurve():
		return "this libzmq was built without CURVE"
	}
	if !curve {
		return ""
	}
	for name, key := range map[string]string{"public": sec.Curve.PublicKey, "secret": sec.Curve.SecretKey} {
		if !isKey(key) {
			return "the " + name + " key is not 40 characters of Z85"
		}
	}
	if k := sec.Curve.ServerKey; k != "" && !isKey(k) {
		return "the server key is not 40 characters of Z85"
	}
	return ""
}

func isKey(key string) bool {
	return len(key) == z85Key && strings.Trim(key, z85Alphabet) == ""
}

// setCurve makes the socket a server, or a client of the one whose key it has.
func (s *socket) setCurve() error {
	c := s.opts.Security.Curve
	if c == (engines.Curve{}) {
		return nil
	}
	if c.ServerKey == "" {
		if err := s.lib.SetCurveServer(1); err != nil {
			return fmt.Errorf("make a CURVE server: %w", err)
		}
	} else if err := s.lib.SetCurveServerkey(c.ServerKey); err != nil {
		return fmt.Errorf("set the server's key: %w", err)
	}
	if err := s.lib.SetCurvePublickey(c.PublicKey); err != nil {
		return fmt.Errorf("set the public key: %w", err)
	}
	if err := s.lib.SetCurveSecretkey(c.SecretKey); err != nil {
		return fmt.Errorf("set the secret key: %w", err)
	}
	return nil
}

// connectSecurely makes the next connections a PLAIN client's.
func (s *socket) connectSecurely() error {
	sec := s.opts.Security
	if sec.Username == "" {
		return nil
	}
	if err := s.lib.SetPlainUsername(sec.Username); err != nil {
		return fmt.Errorf("set the username: %w", err)
	}
	if err := s.lib.SetPlainPassword(sec.Password); err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	return nil
}

// listenSecurely makes the next endpoint a PLAIN server's.
func (s *socket) listenSecurely() error {
	sec := s.opts.Security
	if sec.Username == "" {
		return nil
	}
	if s.domain == "" {
		domain, err := s.library.admit(sec)
		if err != nil {
			return err
		}
		s.domain = domain
	}
	if err := s.lib.SetZapDomain(s.domain); err != nil {
		return fmt.Errorf("set the domain of the password: %w", err)
	}
	if err := s.lib.SetPlainServer(1); err != nil {
		return fmt.Errorf("make a PLAIN server: %w", err)
	}
	return nil
}
