package gozeromq

import (
	"fmt"
	"slices"

	"zbench/engines"
)

const (
	// maxInprocFrame is the longest frame that passes inproc: the reader asks
	// for two bytes of a header, and a longer frame's header comes as one
	// chunk of nine.
	maxInprocFrame = 255
	// maxInprocIdentity leaves room in the READY command, itself such a frame,
	// for the command's name (6 bytes), the properties Socket-Type (22) and
	// X-Link (24) and the head of the property Identity (13).
	maxInprocIdentity = maxInprocFrame - 6 - 22 - 24 - 13
)

const whyNotPlain = "the library's PLAIN admits every name and password; run without security"

// Supports refuses what the library would do in silence otherwise than asked.
func (*Engine) Supports(n engines.Need) error {
	refuse := func(why string) error {
		return fmt.Errorf("go-zeromq: %s over %s: %s: %w", n.Kind, n.Transport, why, engines.ErrUnsupported)
	}
	if newLibrarySocket(n.Kind) == nil {
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
	return nil
}

// refusal is one thing that the library cannot do.
type refusal struct {
	when func(engines.Need) bool
	why  string
}

var refusals = []refusal{
	{
		func(n engines.Need) bool { return n.Peers > 1 && slices.Contains(duplicating, n.Kind) },
		"it copies every message to every connected peer, so more than one makes duplicates; use one peer per socket, or --force to see them counted",
	}, {
		func(n engines.Need) bool { return n.Transport == "inproc" && n.MaxFrame > maxInprocFrame },
		"inproc breaks above 255 bytes a frame; use --size 255 or less, or ipc",
	}, {
		func(n engines.Need) bool {
			id := n.Options.Identity
			return len(id) > 255 || len(id) > 0 && id[0] == 0
		},
		"an identity has 1 to 255 bytes, the first not zero (RFC 28)",
	}, {
		func(n engines.Need) bool {
			return n.Transport == "inproc" && len(n.Options.Identity) > maxInprocIdentity
		},
		fmt.Sprintf("inproc breaks above %d bytes of identity; choose a shorter one", maxInprocIdentity),
	}, {
		func(n engines.Need) bool { return n.Transport == "inproc" && longPrefix(n.Options.Subscribe) },
		"inproc breaks above 255 bytes a frame, the byte that marks a subscription included; choose shorter topics",
	}, {
		// Without Frames nothing is known of the messages, and MinFrame 0 is
		// no question.
		func(n engines.Need) bool { return n.Kind == engines.REP && n.Frames > 0 && n.MinFrame == 0 },
		"REP takes the last empty frame for the end of the envelope, so empty bodies and parts change; use --size 1 or more",
	}, {
		func(n engines.Need) bool { return n.Binds > 1 },
		"a second bind orphans the first; bind one endpoint per socket",
	}, {
		func(n engines.Need) bool { return n.Subscriptions && n.Kind == engines.XPUB },
		"it does not hand up its peers' subscriptions; a forwarder must subscribe upstream by itself",
	}, {
		func(n engines.Need) bool { return n.Subscriptions && n.Kind == engines.XSUB },
		"it passes a subscription on to the peers of that moment only; a forwarder must subscribe upstream by itself, when it opens",
	}, {
		func(n engines.Need) bool { return n.Options.SendHWM != 0 && n.Kind != engines.PUB },
		"only PUB has a send HWM; leave --hwm at its default",
	},
	unset("it has no receive HWM; leave --hwm at its default", func(o engines.Options) bool { return o.RecvHWM != 0 }),
	unset("its PUB drops at HWM and cannot be told to wait; leave out --at-hwm block", func(o engines.Options) bool { return o.NoDrop }),
	unset("it has no option for SO_SNDBUF; leave the send buffer at its default", func(o engines.Options) bool { return o.SendBuf != 0 }),
	unset("it has no option for SO_RCVBUF; leave the receive buffer at its default", func(o engines.Options) bool { return o.RecvBuf != 0 }),
	unset("it has no I/O threads", func(o engines.Options) bool { return o.IOThreads != 0 }),
	unset("it writes every message by itself; leave the batch size at its default", func(o engines.Options) bool { return o.BatchBytes != 0 }),
	unset("it allocates whatever size a peer announces and cannot be told a limit", func(o engines.Options) bool { return o.MaxMessageBytes != 0 }),
	unset("it cannot leave Nagle's algorithm on", func(o engines.Options) bool { return o.Delay }),
	unset("Close drops what is queued, there is no linger to set", func(o engines.Options) bool { return o.Linger != 0 }),
	unset("it has no reconnect back-off to set", func(o engines.Options) bool { return o.ReconnectMin != 0 || o.ReconnectMax != 0 }),
	unset("it has no heartbeat", func(o engines.Options) bool {
		return o.HeartbeatInterval != 0 || o.HeartbeatTimeout != 0 || o.HeartbeatTTL != 0
	}),
	unset(whyNotPlain, func(o engines.Options) bool { return o.Security != engines.Security{} }),
}

// duplicating are the kinds that copy a message to all peers where ZeroMQ
// takes them in turn (RFC 28, 30), or knows one peer only (RFC 31).
var duplicating = []engines.Kind{engines.PUSH, engines.DEALER, engines.PAIR}

// unset refuses an option that was set.
func unset(why string, set func(engines.Options) bool) refusal {
	return refusal{func(n engines.Need) bool { return set(n.Options) }, why}
}

func longPrefix(prefixes [][]byte) bool {
	return slices.ContainsFunc(prefixes, func(p []byte) bool { return 1+len(p) > maxInprocFrame })
}
