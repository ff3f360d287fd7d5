package null

import (
	"encoding/binary"
	"maps"
	"slices"
	"sync/atomic"

	"zbench/engines"
	"zbench/engines/ring"
)

// Slots of a ring: as many as fit into ringBytes with the largest body, between
// these two.
const (
	minSlots  = 128
	maxSlots  = 4096
	ringBytes = 256 << 20
)

// end is one socket's end of a connection.
type end struct {
	socket    *socket
	other     *end
	out, in   *ring.Ring[*engines.Msg]
	identity  []byte // of the other side, as a ROUTER here shows it
	key       string // the name in the table
	connected bool   // by this side
	staged    int    // messages in out that Publish has not shown; the sender's

	filter  atomic.Pointer[filter] // what the other side wants of this publisher
	handsUp bool                   // the other side is an XPUB that shows subscriptions
	shown   map[string]bool        // subscriptions an XPUB has taken in; the receiver's
}

// peers is a snapshot of a socket's connections; it is never changed.
type peers struct {
	ends       []*end
	byIdentity map[string]*end // ROUTER only
}

func (p *peers) with(e *end) *peers {
	q := &peers{ends: append(slices.Clip(p.ends), e)}
	if e.socket.kind == engines.ROUTER {
		q.byIdentity = map[string]*end{string(e.identity): e}
		maps.Copy(q.byIdentity, p.byIdentity)
	}
	return q
}

func (p *peers) without(e *end) *peers {
	q := &peers{ends: slices.DeleteFunc(slices.Clone(p.ends), func(o *end) bool { return o == e })}
	if p.byIdentity != nil {
		q.byIdentity = maps.Clone(p.byIdentity)
		delete(q.byIdentity, string(e.identity))
	}
	return q
}

// link connects two sockets; the caller holds the engine's mutex.
func link(bound, connecting *socket, key string) {
	a := &end{socket: bound, key: key}
	b := &end{socket: connecting, key: key, connected: true, other: a}
	a.other = b
	a.out = ring.NewWithBells[*engines.Msg](slots(a, b), connecting.recvBell, bound.sendBell)
	b.out = ring.NewWithBells[*engines.Msg](slots(b, a), bound.recvBell, connecting.sendBell)
	a.in, b.in = b.out, a.out
	for _, e := range []*end{a, b} {
		e.identity = e.socket.nameOf(e.other.socket)
		e.handsUp = e.other.socket.showsSubscriptions()
		e.announce()
	}
	for _, e := range []*end{a, b} {
		e.socket.live.Store(e.socket.live.Load().with(e))
		if e.socket.do.queues {
			e.socket.sources.Store(e.socket.sources.Load().with(e))
		}
	}
	for _, e := range []*end{a, b} {
		e.socket.sendBell.Ring()
		e.socket.recvBell.Ring()
	}
}

// unlink ends a connection from e's side; the caller holds the engine's mutex.
// What the other side has not received yet stays there for it.
func unlink(e *end) {
	for _, side := range []*end{e, e.other} {
		s := side.socket
		s.live.Store(s.live.Load().without(side))
		if side == e {
			s.sources.Store(s.sources.Load().without(side))
		}
	}
	e.out.Close()
	e.in.Close()
}

// slots is how many messages from may have on their way to to.
func slots(from, to *end) int {
	s, p := from.socket, to.socket
	if s.subscribes() {
		if p.showsSubscriptions() {
			return max(maxSlots, len(s.subscriptions))
		}
		return 1
	}
	if !p.kind.CanRecv() || !s.kind.CanSend() {
		return 1
	}
	body := max(len(s.options.Payload), len(p.options.Payload), 1)
	return min(max(ringBytes/body, minSlots), maxSlots)
}

// nameOf is the identity that peer set, or one made up for it: a zero byte and
// a number, as RFC 28 has it.
func (s *socket) nameOf(peer *socket) []byte {
	if id := peer.options.Identity; len(id) > 0 {
		return id
	}
	s.named++
	return binary.BigEndian.AppendUint32([]byte{0}, s.named)
}
