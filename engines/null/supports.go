package null

import (
	"fmt"
	"slices"

	"zbench/engines"
)

// Supports refuses what memory has no counterpart for.
func (*Engine) Supports(n engines.Need) error {
	refuse := func(why string, args ...any) error {
		return fmt.Errorf("null: %s over %s: %s: %w", n.Kind, n.Transport, fmt.Sprintf(why, args...), engines.ErrUnsupported)
	}
	if int(n.Kind) >= len(behaviours) || behaviours[n.Kind] == nil {
		return refuse("unknown kind")
	}
	if !slices.Contains(engines.Transports(), n.Transport) {
		return refuse("unknown transport")
	}
	if n.Kind == engines.PAIR && n.Peers > 1 {
		return refuse("a PAIR has one peer, not %d", n.Peers)
	}
	if id := n.Options.Identity; len(id) > 255 || len(id) > 0 && id[0] == 0 {
		return refuse("an identity has 1 to 255 bytes, the first not zero")
	}
	o := n.Options
	for _, option := range []struct {
		name string
		set  bool
	}{
		{"send HWM", o.SendHWM != 0},
		{"receive HWM", o.RecvHWM != 0},
		{"send buffer", o.SendBuf != 0},
		{"receive buffer", o.RecvBuf != 0},
		{"batch size", o.BatchBytes != 0},
		{"I/O thread", o.IOThreads != 0},
		{"message size limit", o.MaxMessageBytes != 0},
		{"Nagle delay", o.Delay},
		{"linger", o.Linger != 0},
		{"handshake timeout", o.HandshakeTimeout != 0},
		{"reconnect back-off", o.ReconnectMin != 0 || o.ReconnectMax != 0},
		{"heartbeat", o.HeartbeatInterval != 0 || o.HeartbeatTimeout != 0 || o.HeartbeatTTL != 0},
		{"security", o.Security != engines.Security{}},
	} {
		if option.set {
			return refuse("there is no %s in memory; leave it at its default", option.name)
		}
	}
	return nil
}
