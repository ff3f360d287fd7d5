package drivers

import (
	"sync/atomic"
	"time"

	"zbench/drivers/load"
)

// alone hosts a machine of an engine whose calls wait: a goroutine steps it, and
// where it receives without taking turns another one does that. Neither is
// locked to a thread, for such engines have goroutines of their own. What is read
// is recorded where it was read, so nothing is handed on before the clock is read.
type alone struct {
	run     *run
	pacer   *load.Pacer
	waiting atomic.Bool
	wake    chan struct{} // holds at most the token of who took waiting down
}

func newAlone(r *run) *alone { return &alone{run: r, wake: make(chan struct{}, 1)} }

// Wake implements host.
func (a *alone) Wake() {
	if a.waiting.Load() && a.waiting.CompareAndSwap(true, false) {
		a.wake <- struct{}{}
	}
}

// steps plays a machine that sends, until it is over.
func (a *alone) steps(m machine, over func() bool) {
	for {
		next, _ := m.step(load.Now())
		if over() {
			return
		}
		a.rest(next, m, over)
	}
}

// turns plays a machine that sends and receives in turn.
func (a *alone) turns(m machine, over func() bool) {
	p := m.ports()[0]
	for {
		next, _ := m.step(load.Now())
		switch {
		case over():
			return
		case !p.to.hears():
			a.rest(next, m, func() bool { return over() || p.to.hears() })
		case !a.receive(p):
			return
		}
	}
}

// rest waits until next, or until the machine is woken where that may be sooner.
func (a *alone) rest(next int64, m machine, over func() bool) {
	switch {
	case next <= load.Now():
	case next != never && a.run.Cell.Loop.Scheduled():
		a.pacer.Wait(next)
	default:
		a.sleep(m, over)
	}
}

// sleep returns when it is the machine's time, or when it was woken since it said
// that it waits.
func (a *alone) sleep(m machine, over func() bool) {
	a.waiting.Store(true)
	// What was there to be told before is seen now; what comes after wakes us.
	if next, _ := m.step(load.Now()); next > load.Now() && !over() {
		timer := time.NewTimer(time.Duration(min(next-load.Now(), int64(time.Hour))))
		defer timer.Stop()
		select {
		case <-a.wake:
			return
		case <-timer.C:
		}
	}
	if !a.waiting.CompareAndSwap(true, false) {
		<-a.wake
	}
}

// receive waits for messages and tells them; false: there will be no more.
func (a *alone) receive(p *port) bool {
	n, err := p.sock.Recv(p.ms)
	now := load.Now()
	if err != nil {
		return p.to.fault(err)
	}
	p.to.hear(p.ms[:n], now, a.run.canary.Late(now))
	return true
}

// receives plays the receiving half of a machine that somebody else steps.
func (a *alone) receives(p *port) {
	for a.receive(p) {
	}
}

// answers plays a machine that does nothing but to deal with what comes.
func (a *alone) answers(m machine) {
	p := m.ports()[0]
	for {
		if next, _ := m.step(load.Now()); next != never {
			if _, ok := a.pacer.Wait(next); !ok {
				return
			}
			continue
		}
		if p.to.hears() && !a.receive(p) {
			return
		}
	}
}

// launchAlone starts the goroutines of the machines that no worker plays.
func (r *run) launchAlone() {
	clients, others := r.alone()
	if len(clients)+len(others) > 0 {
		r.canary.start(r.Seed)
	}
	// Those of the clients are made together, for on few cores they must not all
	// spin.
	for i, p := range load.NewPacers(len(clients), &r.stop) {
		clients[i].host.(*alone).pacer = p
	}
	for i, p := range load.NewPacers(len(others)+len(clients), &r.closing)[:len(others)] {
		others[i].pacer = p
	}
	for _, m := range r.middles {
		if a, ok := m.host.(*alone); ok {
			for _, p := range m.passes {
				r.others.Go(func() { a.answers(p) })
			}
		}
	}
	for _, p := range r.peers {
		if a, ok := p.host.(*alone); ok {
			r.others.Go(func() { a.answers(p) })
		}
	}
	for _, c := range clients {
		a, over := c.host.(*alone), func() bool { return c.stage == over }
		switch {
		case c.inTurn():
			r.others.Go(func() { a.turns(c, over) })
		case c.port != nil:
			r.others.Go(func() { a.receives(c.port) })
			fallthrough
		default:
			r.others.Go(func() { a.steps(c, over) })
		}
	}
}

// alone lists whom goroutines play: clients, and the hosts of peers and middles.
func (r *run) alone() (clients []*client, others []*alone) {
	for _, c := range r.clients {
		if !c.played {
			clients = append(clients, c)
		}
	}
	add := func(h host) {
		if a, ok := h.(*alone); ok {
			others = append(others, a)
		}
	}
	for _, p := range r.peers {
		add(p.host)
	}
	for _, m := range r.middles {
		add(m.host)
	}
	return clients, others
}
