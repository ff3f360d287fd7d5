package services

import (
	"context"

	"zbench/drivers/load"
	"zbench/engines"
)

// Broker is the middle between two endpoints or more: Front faces those who
// start messages, Back those who answer or consume. What comes to Front limits
// and counts it; the limits of Back mean nothing.
type Broker struct{ Front, Back Setup }

// uses is how the two sockets are used: in both directions where both kinds
// can.
func (b *Broker) uses() (front, back engines.Use) {
	front, back = engines.Duplex, engines.Duplex
	if !b.Front.Kind.CanSend() {
		front = engines.RecvOnly
	}
	if !b.Back.Kind.CanRecv() {
		back = engines.SendOnly
	}
	return front, back
}

// publishes reports whether what comes to the back are subscriptions.
func (b *Broker) publishes() bool { return b.Back.Kind == engines.XPUB }

// handsUp reports whether the engine hands subscriptions up, so that they are
// passed on; else the front subscribes to everything.
func (b *Broker) handsUp() bool {
	front, back := b.uses()
	up, down := b.Front.Need(front), b.Back.Need(back)
	up.Subscriptions, down.Subscriptions = true, true
	return b.Front.Engine.Supports(up) == nil && b.Back.Engine.Supports(down) == nil
}

// Check is that of both sides.
func (b *Broker) Check() error {
	front, back := b.uses()
	if err := b.Front.Check(front); err != nil {
		return err
	}
	return b.Back.Check(back)
}

// Doubt is that of the side that has one.
func (b *Broker) Doubt() error {
	front, back := b.uses()
	if err := b.Front.Doubt(front); err != nil {
		return err
	}
	return b.Back.Doubt(back)
}

// Run passes messages on as they come, envelopes included.
func (b Broker) Run(ctx context.Context) (Summary, error) {
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	frontUse, backUse := b.uses()
	goesBack := backUse == engines.Duplex
	if b.publishes() && !b.handsUp() {
		b.Front.Options.Subscribe = [][]byte{{}}
		goesBack = false
	}
	front, bound, err := b.Front.open(opened, frontUse)
	if err != nil {
		return Summary{}, err
	}
	back, more, err := b.Back.open(opened, backUse)
	if err != nil {
		closeAll(front)
		return Summary{}, err
	}
	s := newService(append(front, back...), append(bound, more...), 1)
	var returned meter
	s.loops.Go(func() { s.pass(front[0], back[0], s.meters[0]) })
	if goesBack {
		s.loops.Go(func() { s.pass(back[0], front[0], &returned) })
	}
	sum, err := s.attend(ctx, b.Front.Until)
	sum.Back = returned.messages.Load()
	return sum, err
}

func (s *service) pass(from, to engines.Socket, count *meter) {
	ms := make([]*engines.Msg, burst)
	for {
		n, err := from.Recv(ms)
		if err != nil {
			if !s.goOn(err) {
				return
			}
			continue
		}
		var passed, bytes uint64
		for _, m := range ms[:n] {
			length := size(m)
			if err := to.Send(m); err != nil {
				engines.Release([]*engines.Msg{m})
				s.goOn(err)
				continue
			}
			passed++
			bytes += length
		}
		passed, bytes = s.leave(to, passed, bytes)
		count.add(passed, bytes, load.Now())
	}
}
