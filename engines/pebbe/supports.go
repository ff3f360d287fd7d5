//go:build libzmq

package pebbe

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"zbench/engines"
)

const ttlStep = 100 * time.Millisecond // of a heartbeat's TTL on the wire (RFC 37)

// Supports refuses what libzmq has not, and what it takes and then ignores.
func (*Engine) Supports(n engines.Need) error {
	refuse := func(why string) error {
		return fmt.Errorf("pebbe: %s over %s: %s: %w", n.Kind, n.Transport, why, engines.ErrUnsupported)
	}
	if _, ok := types[n.Kind]; !ok {
		return refuse("unknown kind")
	}
	if !slices.Contains(engines.Transports(), n.Transport) {
		return refuse("unknown transport")
	}
	for _, r := range refusals {
		if r.when(n) {
			return refuse(r.why)
		}
	}
	if why := refusedSecurity(n.Options.Security); why != "" {
		return refuse(why)
	}
	return nil
}

// refusal is one thing that cannot be had.
type refusal struct {
	why  string
	when func(engines.Need) bool
}

var refusals = []refusal{
	{"a PAIR has one peer", func(n engines.Need) bool { return n.Kind == engines.PAIR && n.Peers > 1 }},
	{"an identity has 1 to 255 bytes, the first not zero (RFC 28)", func(n engines.Need) bool {
		id := n.Options.Identity
		return len(id) > 255 || len(id) > 0 && id[0] == 0
	}},
	{"only PUB and XPUB drop at their HWM and can be told to wait", func(n engines.Need) bool {
		return n.Options.NoDrop && !publishes(n.Kind)
	}},
	{"its sockets are hosted on Linux alone", func(n engines.Need) bool {
		return n.Options.Host != nil && runtime.GOOS != "linux"
	}},
	{"libzmq has no option for Nagle's algorithm, it is always off", func(n engines.Need) bool { return n.Options.Delay }},
	{"the size of a batch is an option of libzmq's drafts only; leave it at its default", func(n engines.Need) bool {
		return n.Options.BatchBytes != 0
	}},
	{"libzmq sets the buffers of tcp only; leave them at their default", func(n engines.Need) bool {
		return n.Transport != "tcp" && (n.Options.SendBuf != 0 || n.Options.RecvBuf != 0)
	}},
	{"libzmq limits the size of messages on the wire only, not over inproc", func(n engines.Need) bool {
		return n.Transport == "inproc" && n.Options.MaxMessageBytes != 0
	}},
	{"there is no handshake, heartbeat or reconnecting over inproc", func(n engines.Need) bool {
		o := n.Options
		return n.Transport == "inproc" && slices.ContainsFunc(durations(o)[1:], func(d time.Duration) bool { return d != 0 })
	}},
	{whyNotInproc, func(n engines.Need) bool {
		return n.Transport == "inproc" && n.Options.Security != (engines.Security{})
	}},
	{"a CURVE socket that connects needs the server's key", func(n engines.Need) bool {
		c := n.Options.Security.Curve
		return n.Binds == 0 && c != engines.Curve{} && c.ServerKey == ""
	}},
	{"a CURVE socket that has a server's key can only connect", func(n engines.Need) bool {
		return n.Binds > 0 && n.Options.Security.Curve.ServerKey != ""
	}},
	{"a message is larger than the limit on their size", func(n engines.Need) bool {
		return n.Options.MaxMessageBytes != 0 && n.MaxFrame > n.Options.MaxMessageBytes
	}},
	{"a count or a size is negative or beyond 31 bits", func(n engines.Need) bool {
		o := n.Options
		return slices.ContainsFunc([]int{o.SendHWM, o.RecvHWM, o.SendBuf, o.RecvBuf, o.MaxMessageBytes, o.IOThreads},
			func(v int) bool { return v < 0 || v > math.MaxInt32 })
	}},
	{"libzmq counts time in whole milliseconds, 31 bits of them", func(n engines.Need) bool {
		return slices.ContainsFunc(durations(n.Options), func(d time.Duration) bool {
			return d < 0 || d%time.Millisecond != 0 || d > math.MaxInt32*time.Millisecond
		})
	}},
	{"a heartbeat's TTL is in tenths of a second, 65,535 of them at most (RFC 37)", func(n engines.Need) bool {
		ttl := n.Options.HeartbeatTTL
		return ttl%ttlStep != 0 || ttl > math.MaxUint16*ttlStep
	}},
}

// durations are all options that are times, the linger first.
func durations(o engines.Options) []time.Duration {
	return []time.Duration{
		o.Linger, o.HandshakeTimeout, o.ReconnectMin, o.ReconnectMax,
		o.HeartbeatInterval, o.HeartbeatTimeout, o.HeartbeatTTL,
	}
}
