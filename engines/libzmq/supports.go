//go:build libzmq

package libzmq

// #include <stdlib.h>
// #include <zmq.h>
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"zbench/engines"
)

var errTurns = errors.New("requests and replies take turns; finish the one before first")

// maxParts is how many frames a message may have, with its envelope: more than
// a cell may ask for.
const maxParts = 1056

// types are the library's names of kinds.
var types = [...]C.int{
	engines.REQ: C.ZMQ_REQ, engines.REP: C.ZMQ_REP, engines.DEALER: C.ZMQ_DEALER, engines.ROUTER: C.ZMQ_ROUTER,
	engines.PUB: C.ZMQ_PUB, engines.SUB: C.ZMQ_SUB, engines.XPUB: C.ZMQ_XPUB, engines.XSUB: C.ZMQ_XSUB,
	engines.PUSH: C.ZMQ_PUSH, engines.PULL: C.ZMQ_PULL, engines.PAIR: C.ZMQ_PAIR,
}

// refusal is one thing that the library, or this layer, cannot do.
type refusal struct {
	when func(engines.Need) bool
	why  string
}

var refusals = []refusal{
	{func(n engines.Need) bool { return n.Kind < engines.REQ || int(n.Kind) >= len(types) }, "unknown kind"},
	{func(n engines.Need) bool { return !slices.Contains(engines.Transports(), n.Transport) }, "unknown transport"},
	{func(n engines.Need) bool { return n.Kind == engines.PAIR && n.Peers > 1 }, "a PAIR has one peer"},
	{func(n engines.Need) bool { return n.Frames > maxParts-32 }, "a message has at most 1024 parts"},
	{
		func(n engines.Need) bool {
			return n.Options.MaxMessageBytes > 0 && n.MaxFrame > n.Options.MaxMessageBytes
		},
		"frames are longer than the largest message allowed; allow more",
	},
	of(func(o engines.Options) bool {
		return len(o.Identity) > 255 || len(o.Identity) > 0 && o.Identity[0] == 0
	}, "an identity has 1 to 255 bytes, the first not zero (RFC 28)"),
	of(func(o engines.Options) bool { return o.Host != nil && runtime.GOOS != "linux" }, "its sockets are hosted on Linux alone"),
	of(func(o engines.Options) bool { return o.Delay }, "it always turns Nagle's algorithm off; leave TCP_NODELAY on"),
	{
		func(n engines.Need) bool {
			return n.Transport != "tcp" && (n.Options.SendBuf != 0 || n.Options.RecvBuf != 0)
		},
		"it sets kernel buffers over tcp alone; leave them at their default, or use tcp",
	}, {
		func(n engines.Need) bool {
			o := n.Options
			return n.Transport == "inproc" && (o.Security != engines.Security{} || o.MaxMessageBytes != 0 || o.HeartbeatInterval != 0)
		},
		"inproc has no security, heartbeats or size limits, and it would ignore them in silence; leave them out, or use tcp or ipc",
	},
	of(func(o engines.Options) bool { return o.BatchBytes != 0 }, "its writes gather up to 8192 bytes, which a program cannot change; leave the batch size at its default"),
	of(func(o engines.Options) bool {
		return min(o.SendHWM, o.RecvHWM, o.SendBuf, o.RecvBuf, o.IOThreads, o.MaxMessageBytes) < 0 ||
			min(o.Linger, o.HandshakeTimeout, o.ReconnectMin, o.ReconnectMax, o.HeartbeatInterval, o.HeartbeatTimeout, o.HeartbeatTTL) < 0
	}, "a size, count or duration is negative"),
	of(func(o engines.Options) bool {
		s := o.Security
		return len(s.Username) > 255 || len(s.Password) > 255 || s.Username == "" && s.Password != ""
	}, "PLAIN has a name of 1 to 255 bytes, and a password of at most 255"),
	of(func(o engines.Options) bool {
		return o.Security.Username != "" && o.Security.Curve != engines.Curve{}
	}, "a connection has one mechanism; choose PLAIN or CURVE"),
	of(func(o engines.Options) bool {
		return o.Security.Curve != engines.Curve{} && !hasCurve()
	}, "it was built without CURVE; install one with libsodium"),
	of(func(o engines.Options) bool {
		c := o.Security.Curve
		return c != engines.Curve{} && (!isKey(c.PublicKey) || !isKey(c.SecretKey) || c.ServerKey != "" && !isKey(c.ServerKey))
	}, "a key of CURVE has 40 characters of Z85 (RFC 32); zmq_curve_keypair makes a pair"),
}

func hasCurve() bool {
	name := C.CString("curve")
	defer C.free(unsafe.Pointer(name))
	return C.zmq_has(name) != 0
}

func of(when func(engines.Options) bool, why string) refusal {
	return refusal{func(n engines.Need) bool { return when(n.Options) }, why}
}

// isKey reports whether a key is 40 characters of Z85.
func isKey(text string) bool {
	var key [32]C.uint8_t
	if len(text) != 40 {
		return false
	}
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	return C.zmq_z85_decode(&key[0], c) != nil
}

// Supports implements engines.Engine.
func (*Engine) Supports(n engines.Need) error {
	for _, r := range refusals {
		if r.when(n) {
			return fmt.Errorf("libzmq: %s over %s: %s: %w", n.Kind, n.Transport, r.why, engines.ErrUnsupported)
		}
	}
	return nil
}
