// Package peertest has an engine talk to implementations of other makers, in
// every pattern and from both sides of it: libzmq under Python and C, which
// speaks ZMTP 3.1 (RFC 37), and JeroMQ 0.3.6, which speaks ZMTP 2.0 (RFC 15).
//
// The tests that call it have the build tag peers, for the peers have to be
// installed; see Makers.
package peertest

import (
	"testing"

	"zbench/engines"
)

// exchange is one way in which a pattern uses two socket types.
type exchange struct {
	name    string // the pattern, and the role that is ours
	ours    engines.Kind
	role    string // of the peer
	theirs  string
	options engines.Options
	more    []string // of the peer's command line
	play    func(t *testing.T, s engines.Socket, p *Peer)
}

// Run checks e against each of the makers. What e refuses is logged with its
// reason.
func Run(t *testing.T, e engines.Engine, makers ...Maker) {
	for _, m := range makers {
		for _, x := range exchanges() {
			m.EveryWay(t, x.name, func(t *testing.T, weBind bool, transport string) {
				if !supported(t, e, x.ours, transport, x.options) {
					return
				}
				s, p := Meeting{e, x.ours, x.options, weBind, transport, m, x.role, x.theirs, x.more}.Start(t)
				x.play(t, s, p)
			})
		}
		for _, r := range relays() {
			m.EveryWay(t, r.name, func(t *testing.T, weBind bool, transport string) {
				if supported(t, e, r.front.ours, transport, r.front.options) && supported(t, e, r.back.ours, transport, r.back.options) {
					r.run(t, e, m, weBind, transport)
				}
			})
		}
	}
}

func supported(t *testing.T, e engines.Engine, k engines.Kind, transport string, o engines.Options) bool {
	err := e.Supports(engines.Need{Kind: k, Transport: transport, MaxFrame: len(big), Frames: 3, Peers: 1, Binds: 1,
		Subscriptions: k == engines.XPUB || k == engines.XSUB, Options: o})
	if err != nil {
		t.Logf("refused: %v", err)
	}
	return err == nil
}
