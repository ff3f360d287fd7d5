//go:build libzmq

package libzmq

// #include "bridge.h"
import "C"

import (
	"fmt"
	"slices"
	"time"
	"unsafe"

	"zbench/engines"
)

// defaultLinger is ours: the library's own is endless, and would hold Close.
const defaultLinger = time.Second

// configure sets what holds for all connections. What is zero stays the
// library's default, but for two: the linger; and ZMQ_IMMEDIATE, by which what
// goes to one peer of several only goes to those that are there.
func (s *socket) configure(o engines.Options) error {
	linger := o.Linger
	if linger == 0 {
		linger = defaultLinger
	}
	// Not of REQ: with it a connection that ends takes the reply along that has
	// arrived, and REQ waits for ever. Not of subscribers: libzmq 4.3.4 then
	// forgets to pass subscriptions on.
	chooses := slices.Contains([]engines.Kind{engines.DEALER, engines.PUSH, engines.PAIR}, s.kind)
	publishes := s.kind == engines.PUB || s.kind == engines.XPUB
	for _, one := range []struct {
		set    bool
		option C.int
		value  int
	}{
		{true, C.ZMQ_LINGER, ms(linger)},
		{chooses, C.ZMQ_IMMEDIATE, 1},
		{s.kind == engines.ROUTER, C.ZMQ_ROUTER_MANDATORY, 1},
		{publishes && o.NoDrop, C.ZMQ_XPUB_NODROP, 1},
		{o.SendHWM > 0, C.ZMQ_SNDHWM, o.SendHWM},
		{o.RecvHWM > 0, C.ZMQ_RCVHWM, o.RecvHWM},
		{o.SendBuf > 0, C.ZMQ_SNDBUF, o.SendBuf},
		{o.RecvBuf > 0, C.ZMQ_RCVBUF, o.RecvBuf},
		{o.HandshakeTimeout > 0, C.ZMQ_HANDSHAKE_IVL, ms(o.HandshakeTimeout)},
		{o.ReconnectMin > 0, C.ZMQ_RECONNECT_IVL, ms(o.ReconnectMin)},
		{o.ReconnectMax > 0, C.ZMQ_RECONNECT_IVL_MAX, ms(o.ReconnectMax)},
		{o.HeartbeatInterval > 0, C.ZMQ_HEARTBEAT_IVL, ms(o.HeartbeatInterval)},
		{o.HeartbeatTimeout > 0, C.ZMQ_HEARTBEAT_TIMEOUT, ms(o.HeartbeatTimeout)},
		{o.HeartbeatTTL > 0, C.ZMQ_HEARTBEAT_TTL, ms(o.HeartbeatTTL)},
	} {
		if one.set {
			if err := s.set(one.option, one.value); err != nil {
				return err
			}
		}
	}
	if o.MaxMessageBytes > 0 {
		limit := C.int64_t(o.MaxMessageBytes)
		if err := s.setRaw(C.ZMQ_MAXMSGSIZE, unsafe.Pointer(&limit), int(unsafe.Sizeof(limit))); err != nil {
			return err
		}
	}
	if len(o.Identity) > 0 {
		return s.setBytes(C.ZMQ_ROUTING_ID, o.Identity)
	}
	return nil
}

// ms is a duration in milliseconds, rounded up.
func ms(d time.Duration) int { return int((d + time.Millisecond - 1) / time.Millisecond) }

// subscribe takes the prefixes of a SUB, or of an XSUB that subscribes by
// itself.
func (s *socket) subscribe(prefixes [][]byte) error {
	for _, prefix := range prefixes {
		var err error
		switch s.kind {
		case engines.SUB:
			err = s.setBytes(C.ZMQ_SUBSCRIBE, prefix)
		case engines.XSUB:
			err = s.Send(&engines.Msg{Frames: [][]byte{append([]byte{1}, prefix...)}})
		}
		if err != nil {
			return err
		}
	}
	return s.Flush()
}

// listens prepares the socket for a Bind: with security it is the server.
func (s *socket) listens() error {
	curve := s.security.Curve
	switch {
	case s.security.Username != "":
		domain, err := s.engine.admit(s.library, s.security)
		if err != nil {
			return err
		}
		if err := s.setBytes(C.ZMQ_ZAP_DOMAIN, []byte(domain)); err != nil {
			return err
		}
		return s.set(C.ZMQ_PLAIN_SERVER, 1)
	case curve != engines.Curve{}:
		if err := s.setKey(C.ZMQ_CURVE_SECRETKEY, curve.SecretKey); err != nil {
			return err
		}
		return s.set(C.ZMQ_CURVE_SERVER, 1)
	}
	return nil
}

// calls prepares the socket for a Connect: with security it is the client.
func (s *socket) calls() error {
	curve := s.security.Curve
	switch {
	case s.security.Username != "":
		if err := s.setBytes(C.ZMQ_PLAIN_USERNAME, []byte(s.security.Username)); err != nil {
			return err
		}
		return s.setBytes(C.ZMQ_PLAIN_PASSWORD, []byte(s.security.Password))
	case curve != engines.Curve{}:
		if curve.ServerKey == "" {
			return fmt.Errorf("CURVE without the public key of the server; set ServerKey")
		}
		for option, key := range map[C.int]string{
			C.ZMQ_CURVE_PUBLICKEY: curve.PublicKey,
			C.ZMQ_CURVE_SECRETKEY: curve.SecretKey,
			C.ZMQ_CURVE_SERVERKEY: curve.ServerKey,
		} {
			if err := s.setKey(option, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *socket) set(option C.int, value int) error {
	v := C.int(value)
	return s.setRaw(option, unsafe.Pointer(&v), int(unsafe.Sizeof(v)))
}

func (s *socket) setBytes(option C.int, value []byte) error {
	return s.setRaw(option, unsafe.Pointer(unsafe.SliceData(value)), len(value))
}

// setKey sets a key in Z85, whose final NUL counts.
func (s *socket) setKey(option C.int, key string) error {
	return s.setBytes(option, append([]byte(key), 0))
}

func (s *socket) setRaw(option C.int, value unsafe.Pointer, size int) error {
	if rc := C.zb_set(s.z, option, value, C.size_t(size)); rc != 0 {
		return fmt.Errorf("option %d: %w", option, failure(rc))
	}
	return nil
}
