package services

import (
	"context"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
)

// burst is the most messages that one Recv brings.
const burst = 256

// EchoUse is how an echo uses its sockets.
const EchoUse = engines.Turns

// Echo sends every message back as it came, envelope included, each socket in
// turn after the delay and stall of d and st. It counts what it sent.
func Echo(ctx context.Context, set Setup, d drivers.Delay, st drivers.Stall) (Summary, error) {
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	socks, bound, err := set.open(opened, EchoUse)
	if err != nil {
		return Summary{}, err
	}
	s := newService(socks, bound, len(socks))
	slow := drivers.NewSlow(len(socks), d, st, 1, &s.stop)
	for i, sock := range socks {
		s.loops.Go(func() { s.echo(sock, s.meters[i], slow[i]) })
	}
	return s.attend(ctx, set.Until)
}

func (s *service) echo(sock engines.Socket, count *meter, slow *drivers.Slow) {
	ms := make([]*engines.Msg, burst)
	for {
		n, err := sock.Recv(ms)
		if err != nil {
			if !s.goOn(err) {
				return
			}
			continue
		}
		var sent, bytes uint64
		for _, m := range ms[:n] {
			slow.Take(m.Body(), sock.Flush)
			length := size(m) // it is the socket's once it is sent
			if err := sock.Send(m); err != nil {
				engines.Release([]*engines.Msg{m})
				s.goOn(err)
				continue
			}
			sent++
			bytes += length
		}
		sent, bytes = s.leave(sock, sent, bytes)
		count.add(sent, bytes, load.Now())
	}
}
