package drivers

import (
	"slices"

	"zbench/engines"
)

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
		p.echoes = &echoer{run: r, sock: s, index: index, server: server, announce: r.addressed && !r.serving()}
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
	*run
	sock     engines.Socket
	index    int
	server   *server // of a slow peer, or nil
	announce bool    // its ROUTER does not know yet that it is there
	held     []reply // that are not done yet, or for which there is no room
	dirty    bool    // something is to be flushed
}

// reply is a message to be sent back, and when it is done: a clock reading.
type reply struct {
	m    *engines.Msg
	done int64
}

// hears implements hearer: while it is busy what comes waits in the socket.
func (e *echoer) hears() bool { return len(e.held) == 0 }

// hear implements hearer.
func (e *echoer) hear(ms []*engines.Msg, now, _ int64) {
	for _, m := range ms {
		if body := m.Body(); carries(body, e.plan.run) {
			markPeer(body, e.index)
		}
		done := e.serve(m.Body(), now)
		if len(e.held) > 0 || done > now || !e.send(m) {
			e.held = append(e.held, reply{m, done})
		}
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

// send sends one message back; false: there is no room.
func (e *echoer) send(m *engines.Msg) bool {
	switch err := e.sock.Send(m); {
	case err == engines.ErrWait:
		return false
	case err != nil:
		engines.Release([]*engines.Msg{m})
		e.goOn(err)
	default:
		e.dirty = true
	}
	return true
}

// fault implements hearer.
func (e *echoer) fault(err error) bool { return e.goOn(err) }

// step sends back what is done by now.
func (e *echoer) step(now int64) (next int64, did bool) {
	if e.announce && !e.introduce() {
		return never, false
	}
	sent := 0
	next = never
	for ; sent < len(e.held); sent++ {
		r := e.held[sent]
		if r.done > now {
			next = r.done
			break
		}
		if !e.send(r.m) {
			break
		}
	}
	e.held = slices.Delete(e.held, 0, sent)
	if e.dirty {
		did = true
		err := e.sock.Flush()
		if e.dirty = err == engines.ErrWait; err != nil && !e.dirty {
			e.goOn(err)
		}
	}
	return next, did
}

// introduce tells the ROUTER of this peer that it is there; false: there is no
// room yet.
func (e *echoer) introduce() bool {
	client := e.index % e.Cell.Clients
	m, err := e.sock.Alloc(nil, StampSize)
	if err == nil {
		s := stamp{run: e.plan.run, flags: flagProbe | flagAnnounce, flow: uint32(client*e.flowsEach + e.index)}
		s.put(m.Body())
		err = e.sock.Send(m)
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
