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
			r.middles = append(r.middles, &middle{run: r, index: i})
		}
	}
	var bound []string
	for _, e := range r.ends() {
		s, err := r.engine(e.role).Open(ctx, e.need.Kind, e.need.Options)
		if err != nil {
			return fmt.Errorf("open %s: %w", e, err)
		}
		place := r.place(e, s)
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

// place puts a socket where its loop looks for it.
func (r *run) place(e end, s engines.Socket) *seat {
	switch e.role {
	case roleFront:
		m := r.middles[e.index]
		m.front = s
		return &m.frontSeat
	case roleBack:
		m := r.middles[e.index]
		m.back = s
		return &m.backSeat
	case rolePeer:
		p := newPeer(r, e.index, s)
		r.peers = append(r.peers, p)
		return &p.seat
	}
	c := newClient(r, e, s)
	r.clients = append(r.clients, c)
	return &c.seat
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
