package drivers

import (
	"slices"

	"zbench/drivers/load"
	"zbench/drivers/worker"
	"zbench/engines"
)

// member is a machine at a worker.
type member struct {
	machine
	senders []engines.Unsettled // sockets that it only sends on
}

// plays gives a member its machine, which has the socket s.
func (m *member) plays(machine machine, s engines.Socket) {
	m.machine = machine
	receives := slices.ContainsFunc(machine.ports(), func(p *port) bool { return p.sock == s })
	if u, ok := s.(engines.Unsettled); ok && !receives {
		m.senders = append(m.senders, u)
	}
}

// turnNS is for how long one machine goes on before others get their turn, and
// before it sends what became due meanwhile.
const turnNS = 50_000

// Attend implements worker.Member: what has come is told, then the machine steps.
// A port that it hears on from then on is asked in the next round, for a socket
// tells of what comes only to who was told that there was nothing.
func (m *member) Attend(now, since int64) (next int64, did bool) {
	more, until := false, now+turnNS
	for _, p := range m.ports() {
		p.asked = false
		for p.to.hears() && !p.asked {
			n, err := p.sock.Recv(p.ms)
			if p.asked = n == 0; p.asked && err == engines.ErrWait {
				break
			}
			did = true
			now = load.Now()
			if err != nil {
				if !p.to.fault(err) {
					return never, true
				}
				break
			}
			p.to.hear(p.ms[:n], now, now-since)
			if now > until {
				more = true
				break
			}
		}
	}
	if did {
		now = load.Now()
	}
	next, sent := m.step(now)
	for _, p := range m.ports() {
		if more || p.to.hears() && !p.asked {
			next = worker.Unread
		}
	}
	return next, did || sent
}

// Unsettled implements worker.Member.
func (m *member) Unsettled() bool {
	for _, p := range m.ports() {
		if u, ok := p.sock.(engines.Unsettled); ok && u.Unsettled(p.to.hears()) {
			return true
		}
	}
	for _, s := range m.senders {
		if s.Unsettled(false) {
			return true
		}
	}
	return false
}
