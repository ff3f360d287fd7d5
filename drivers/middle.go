package drivers

import "zbench/engines"

// middle passes messages on between its front, which faces the load, and its
// back, which faces the peers.
type middle struct {
	*run
	index               int
	front, back         engines.Socket
	frontSeat, backSeat seat
}

// launch starts a goroutine for each direction that the pattern has.
func (m *middle) launch() {
	m.others.Go(func() { m.pass(m.front, m.back, true) })
	if m.pattern.back.CanRecv() && m.pattern.front.CanSend() && (!m.fanOut || m.handsUp) {
		m.others.Go(func() { m.pass(m.back, m.front, false) })
	}
}

// pass sends on whatever from receives. What goes forth is marked with the
// middle's index, unless it may be shared with other subscribers.
func (m *middle) pass(from, to engines.Socket, forth bool) {
	ms := make([]*engines.Msg, burst)
	for {
		n, err := from.Recv(ms)
		if err != nil {
			if !m.goOn(err) {
				return
			}
			continue
		}
		for _, msg := range ms[:n] {
			if body := msg.Body(); forth && !m.fanOut && carries(body, m.plan.run) {
				markMiddle(body, m.index)
			}
			if err := to.Send(msg); err != nil {
				engines.Release([]*engines.Msg{msg})
				m.goOn(err)
			}
		}
		if err := to.Flush(); err != nil {
			m.goOn(err)
		}
	}
}
