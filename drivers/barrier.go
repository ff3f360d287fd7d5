package drivers

import (
	"fmt"
	"sync/atomic"
)

// barrier counts the probes that came through on every path, a path being
// client, middle and peer. Counting starts when none is missing, so that no
// message is lost to a late joiner.
type barrier struct {
	middles, peers int
	want           uint32 // probes per path
	seen           []atomic.Uint32
	expected       []bool
}

func newBarrier(p *plan) *barrier {
	c := p.Cell
	b := &barrier{middles: max(1, c.Middles), peers: c.Peers, want: uint32(c.Connections)}
	if p.external() {
		b.middles, b.peers, b.want = 1, 1, uint32(c.Connections*len(c.Endpoints))
	}
	n := c.Clients * b.middles * b.peers
	b.seen, b.expected = make([]atomic.Uint32, n), make([]bool, n)
	for client := range c.Clients {
		for m := range b.middles {
			for peer := range b.peers {
				b.expected[b.index(client, m, peer)] = p.probed(client, m, peer)
			}
		}
	}
	return b
}

// probed reports whether a probe can be seen to come through on that path:
// not where an external peer is to answer nothing.
func (p *plan) probed(client, middle, peer int) bool {
	if p.external() {
		return p.roundTrip
	}
	return p.linked(client, peer) && (!p.hasMiddle() || p.behind(middle, peer))
}

func (b *barrier) index(client, middle, peer int) int {
	return (client*b.middles+middle)*b.peers + peer
}

// pass notes a probe of that client with the path that its stamp names.
func (b *barrier) pass(client int, s *stamp) {
	middle, peer := max(0, int(s.middle)-1), max(0, int(s.peer)-1)
	if middle < b.middles && peer < b.peers {
		if i := b.index(client, middle, peer); i < len(b.seen) {
			b.seen[i].Add(1)
		}
	}
}

func (b *barrier) passed(i int) bool {
	return !b.expected[i] || b.seen[i].Load() >= b.want
}

// clientOpen reports whether all paths of that client are open.
func (b *barrier) clientOpen(client int) bool {
	for i := b.index(client, 0, 0); i < b.index(client+1, 0, 0); i++ {
		if !b.passed(i) {
			return false
		}
	}
	return true
}

func (b *barrier) open() bool {
	for i := range b.seen {
		if !b.passed(i) {
			return false
		}
	}
	return true
}

// missing names the first path that is not open.
func (b *barrier) missing(p *plan) string {
	for i := range b.seen {
		if b.passed(i) {
			continue
		}
		client, middle, peer := i/(b.middles*b.peers), i/b.peers%b.middles, i%b.peers
		if p.external() {
			return fmt.Sprintf("from client %d to %v", client+1, p.Cell.Endpoints)
		}
		if p.hasMiddle() {
			return fmt.Sprintf("from client %d through middle %d to peer %d", client+1, middle+1, peer+1)
		}
		return fmt.Sprintf("from client %d to peer %d", client+1, peer+1)
	}
	return "in time"
}
