package drivers

import (
	"errors"

	"zbench/engines"
)

// errLoadOver means that there is no other message to send.
var errLoadOver = errors.New("the load is over")

// closed is the loop without a schedule: max (as fast as it goes) and window (a
// message for each reply).
func (c *client) closed(now int64) (next int64, did bool) {
	c.endBlocked(now)
	for until := now + turnNS; !c.stop.Load() && now < c.run.end; {
		if c.windowed && c.room(c.sent) == 0 {
			c.rest()
			return c.run.end, did
		}
		began := now
		var err error
		if c.served > 1 {
			err = c.sendSeveral(c.served, now)
			now = c.clock()
		} else {
			now, err = c.sendNow(now)
		}
		did = did || c.n > 0
		c.served = serves(now-began, max(c.n, 1))
		c.commit(now - began)
		switch {
		case err == engines.ErrWait:
			c.rest()
			c.beginBlocked()
			return c.run.end, did
		case err == errLoadOver, err != nil && !c.sendFailed(err):
			c.rest()
			c.conclude()
			return never, true
		case now > until:
			return now, true
		}
	}
	c.rest()
	c.conclude()
	return never, true
}

// sendNow sends one message and returns when, which is the only reading of the
// clock that it takes: the time since the last one is that of its Send and of
// this one's Alloc.
func (c *client) sendNow(now int64) (sent int64, err error) {
	if !c.another() {
		return now, errLoadOver
	}
	flow, size := c.next()
	m, err := c.alloc(flow, size)
	if sent = c.clock(); sent >= c.run.end {
		return sent, errLoadOver // it waited for too long, and is abandoned
	}
	if err == nil {
		err = c.dispatch(m, flow, sent, sent, 0)
	}
	if err = c.unturn(err); err == engines.ErrWait {
		return sent, err
	}
	c.pending = false
	if err != nil {
		return sent, err
	}
	c.due(max(sent, c.start.Load())) // without a schedule nothing is due but what went
	c.add(flow, sent, sent, -1, 1)
	return sent, nil
}

// another reports whether there is another message to send; without a schedule
// all are due at once.
func (c *client) another() bool {
	if !c.pending {
		_, c.pending = c.arrivals.Next()
	}
	return c.pending
}

// sendSeveral sends up to n messages that the clock reading now serves, fewer
// where a window closes.
func (c *client) sendSeveral(n int, now int64) error {
	due := max(now, c.start.Load())
	if c.windowed {
		n = int(min(uint64(n), c.room(c.sent)))
	}
	if c.alike {
		return c.sendAlike(n, now, due)
	}
	for range n {
		if !c.another() {
			return errLoadOver
		}
		before := c.sent
		err := c.sendOne(now, now, -1, false)
		if err == engines.ErrWait {
			return err
		}
		c.pending = false
		if err != nil {
			return err
		}
		c.dueAgain(due, c.sent-before)
	}
	return nil
}

// sendAlike is sendSeveral for messages that differ in nothing but their
// sequence: what they share is done once.
func (c *client) sendAlike(n int, now, due int64) (err error) {
	head, seq, size := stampHead(c.plan.run, c.flags|c.base), c.seq[0], c.sizes.mix[0].Bytes
	sent := uint64(0)
	for range n {
		if !c.another() {
			err = errLoadOver
			break
		}
		var m *engines.Msg
		if m, err = c.sock.Alloc(nil, size); err != nil {
			break
		}
		putStamp(m.Body(), head, seq+sent, 0, now, now)
		if c.asks != nil {
			c.asks.push(now, now, now, -1)
		}
		if err = c.sock.Send(m); err != nil {
			if c.asks != nil {
				c.asks.retract()
			}
			engines.Release([]*engines.Msg{m})
			break
		}
		c.pending = false
		sent++
	}
	c.seq[0] += sent
	c.sent += sent
	c.dueAgain(due, sent)
	if sent > 0 {
		c.add(0, now, now, -1, sent)
	}
	return err
}
