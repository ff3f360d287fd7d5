package drivers

import "zbench/engines"

// peer is one socket of the peer role: it echoes or collects.
type peer struct {
	seat
	*run
	index  int
	host   host
	port   *port
	recv   *receiver // collects in one-way patterns
	echoes *echoer   // sends back in others
}

func newPeer(r *run, index int, s engines.Socket, h host) *peer {
	p := &peer{seat: seat{sock: s}, run: r, index: index, host: h}
	p.recv = newReceiver(r, rolePeer)
	server := newServer(r.delay, r.stall, r.Seed, uint64(index))
	if r.roundTrip {
		p.echoes = &echoer{relay{run: r, to: s}, index, server, r.addressed && !r.serving()}
		p.port = newPort(s, p.echoes)
		return p
	}
	p.recv.mark = index
	if server != nil {
		p.recv.slow = &slowly{server: server}
	}
	p.port = newPort(s, p.recv)
	return p
}

// ports implements machine.
func (p *peer) ports() []*port { return p.port.alone[:] }

// step implements machine.
func (p *peer) step(now int64) (next int64, did bool) {
	if p.echoes != nil {
		return p.echoes.step(now)
	}
	return p.recv.step(now)
}

// echoer sends every message back as it came, with its own mark in the stamp.
type echoer struct {
	relay
	index    int
	server   *server // of a slow peer, or nil
	announce bool    // its ROUTER does not know yet that it is there
}

// hear implements hearer.
func (e *echoer) hear(ms []*engines.Msg, now, _ int64) {
	for _, m := range ms {
		if body := m.Body(); carries(body, e.plan.run) {
			markPeer(body, e.index)
		}
		e.pass(m, e.serve(m.Body(), now), now)
	}
}

// serve is when a message is done that is taken up now.
func (e *echoer) serve(body []byte, now int64) int64 {
	start := e.start.Load()
	if e.server == nil || start == 0 {
		return now
	}
	e.server.origin = start
	return e.server.depart(e.server.arrival(body, e.plan.run, now))
}

// step implements machine.
func (e *echoer) step(now int64) (next int64, did bool) {
	if e.announce && !e.introduce() {
		return never, false
	}
	return e.relay.step(now)
}

// introduce tells the ROUTER of this peer that it is there; false: there is no
// room yet.
func (e *echoer) introduce() bool {
	client := e.index % e.Cell.Clients
	m, err := e.to.Alloc(nil, StampSize)
	if err == nil {
		s := stamp{run: e.plan.run, flags: flagProbe | flagAnnounce, flow: uint32(client*e.flowsEach + e.index)}
		s.put(m.Body())
		err = e.to.Send(m)
	}
	if err == engines.ErrWait {
		return false
	}
	e.announce, e.dirty = false, true
	if err != nil && !e.closing.Load() {
		e.fatal(err)
	}
	return true
}
