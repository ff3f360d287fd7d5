//go:build libzmq

package pebbe

import (
	"cmp"
	"fmt"
	"time"

	"github.com/pebbe/zmq4"

	"zbench/engines"
)

const (
	defaultLinger = time.Second
	// patience is how long a call may block that Close waits for.
	patience = 100 * time.Millisecond
)

func (s *socket) linger() time.Duration { return cmp.Or(s.opts.Linger, defaultLinger) }

// option is one that is set before a socket has connections.
type option struct {
	name  string
	asked bool
	set   func() error
}

// set hands the options to the library; zero leaves its own default.
func (s *socket) set() error {
	for _, o := range append(s.ownOptions(), s.askedOptions()...) {
		if !o.asked {
			continue
		}
		if err := o.set(); err != nil {
			return fmt.Errorf("set the %s: %w", o.name, err)
		}
	}
	for _, prefix := range s.opts.Subscribe {
		if err := s.subscribe(prefix); err != nil {
			return fmt.Errorf("subscribe to %q: %w", prefix, err)
		}
	}
	return s.setCurve()
}

// ownOptions are those that the contract needs.
func (s *socket) ownOptions() []option {
	return []option{
		{"linger", true, func() error { return s.lib.SetLinger(s.linger()) }},
		{"longest wait to send", !s.duplex && s.opts.Host == nil, func() error { return s.lib.SetSndtimeo(patience) }},
		{"longest wait to receive", !s.duplex && s.opts.Host == nil, func() error { return s.lib.SetRcvtimeo(patience) }},
		{"report of unknown identities", s.kind == engines.ROUTER, func() error { return s.lib.SetRouterMandatory(1) }},
	}
}

func (s *socket) askedOptions() []option {
	o, lib := s.opts, s.lib
	return []option{
		{"identity", len(o.Identity) > 0, func() error { return lib.SetIdentity(string(o.Identity)) }},
		{"send HWM", o.SendHWM != 0, func() error { return lib.SetSndhwm(o.SendHWM) }},
		{"receive HWM", o.RecvHWM != 0, func() error { return lib.SetRcvhwm(o.RecvHWM) }},
		{"wait at the HWM", o.NoDrop && publishes(s.kind), func() error { return lib.SetXpubNodrop(true) }},
		{"send buffer", o.SendBuf != 0, func() error { return lib.SetSndbuf(o.SendBuf) }},
		{"receive buffer", o.RecvBuf != 0, func() error { return lib.SetRcvbuf(o.RecvBuf) }},
		{"message size limit", o.MaxMessageBytes != 0, func() error { return lib.SetMaxmsgsize(int64(o.MaxMessageBytes)) }},
		{"handshake timeout", o.HandshakeTimeout != 0, func() error { return lib.SetHandshakeIvl(o.HandshakeTimeout) }},
		{"reconnect back-off", o.ReconnectMin != 0, func() error { return lib.SetReconnectIvl(o.ReconnectMin) }},
		{"longest reconnect back-off", o.ReconnectMax != 0, func() error { return lib.SetReconnectIvlMax(o.ReconnectMax) }},
		{"heartbeat interval", o.HeartbeatInterval != 0, func() error { return lib.SetHeartbeatIvl(o.HeartbeatInterval) }},
		{"heartbeat timeout", o.HeartbeatTimeout != 0, func() error { return lib.SetHeartbeatTimeout(o.HeartbeatTimeout) }},
		{"heartbeat TTL", o.HeartbeatTTL != 0, func() error { return lib.SetHeartbeatTtl(o.HeartbeatTTL) }},
	}
}

func publishes(k engines.Kind) bool { return k == engines.PUB || k == engines.XPUB }

// subscribe asks for a prefix, which an XSUB does by a message that it keeps
// for the peers to come.
func (s *socket) subscribe(prefix []byte) (err error) {
	switch s.kind {
	case engines.SUB:
		err = s.lib.SetSubscribe(string(prefix))
	case engines.XSUB:
		_, err = s.lib.SendBytes(append([]byte{1}, prefix...), zmq4.DONTWAIT)
	}
	return err
}
