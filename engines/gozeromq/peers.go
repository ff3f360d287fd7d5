package gozeromq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

// Properties of a connection (RFC 37), as the library spells them.
const (
	propertyKind     = "Socket-Type"
	propertyIdentity = "Identity"
)

var errWrongKind = errors.New("the two kinds do not talk")

// peer is a connection that has shaken hands. The library may know of it some
// microseconds later.
type peer struct {
	conn *zmq4.Conn
	kind engines.Kind
	id   string // what a ROUTER calls it
	link string // the name of its end, over inproc
	far  string // the name of the other end
}

// handshake is the library's NULL mechanism (RFC 23), which also tells the
// socket of every connection.
type handshake struct {
	zmq4.Security
	s *socket
}

// Handshake exchanges metadata. The library does not close a connection whose
// handshake fails, so it is closed here.
func (h handshake) Handshake(conn *zmq4.Conn, server bool) error {
	if h.s.closed.Load() {
		conn.Close()
		return engines.ErrClosed
	}
	p := &peer{conn: conn}
	if h.s.onInproc(server) {
		p.link = h.s.links.offer(conn, h.s)
	}
	err := h.Security.Handshake(conn, server)
	if err == nil {
		err = h.s.join(p, server)
	}
	if err != nil {
		h.s.links.forget(p.link)
		// Over inproc the other side would not get to know our kind.
		if p.link == "" || !errors.Is(err, errWrongKind) {
			conn.Close()
		}
	}
	return err
}

// join makes a peer of a connection that has shaken hands.
func (s *socket) join(p *peer, server bool) error {
	name := p.conn.Peer.Meta[propertyKind]
	p.kind, _ = engines.ParseKind(name)
	if !s.kind.Accepts(p.kind) {
		return fmt.Errorf("%w: a %s and a %q", errWrongKind, s.kind, name)
	}
	if p.link != "" {
		p.far = p.conn.Peer.Meta[propertyLink]
	}
	if s.kind == engines.ROUTER && p.conn.Peer.Meta[propertyIdentity] == "" {
		p.conn.Peer.Meta[propertyIdentity] = s.peers.newIdentity()
	}
	p.id = p.conn.Peer.Meta[propertyIdentity]
	if s.kind == engines.XSUB {
		// Nobody else writes to this connection yet.
		for _, prefix := range s.opts.Subscribe {
			if err := p.conn.SendMsg(zmq4.NewMsg(append([]byte{1}, prefix...))); err != nil {
				return fmt.Errorf("subscribe: %w", err)
			}
		}
	}
	if err := s.greetings.done(server); err != nil {
		return err
	}
	gone, err := s.peers.add(p)
	for _, g := range gone {
		s.links.forget(g.link)
	}
	return err
}

// peers are the connections of a socket. Readers take no lock: the list is
// copied when it changes.
type peers struct {
	first chan struct{} // closed when the first one joins
	list  atomic.Pointer[[]*peer]

	mu     sync.Mutex
	serial uint32
	closed bool
	joined bool
}

// all returns the peers, some of them perhaps gone.
func (ps *peers) all() []*peer {
	if l := ps.list.Load(); l != nil {
		return *l
	}
	return nil
}

// add takes one more and drops those that are gone.
func (ps *peers) add(p *peer) (gone []*peer, err error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.closed {
		return nil, engines.ErrClosed
	}
	list := make([]*peer, 0, len(ps.all())+1)
	for _, old := range ps.all() {
		if old.conn.Closed() {
			gone = append(gone, old)
		} else {
			list = append(list, old)
		}
	}
	list = append(list, p)
	ps.list.Store(&list)
	if !ps.joined {
		ps.joined = true
		close(ps.first)
	}
	return gone, nil
}

// close refuses further peers and returns those that there are.
func (ps *peers) close() []*peer {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.closed = true
	return ps.all()
}

// live returns a peer that is not known to be gone, nil if there is none.
func (ps *peers) live() *peer {
	all := ps.all()
	if i := slices.IndexFunc(all, func(p *peer) bool { return !p.conn.Closed() }); i >= 0 {
		return all[i]
	}
	return nil
}

// Peers implements engines.Attended. A publisher cannot tell whose a
// subscription is: once there is one, all its peers count.
func (s *socket) Peers() (n int) {
	if pub, ok := s.lib.(zmq4.Topics); ok && s.kind != engines.SUB && len(pub.Topics()) == 0 {
		return 0
	}
	for _, p := range s.peers.all() {
		if !p.conn.Closed() {
			n++
		}
	}
	return n
}

// named returns the live peer of that identity and its place. The search
// starts at from, where a ROUTER that takes its peers in turn finds it.
func (ps *peers) named(id []byte, from int) (*peer, int) {
	all := ps.all()
	for i := range all {
		at := (from + i) % len(all)
		if p := all[at]; p.id == string(id) && !p.conn.Closed() {
			return p, at
		}
	}
	return nil, 0
}

// sweep marks the inproc connections that the other side has closed. The
// library does not recognise their error and would try them for ever. An empty
// write passes unnoticed through a connection that stands.
func (ps *peers) sweep() {
	for _, p := range ps.all() {
		if p.link == "" || p.conn.Closed() {
			continue
		}
		if _, err := p.conn.Write(nil); err != nil {
			p.conn.SetClosed()
		}
	}
}

// newIdentity makes one up for a peer that has none: a zero byte and a serial
// number (RFC 28, ROUTER socket type).
func (ps *peers) newIdentity() string {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.serial++
	return string(binary.BigEndian.AppendUint32([]byte{0}, ps.serial))
}
