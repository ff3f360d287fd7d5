package drivers

import (
	"zbench/drivers/load"
	"zbench/engines"
)

// rush is the loop without a schedule: max (as fast as it goes) and window (a
// message per reply).
func (c *client) rush() {
	now, _ := c.pacer.Wait(c.start.Load())
	for c.fire(now) && c.awaitCredit(c.sent) {
		now = load.Now()
	}
}

// fire sends as long as it may; false: this client has sent its last.
func (c *client) fire(now int64) bool {
	for !c.stop.Load() && now < c.run.end {
		if c.windowed && !c.room(c.sent) {
			c.rest()
			return true
		}
		var more bool
		began := now
		if c.served > 1 {
			more = c.volley(c.served, now)
			now = load.Now()
		} else {
			now, more = c.single(now)
		}
		c.served = serves(now-began, c.n)
		c.commit(now - began)
		if !more {
			break
		}
	}
	c.rest()
	return false
}

// single sends one message and returns when, which is the only reading of the
// clock that it takes: the time since the last one is that of its Send and of
// this one's Alloc. false: there is no other to send.
func (c *client) single(now int64) (sent int64, more bool) {
	if _, more = c.arrivals.Next(); !more {
		return now, false
	}
	flow, size := c.next()
	m, err := c.alloc(flow, size)
	if sent = load.Now(); sent >= c.run.end {
		return sent, false // it waited for too long, and is abandoned
	}
	if err == nil {
		err = c.dispatch(m, flow, sent, sent)
	}
	if err != nil {
		return sent, c.sendFailed(err)
	}
	c.due(max(sent, c.start.Load())) // without a schedule nothing is due but what went
	c.add(flow, sent, sent, -1, 1)
	return sent, true
}

// volley sends up to n messages that the clock reading now serves, fewer where
// a window closes; false: there is no other to send.
func (c *client) volley(n int, now int64) bool {
	due := max(now, c.start.Load())
	if c.alike {
		return c.salvo(n, now, due)
	}
	for range n {
		if c.windowed && !c.room(c.sent) {
			return true
		}
		if _, more := c.arrivals.Next(); !more {
			return false
		}
		before := c.sent
		if !c.shoot(now, now, -1, false) {
			return false
		}
		c.dueAgain(due, c.sent-before)
	}
	return true
}

// salvo is volley for messages that differ in nothing but their sequence: what
// they share is done once.
func (c *client) salvo(n int, now, due int64) (more bool) {
	if c.windowed {
		n = int(min(uint64(n), c.replies.Load()+c.window-c.sent))
	}
	head, seq, size := stampHead(c.plan.run, c.flags|c.base), c.seq[0], c.sizes.mix[0].Bytes
	var err error
	sent := uint64(0)
	for range n {
		if _, more = c.arrivals.Next(); !more {
			break
		}
		var m *engines.Msg
		if m, err = c.sock.Alloc(nil, size); err != nil {
			break
		}
		putStamp(m.Body(), head, seq+sent, 0, now, now)
		if c.asks != nil {
			c.asks.push(now, now, now)
		}
		if err = c.sock.Send(m); err != nil {
			if c.asks != nil {
				c.asks.retract()
			}
			engines.Release([]*engines.Msg{m})
			break
		}
		sent++
	}
	c.seq[0] += sent
	c.sent += sent
	c.dueAgain(due, sent)
	if sent > 0 {
		c.add(0, now, now, -1, sent)
	}
	if err != nil {
		return c.sendFailed(err)
	}
	return more
}
