package drivers

import (
	"context"
	"fmt"
	"path/filepath"

	"zbench/engines"
	"zbench/results"
)

// open opens every socket, binds those that listen, then connects the others.
// The endpoints that were bound go into cell.
func (r *run) open(ctx context.Context, cell *results.Cell) error {
	for i := range r.Cell.Middles {
		if !r.external() {
			r.middles = append(r.middles, r.newMiddle(i))
		}
	}
	var bound []string
	for _, e := range r.ends() {
		place, err := r.openOne(ctx, e)
		if err != nil {
			return fmt.Errorf("open %s: %w", e, err)
		}
		s := place.sock
		if e.need.Binds == 0 || len(r.Cell.Endpoints) > 0 {
			continue
		}
		if place.endpoint, err = s.Bind(r.bindPoint(e)); err != nil {
			return fmt.Errorf("bind %s: %w", e, err)
		}
		bound = append(bound, place.endpoint)
	}
	cell.Binds = bound
	if bound == nil {
		cell.Binds = []string{}
	}
	return r.connectAll(cell)
}

// seat is where a socket is and what it has bound.
type seat struct {
	sock     engines.Socket
	endpoint string
	targets  []string // what it connects to
}

// openOne opens a socket, makes the machine that plays it, and gives that a host.
func (r *run) openOne(ctx context.Context, e end) (*seat, error) {
	if e.role == roleFront || e.role == roleBack {
		return r.openMiddle(ctx, e)
	}
	m := &member{}
	var h host = newAlone(r)
	if s := r.seat(e, m); s != nil {
		h, e.need.Options.Host = s, s
	}
	s, err := r.engine(e.role).Open(ctx, e.need.Kind, e.need.Options)
	if err != nil {
		return nil, err
	}
	if e.role == rolePeer {
		p := newPeer(r, e.index, s, h)
		r.peers = append(r.peers, p)
		m.plays(p, s)
		return &p.seat, nil
	}
	c := newClient(r, e, s, h)
	r.clients = append(r.clients, c)
	m.plays(c, s)
	return &c.seat, nil
}

// newMiddle makes a middle without sockets.
func (r *run) newMiddle(i int) *middle {
	m := &middle{run: r, index: i, host: newAlone(r)}
	if s := r.seat(end{role: roleFront, index: i}, &m.member); s != nil {
		m.host = s
	}
	m.member.machine = m
	return m
}

func (r *run) openMiddle(ctx context.Context, e end) (*seat, error) {
	m := r.middles[e.index]
	e.need.Options.Host, _ = m.host.(engines.Host)
	s, err := r.engine(e.role).Open(ctx, e.need.Kind, e.need.Options)
	if err != nil {
		return nil, err
	}
	if e.role == roleFront {
		m.front, m.frontSeat.sock = s, s
		return &m.frontSeat, nil
	}
	m.back, m.backSeat.sock = s, s
	m.complete()
	m.member.plays(m, m.front)
	m.member.plays(m, m.back)
	return &m.backSeat, nil
}

// bindPoint is what a socket is asked to bind.
func (r *run) bindPoint(e end) string {
	side := [...]string{"c", "f", "b", "p"}[e.role]
	switch r.Cell.Transport {
	case "tcp":
		return "tcp://127.0.0.1:0"
	case "ipc":
		return "ipc://" + filepath.Join(r.Scratch, fmt.Sprintf("%s%d-%08x", side, e.index+1, r.plan.run))
	}
	return fmt.Sprintf("inproc://zbench-%08x-%s%d", r.plan.run, side, e.index+1)
}

func (r *run) connectAll(cell *results.Cell) error {
	if len(r.Cell.Endpoints) > 0 {
		return r.meetOthers(cell)
	}
	for _, c := range r.clients {
		for _, m := range r.middles {
			c.targets = append(c.targets, m.frontSeat.endpoint)
		}
		for i, p := range r.peers {
			switch {
			case r.hasMiddle() || !r.linked(c.index, i):
			case r.Cell.Listen == "peer":
				c.targets = append(c.targets, p.endpoint)
			default:
				p.targets = append(p.targets, c.endpoint)
			}
		}
		if err := r.connect(c.sock, c.targets); err != nil {
			return err
		}
	}
	for i, p := range r.peers {
		for _, m := range r.middles {
			if r.behind(m.index, i) {
				p.targets = append(p.targets, m.backSeat.endpoint)
			}
		}
		if err := r.connect(p.sock, p.targets); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) connect(s engines.Socket, targets []string) error {
	for range r.Cell.Connections {
		for _, t := range targets {
			if err := s.Connect(t); err != nil {
				return fmt.Errorf("connect to %s: %w", t, err)
			}
		}
	}
	return nil
}

// meetOthers binds or connects our side to the endpoints that were given.
func (r *run) meetOthers(cell *results.Cell) error {
	for _, c := range r.clients {
		if err := r.meet(&c.seat, cell, "load"); err != nil {
			return err
		}
	}
	for _, p := range r.peers {
		if err := r.meet(&p.seat, cell, r.ourSide()); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) meet(s *seat, cell *results.Cell, side string) error {
	if r.Cell.Listen != side {
		s.targets = r.Cell.Endpoints
		return r.connect(s.sock, s.targets)
	}
	for _, e := range r.Cell.Endpoints {
		bound, err := s.sock.Bind(e)
		if err != nil {
			return err // it names operation and endpoint
		}
		s.endpoint = bound
		cell.Binds = append(cell.Binds, bound)
	}
	return nil
}
