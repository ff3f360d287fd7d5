package drivers

import (
	"slices"

	"zbench/engines"
)

// middle passes messages on between its front, which faces the load, and its
// back, which faces the peers.
type middle struct {
	*run
	index               int
	front, back         engines.Socket
	frontSeat, backSeat seat
	host                host
	member              member
	passes              []*pass // for each direction that the pattern has
	receivers           []*port
}

// complete makes the passes, once both sockets are there.
func (m *middle) complete() {
	m.add(m.front, m.back, true)
	if m.pattern.back.CanRecv() && m.pattern.front.CanSend() && (!m.fanOut || m.handsUp) {
		m.add(m.back, m.front, false)
	}
}

func (m *middle) add(from, to engines.Socket, forth bool) {
	p := &pass{run: m.run, index: m.index, to: to, marks: forth && !m.fanOut}
	p.port = newPort(from, p)
	m.passes = append(m.passes, p)
	m.receivers = append(m.receivers, p.port)
}

// ports implements machine.
func (m *middle) ports() []*port { return m.receivers }

// step implements machine.
func (m *middle) step(now int64) (next int64, did bool) {
	for _, p := range m.passes {
		_, some := p.step(now)
		did = did || some
	}
	return never, did
}

// pass sends on whatever comes on one socket to another. What goes forth is
// marked with the middle's index, unless it may be shared with other subscribers.
type pass struct {
	*run
	index int
	to    engines.Socket
	marks bool
	port  *port
	held  []*engines.Msg // for which there was no room
	dirty bool           // something is to be flushed
}

// ports implements machine.
func (p *pass) ports() []*port { return p.port.alone[:] }

// hears implements hearer.
func (p *pass) hears() bool { return len(p.held) == 0 }

// hear implements hearer.
func (p *pass) hear(ms []*engines.Msg, _, _ int64) {
	for _, m := range ms {
		if body := m.Body(); p.marks && carries(body, p.plan.run) {
			markMiddle(body, p.index)
		}
		if len(p.held) > 0 || !p.send(m) {
			p.held = append(p.held, m)
		}
	}
}

// send sends one message on; false: there is no room.
func (p *pass) send(m *engines.Msg) bool {
	switch err := p.to.Send(m); {
	case err == engines.ErrWait:
		return false
	case err != nil:
		engines.Release([]*engines.Msg{m})
		p.goOn(err)
	default:
		p.dirty = true
	}
	return true
}

// fault implements hearer.
func (p *pass) fault(err error) bool { return p.goOn(err) }

// step implements machine.
func (p *pass) step(int64) (next int64, did bool) {
	sent := 0
	for sent < len(p.held) && p.send(p.held[sent]) {
		sent++
	}
	p.held = slices.Delete(p.held, 0, sent)
	if p.dirty {
		did = true
		err := p.to.Flush()
		if p.dirty = err == engines.ErrWait; err != nil && !p.dirty {
			p.goOn(err)
		}
	}
	return never, did
}
