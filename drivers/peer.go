package drivers

import (
	"zbench/drivers/load"
	"zbench/engines"
)

// peer is one socket of the peer role: it echoes or collects.
type peer struct {
	seat
	*run
	index int
	recv  *receiver // collects in one-way patterns
}

func newPeer(r *run, index int, s engines.Socket) *peer {
	p := &peer{seat: seat{sock: s}, run: r, index: index, recv: newReceiver(r, s, rolePeer)}
	p.recv.server = newServer(r.delay, r.stall, r.Seed, uint64(index))
	return p
}

func (p *peer) loop() {
	if p.addressed && !p.serving() {
		if err := p.announce(); err != nil {
			if !p.closing.Load() {
				p.fatal(err)
			}
			return
		}
	}
	if p.roundTrip {
		p.echo()
		return
	}
	p.recv.mark = p.index
	p.recv.loop()
}

// announce tells the ROUTER of this peer that it is there.
func (p *peer) announce() error {
	client := p.index % p.Cell.Clients
	m, err := p.sock.Alloc(nil, StampSize)
	if err != nil {
		return err
	}
	s := stamp{run: p.plan.run, flags: flagProbe | flagAnnounce, flow: uint32(client*p.flowsEach + p.index)}
	s.put(m.Body())
	if err := p.sock.Send(m); err != nil {
		return err
	}
	return p.sock.Flush()
}

// echo sends every message back as it came, with its own mark in the stamp.
func (p *peer) echo() {
	ms := make([]*engines.Msg, burst)
	for {
		n, err := p.sock.Recv(ms)
		if err != nil {
			if !p.goOn(err) {
				return
			}
			continue
		}
		for _, m := range ms[:n] {
			if body := m.Body(); carries(body, p.plan.run) {
				markPeer(body, p.index)
			}
			p.serve(m.Body())
			if err := p.sock.Send(m); err != nil {
				engines.Release([]*engines.Msg{m})
				p.goOn(err)
			}
		}
		if err := p.sock.Flush(); err != nil {
			p.goOn(err)
		}
	}
}

// serve takes the time that a slow peer takes for one message.
func (p *peer) serve(body []byte) {
	s, start := p.recv.server, p.start.Load()
	if s == nil || start == 0 {
		return
	}
	s.origin = start
	now := load.Now()
	if done := s.depart(s.arrival(body, p.plan.run, now)); done > now {
		p.sock.Flush()
		p.recv.pacer.Wait(done)
	}
}
