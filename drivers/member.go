package drivers

import (
	"zbench/drivers/load"
	"zbench/engines"
)

// member is a machine at a worker.
type member struct {
	machine
	asked []asked // sockets that may have something they will not tell of
}

// asked is such a socket, and who takes what comes there; nil: nobody does.
type asked struct {
	engines.Unsettled
	to hearer
}

// plays gives a member its machine, which has the socket s.
func (m *member) plays(machine machine, s engines.Socket) {
	m.machine = machine
	u, ok := s.(engines.Unsettled)
	if !ok {
		return
	}
	a := asked{u, nil}
	for _, p := range machine.ports() {
		if p.sock == s {
			a.to = p.to
		}
	}
	m.asked = append(m.asked, a)
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
			next = now
		}
	}
	return next, did || sent
}

// Unsettled implements worker.Member.
func (m *member) Unsettled() bool {
	for _, a := range m.asked {
		if a.Unsettled.Unsettled(a.to != nil && a.to.hears()) {
			return true
		}
	}
	return false
}
