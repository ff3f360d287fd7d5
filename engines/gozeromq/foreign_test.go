//go:build peers

package gozeromq

import (
	"cmp"
	"errors"
	"testing"

	"zbench/engines"
	"zbench/engines/peertest"
)

// These tests want the packages that peertest.Makers names, and the build tag
// peers.

func TestPeersOfZMTP3(t *testing.T) {
	peertest.Run(t, New(), peertest.Python(t), peertest.C(t))
}

// JeroMQ 0.3.6 speaks ZMTP 2.0, which the library does not: every kind says so
// instead of waiting.
func TestPeersOfZMTP2(t *testing.T) {
	java := peertest.Java(t)
	roles := map[string]string{"REQ": "ask", "PUB": "source", "PUSH": "source"}
	for ours, theirs := range map[engines.Kind]string{
		engines.REQ: "REP", engines.REP: "REQ", engines.DEALER: "ROUTER", engines.ROUTER: "DEALER", engines.PAIR: "PAIR",
		engines.PUB: "SUB", engines.SUB: "PUB", engines.XPUB: "XSUB", engines.XSUB: "XPUB", engines.PUSH: "PULL", engines.PULL: "PUSH",
	} {
		t.Run(ours.String(), func(t *testing.T) {
			t.Parallel()
			role := cmp.Or(roles[theirs], "sink")
			caller := open(t, New(), ours, engines.Options{})
			p := java.Start(t, role, theirs, "bind", peertest.Loopback())
			if err := caller.Connect(p.Endpoint); !errors.Is(err, errBefore30) {
				t.Errorf("connect: %v", err)
			}
			binder := open(t, New(), ours, engines.Options{})
			java.Start(t, role, theirs, "connect", bind(t, binder, peertest.Loopback()))
			await(t, "the failure", func() bool { return binder.LastFailure() != nil })
			if err := binder.LastFailure(); !errors.Is(err, errGreeting) {
				t.Errorf("bind: %v", err)
			}
		})
	}
}
