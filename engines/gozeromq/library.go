package gozeromq

import (
	"context"
	"log"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"

	"zbench/engines"
)

// sendPatience is how long the library may let a send block; Close is what ends it.
// Its own default of five minutes would leave half a message in the stream.
const sendPatience = 365 * 24 * time.Hour

// queueBytes is what PUB may queue where no SendHWM is set, and messageBytes
// what a queued message takes beside its body.
const (
	queueBytes   = 64 << 20
	messageBytes = 256
)

// newLibrarySocket returns the library's constructor, nil for an unknown kind.
func newLibrarySocket(k engines.Kind) func(context.Context, ...zmq4.Option) zmq4.Socket {
	switch k {
	case engines.REQ:
		return zmq4.NewReq
	case engines.REP:
		return zmq4.NewRep
	case engines.DEALER:
		return zmq4.NewDealer
	case engines.ROUTER:
		return zmq4.NewRouter
	case engines.PUB:
		return zmq4.NewPub
	case engines.SUB:
		return zmq4.NewSub
	case engines.XPUB:
		return zmq4.NewXPub
	case engines.XSUB:
		return zmq4.NewXSub
	case engines.PUSH:
		return zmq4.NewPush
	case engines.PULL:
		return zmq4.NewPull
	case engines.PAIR:
		return zmq4.NewPair
	}
	return nil
}

// openLibrary makes the library's socket. Redialling is ours, since the
// library sleeps between attempts whatever happens meanwhile.
func openLibrary(ctx context.Context, s *socket) (zmq4.Socket, error) {
	options := []zmq4.Option{
		zmq4.WithLogger(log.New(listened{s}, "", 0)),
		zmq4.WithSecurity(handshake{null.Security(), s}),
		zmq4.WithTimeout(sendPatience),
		zmq4.WithDialerTimeout(s.handshakeTimeout()),
		zmq4.WithDialerMaxRetries(0),
		zmq4.WithDialerRetry(0),
	}
	if id := s.opts.Identity; len(id) > 0 {
		options = append(options, zmq4.WithID(zmq4.SocketIdentity(id)))
	}
	lib := newLibrarySocket(s.kind)(ctx, options...)
	if s.kind == engines.PUB {
		return lib, lib.SetOption(zmq4.OptionHWM, queueLimit(s.opts))
	}
	if s.kind == engines.SUB {
		for _, prefix := range s.opts.Subscribe {
			if err := lib.SetOption(zmq4.OptionSubscribe, string(prefix)); err != nil {
				return nil, err
			}
		}
	}
	return lib, nil
}

// queueLimit is the HWM of a PUB, in messages: the one asked for, else what
// fits into 64 MiB with the largest bodies (209,000 of 64 B, 63 of 1 MiB).
func queueLimit(o engines.Options) int {
	if o.SendHWM > 0 {
		return o.SendHWM
	}
	return max(1, queueBytes/(len(o.Payload)+messageBytes))
}
