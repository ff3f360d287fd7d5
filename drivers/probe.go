package drivers

import (
	"errors"
	"time"

	"zbench/engines"
)

// probeInTurn sends probes and waits for each reply until every path is open.
func (c *client) probeInTurn() error {
	view := newView(c.run, roleLoad)
	ms := make([]*engines.Msg, 1)
	for !c.barrier.clientOpen(c.index) && !c.stop.Load() {
		if err := c.sendProbe(0); err != nil {
			return c.whileOpen(err)
		}
		if err := c.sock.Flush(); err != nil {
			return c.whileOpen(err)
		}
		n, err := c.sock.Recv(ms)
		if err != nil {
			return c.whileOpen(err)
		}
		if n > 0 {
			view.take(nil, ms[0], 0)
			engines.Release(ms[:n])
		}
	}
	return nil
}

// whileOpen is err, or nil where the run has ended and closed the socket.
func (c *client) whileOpen(err error) error {
	if c.stop.Load() && errors.Is(err, engines.ErrClosed) {
		return nil
	}
	return err
}

const (
	probeInterval = 5 * time.Millisecond
	subscribeTime = 500 * time.Millisecond
)

// probe sends probes until every path of this client is open. Its receiver,
// or the peers', sees them come through.
func (c *client) probe() error {
	for !c.barrier.clientOpen(c.index) && !c.stop.Load() {
		for range max(c.flowsEach, c.Cell.Middles, c.probesEach()) {
			err := c.sendProbe(c.nextFlow())
			if err != nil && !errors.Is(err, engines.ErrNoRoute) {
				return c.whileOpen(err)
			}
		}
		if err := c.sock.Flush(); err != nil {
			return c.whileOpen(err)
		}
		time.Sleep(probeInterval)
	}
	c.flow = 0
	return nil
}

// attended reports whether the peers of somebody else are there, as far as
// anybody can tell after that time: an engine that does not know its peers
// gives subscribers subscribeTime, for nothing comes back from them that would
// say so.
func (c *client) attended(waited time.Duration) bool {
	if !c.external() {
		return true
	}
	if c.asks != nil {
		return c.ready.Load()
	}
	if _, ok := c.socket().(engines.Attended); ok {
		return c.joined()
	}
	return !c.fanOut || waited >= subscribeTime
}

// tellEnd tells a sink of another process that a flow is over.
func (c *client) tellEnd() {
	for flow := range c.flowsEach {
		for range c.probesEach() {
			if c.sendControl(flow, flagEnd) != nil {
				return
			}
		}
	}
	c.sock.Flush()
}

// probesEach is how many probes reach every peer of a socket that takes its
// connections in turn.
func (c *client) probesEach() int {
	if c.addressed || c.fanOut {
		return 1
	}
	return c.end.need.Peers
}

func (c *client) sendProbe(flow int) error { return c.sendControl(flow, flagProbe) }

// usualSize is that of a body, and room for a stamp: some peers take no other.
func (c *client) usualSize() int { return max(StampSize, c.sizes.mix[0].Bytes) }

// sendControl sends a message that is none of the load's.
func (c *client) sendControl(flow int, flag uint32) error {
	if c.template != nil {
		return c.sendPlain(flow, flag)
	}
	m, err := c.alloc(flow, c.usualSize())
	if err != nil {
		return err
	}
	s := stamp{run: c.plan.run, flags: flag, flow: c.base + uint32(flow), seq: c.seq[flow]}
	s.put(m.Body())
	if err := c.sock.Send(m); err != nil {
		engines.Release([]*engines.Msg{m})
		return err
	}
	return nil
}
