package zmtp

import (
	"cmp"
	"fmt"
	"time"

	"zbench/engines"
)

// What zero options mean. The HWM and the maximum number of frames in flight
// are libzmq's; the rest is chosen for a load generator.
const (
	defaultHWM          = 1000
	defaultMaxMessage   = 64 << 20
	defaultLinger       = time.Second
	defaultHandshake    = 10 * time.Second
	defaultReconnect    = 10 * time.Millisecond
	defaultReconnectMax = time.Second
)

// settings are a socket's options with every default filled in.
type settings struct {
	engines.Options
	kind      engines.Kind
	receives  bool // what peers send goes to the inbox
	direct    bool // and the receiver may read the only connection itself
	mechanism mechanism
	pools     *pools
}

func newSettings(e *Engine, k engines.Kind, o engines.Options) *settings {
	s := &settings{Options: o, kind: k, mechanism: mechanismFor(o.Security), pools: &e.pools}
	s.Use = cmp.Or(o.Use, engines.Duplex)
	s.receives = rows[k].receives
	s.direct = rows[k].direct && s.Use != engines.SendOnly && s.HeartbeatInterval == 0
	s.SendHWM = cmp.Or(o.SendHWM, defaultHWM)
	s.RecvHWM = cmp.Or(o.RecvHWM, defaultHWM)
	s.BatchBytes = cmp.Or(o.BatchBytes, defaultBatch)
	s.MaxMessageBytes = cmp.Or(o.MaxMessageBytes, defaultMaxMessage)
	s.Linger = cmp.Or(o.Linger, defaultLinger)
	s.HandshakeTimeout = cmp.Or(o.HandshakeTimeout, defaultHandshake)
	s.ReconnectMin = cmp.Or(o.ReconnectMin, defaultReconnect)
	s.ReconnectMax = max(cmp.Or(o.ReconnectMax, defaultReconnectMax), s.ReconnectMin)
	s.HeartbeatTimeout = cmp.Or(o.HeartbeatTimeout, o.HeartbeatInterval)
	return s
}

// check refuses options that make no sense.
func check(o engines.Options) error {
	switch {
	case len(o.Identity) > maxIdentity:
		return fmt.Errorf("an identity of %d bytes, %d is the most: %w", len(o.Identity), maxIdentity, engines.ErrUnsupported)
	case len(o.Identity) > 0 && o.Identity[0] == 0:
		return fmt.Errorf("an identity that begins with a zero byte is the ROUTER's to give: %w", engines.ErrUnsupported)
	case len(o.Security.Username) > maxShort || len(o.Security.Password) > maxShort:
		return fmt.Errorf("a username or password over %d bytes: %w", maxShort, engines.ErrUnsupported)
	case o.Security.Username == "" && o.Security.Password != "":
		return fmt.Errorf("a password without a username: %w", engines.ErrUnsupported)
	case o.Security.Curve != engines.Curve{}:
		return fmt.Errorf("this engine has no CURVE; take null or plain, or the engine libzmq: %w", engines.ErrUnsupported)
	case o.IOThreads != 0:
		return fmt.Errorf("I/O threads, of which this engine has none: %w", engines.ErrUnsupported)
	case min(o.SendHWM, o.RecvHWM, o.SendBuf, o.RecvBuf, o.BatchBytes, o.MaxMessageBytes) < 0:
		return fmt.Errorf("a negative size or count: %w", engines.ErrUnsupported)
	case min(o.Linger, o.HandshakeTimeout, o.ReconnectMin, o.ReconnectMax) < 0,
		min(o.HeartbeatInterval, o.HeartbeatTimeout, o.HeartbeatTTL) < 0:
		return fmt.Errorf("a negative duration: %w", engines.ErrUnsupported)
	}
	return nil
}
