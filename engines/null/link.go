package null

import (
	"encoding/binary"
	"maps"
	"slices"
	"sync/atomic"

	"zbench/engines"
)

// end is one socket's end of a connection.
type end struct {
	socket    *socket
	other     *end
	out, in   *lane  // nil where nothing goes that way
	identity  []byte // of the other side, as a ROUTER here shows it
	key       string // the name in the table
	connected bool   // by this side

	filter atomic.Pointer[filter] // what the other side wants of this publisher
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
	for _, e := range []*end{a, b} {
		e.identity = e.socket.nameOf(e.other.socket)
	}
	for _, e := range []*end{a, b} {
		e.open()
		e.announce()
	}
	for _, e := range []*end{a, b} {
		e.socket.live.Store(e.socket.live.Load().with(e))
		e.socket.sendBell.ring()
		e.socket.recvBell.ring()
	}
}

// open makes the lane to the other side, if messages go there.
func (e *end) open() {
	s, p := e.socket, e.other.socket
	if !s.kind.CanSend() || !p.kind.CanRecv() || s.subscribes() {
		return
	}
	payload := s.options.Payload
	if len(payload) < len(p.options.Payload) {
		payload = p.options.Payload // what is passed on will be as large
	}
	l := newLane(s, p, payload)
	if p.kind == engines.ROUTER {
		l.prefix = append(l.prefix, e.other.identity)
	}
	if s.kind == engines.REQ {
		l.prefix = append(l.prefix, nil) // the delimiter
	}
	e.out, e.other.in = l, l
	p.join(e.other)
}

// unlink ends a connection from e's side; the caller holds the engine's mutex.
// What the other side has not received yet stays there for it.
func unlink(e *end) {
	for _, side := range []*end{e, e.other} {
		s := side.socket
		s.live.Store(s.live.Load().without(side))
		if l := side.out; l != nil {
			l.closed.Store(true)
			l.signal()
		}
		side.renounce()
	}
	for _, side := range []*end{e, e.other} {
		side.socket.sendBell.ring()
		side.socket.recvBell.ring()
	}
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
