package drivers

import "zbench/engines"

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
	p := &pass{relay: relay{run: m.run, to: to}, index: m.index, marks: forth && !m.fanOut}
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
	relay
	index int
	marks bool
	port  *port
}

// ports implements machine.
func (p *pass) ports() []*port { return p.port.alone[:] }

// hear implements hearer.
func (p *pass) hear(ms []*engines.Msg, now, _ int64) {
	for _, m := range ms {
		if body := m.Body(); p.marks && carries(body, p.plan.run) {
			markMiddle(body, p.index)
		}
		p.relay.pass(m, 0, now)
	}
}
