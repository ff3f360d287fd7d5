package drivers

import (
	"zbench/engines"
)

// mostPerStep is how many messages a step sends before replies get their turn.
const mostPerStep = 256

// open is the open loop: each message goes out when it is due, whatever comes
// back. One that is late goes out at once and keeps its due time.
func (c *client) open(now int64) (next int64, did bool) {
	c.endBlocked(now)
	for n, total := 1, 0; !c.stop.Load(); total++ {
		if !c.upcoming() {
			break
		}
		if c.nextDue > now || total >= mostPerStep {
			if total > 0 {
				c.rest()
			}
			return c.nextDue, total > 0
		}
		ready := max(c.nextDue, c.free)
		err := c.sendOne(c.nextDue, now, now-ready, n == 1)
		if err == engines.ErrWait {
			c.rest()
			c.beginBlocked()
			return never, total > 0
		}
		c.due(c.nextDue)
		c.pending = false
		if err != nil && !c.sendFailed(err) {
			break
		}
		c.free = ready
		if c.n >= n || n == 1 {
			after := c.clock()
			n = serves(after-now, max(c.n, 1))
			c.commit(after - now)
			c.free += after - now
			now = after
		}
	}
	c.rest()
	c.conclude()
	return now, true
}

// upcoming sees to it that the due time of the next message is known; false:
// there is none.
func (c *client) upcoming() bool {
	if c.pending {
		return true
	}
	offset, ok := c.arrivals.Next()
	c.nextDue, c.pending = c.start.Load()+int64(offset), ok
	return ok
}

// sendOne sends the message that was due at the time due. Precise takes a clock
// reading of its own for when that was.
func (c *client) sendOne(due, now, lag int64, precise bool) error {
	flow, size := c.next()
	m, err := c.alloc(flow, size)
	if err != nil {
		return c.unturn(err)
	}
	sent := now
	if precise {
		sent = c.clock()
	}
	if err = c.dispatch(m, flow, due, sent, lag); err != nil {
		return c.unturn(err)
	}
	c.add(flow, due, sent, lag, 1)
	return nil
}

// unturn takes back that it was a flow's turn, where its message is still to be
// sent.
func (c *client) unturn(err error) error {
	if err == engines.ErrWait {
		c.again = true
	}
	return err
}

// sendFailed counts a message that was not sent; false: no other can be.
func (c *client) sendFailed(err error) bool {
	return c.goOn(err) && c.bear(err)
}
