package zmtp

import (
	"zbench/engines"
)

// peer is one socket that ours talks to: a connection, or a socket of this
// process.
type peer struct {
	core   *core
	kind   engines.Kind
	id     []byte // its identity, for a ROUTER; never empty there
	out    outlet
	wire   *wire   // nil: inproc
	inproc *inproc // nil: a connection

	subs subscriptions // of a PUB's or XPUB's peer
	fed  feed          // what the inbox keeps of it
}

// prefix is the frame that goes before each message from p.
func (p *peer) prefix() []byte {
	if p.core.set.kind == engines.ROUTER {
		return p.id
	}
	return nil
}

// from is the peer that a received message came from, nil if it came from
// another engine.
func from(m *engines.Msg) *peer {
	if b, ok := m.Owner.(*burst); ok {
		return b.from
	}
	return nil
}

// end takes p away from its socket.
func (p *peer) end(err error) {
	if p.wire != nil {
		p.wire.fail(err)
		return
	}
	p.inproc.end()
}

// gone reports whether nothing more can come from p.
func (p *peer) gone() bool {
	if p.wire != nil {
		return p.wire.ended.Load()
	}
	return p.inproc.ended.Load()
}
