package drivers

import (
	"crypto/ecdh"
	"crypto/rand"
	"fmt"
	"strings"

	"zbench/engines"
	"zbench/results"
)

// credentials are what the sockets of a run show each other.
type credentials struct {
	mechanism      string // "null", "plain" or "curve"
	user, password string
	theirs         string // public key of somebody else's server
	server, client engines.Curve
}

// parseSecurity takes a cell's security apart: null, plain, plain:USER, curve
// or curve:KEY.
func parseSecurity(c results.Cell) (mechanism, arg string, err error) {
	mechanism, arg, named := strings.Cut(c.Security, ":")
	external := len(c.Endpoints) > 0
	served := c.Placement == Served && c.Subscribe == ""
	listens := c.Listen == "load" && !served || c.Listen != "load" && served
	switch {
	case mechanism != "null" && mechanism != "plain" && mechanism != "curve", mechanism == "null" && named:
		return "", "", invalid("security %q: there are null, plain, plain:USER, curve and curve:KEY", c.Security)
	case mechanism == "null":
		return mechanism, "", nil
	case c.Transport == "inproc":
		return "", "", invalid("security %s: inproc has none; take tcp or ipc", c.Security)
	case mechanism == "plain" && external && !named:
		return "", "", invalid("security plain: say as whom, plain:USER, with the password in %s", PasswordVariable)
	case mechanism == "curve" && served && listens && named:
		return "", "", invalid("security %s: who listens makes the keys, and says the public one; take curve", c.Security)
	case mechanism == "curve" && external && !named && !(served && listens):
		return "", "", invalid("security curve: say the server's public key, curve:KEY, in Z85")
	case mechanism == "curve" && external && listens && !served:
		return "", "", invalid("security curve: zbench has to connect; take --connect")
	case mechanism == "curve" && named && !external:
		return "", "", invalid("security %s: both sides are zbench's, which makes their keys; take curve", c.Security)
	case named && arg == "":
		return "", "", invalid("security %s: nothing follows the colon", c.Security)
	case mechanism == "curve" && named && len(arg) != 40:
		return "", "", invalid("security curve: a key in Z85 has 40 characters, this one %d", len(arg))
	}
	return mechanism, arg, nil
}

// PasswordVariable is the environment variable that holds the password of
// plain:USER: a cell is written down with the results, a password is not.
const PasswordVariable = "ZBENCH_PASSWORD"

func newCredentials(s Setup) (k credentials, err error) {
	if s.Cell.Security == "" {
		return credentials{mechanism: "null"}, nil
	}
	mechanism, arg, err := parseSecurity(s.Cell)
	if err != nil {
		return k, err
	}
	k = credentials{mechanism: mechanism, user: "zbench", password: "zbench"}
	switch {
	case mechanism == "plain" && arg != "":
		k.user, k.password = arg, s.Password
	case mechanism == "curve":
		k.theirs = arg
		if k.server = s.Keys; k.server == (engines.Curve{}) {
			k.server, err = newKeys()
		}
		if err == nil {
			k.client, err = newKeys()
		}
	}
	return k, err
}

// of is what one socket gets: the one that listens is the server (RFC 24, RFC
// 26).
func (k *credentials) of(listens bool) engines.Security {
	switch k.mechanism {
	case "plain":
		return engines.Security{Username: k.user, Password: k.password}
	case "curve":
		if listens {
			return engines.Security{Curve: k.server}
		}
		c := k.client
		if c.ServerKey = k.theirs; c.ServerKey == "" {
			c.ServerKey = k.server.PublicKey
		}
		return engines.Security{Curve: c}
	}
	return engines.Security{}
}

// SecurityOf is what a socket gets that serves a cell and listens, or connects.
func SecurityOf(s Setup, listens bool) (engines.Security, error) {
	k, err := newCredentials(s)
	return k.of(listens), err
}

// newKeys makes a Curve25519 key pair.
func newKeys() (engines.Curve, error) {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return engines.Curve{}, fmt.Errorf("make CURVE keys: %w", err)
	}
	return engines.Curve{PublicKey: z85(key.PublicKey().Bytes()), SecretKey: z85(key.Bytes())}, nil
}

// z85 writes bytes, a multiple of four, as RFC 32 does.
func z85(b []byte) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
	var out strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		for d := uint32(85 * 85 * 85 * 85); d > 0; d /= 85 {
			out.WriteByte(digits[v/d%85])
		}
	}
	return out.String()
}
