package drivers

import (
	"math"

	"zbench/drivers/load"
)

// asap is the due time of a message that is due when it goes out.
const asap = math.MinInt64

// rush is the loop without a schedule: max (as fast as it goes) and window (a
// message per reply).
func (c *client) rush() {
	now, _ := c.pacer.Wait(c.start.Load())
	n := 1
	for !c.stop.Load() && now < c.run.end {
		if c.windowed && !c.room(c.sent) {
			c.rest()
			if !c.awaitCredit(c.sent) {
				return
			}
			now = load.Now()
			continue
		}
		more := c.volley(n, now)
		after := load.Now()
		n = serves(after-now, c.n)
		c.commit(after - now)
		now = after
		if !more {
			break
		}
	}
	c.rest()
}

// volley sends up to n messages that the clock reading now serves, fewer where
// a window closes; false: there is no other to send.
func (c *client) volley(n int, now int64) bool {
	due := max(now, c.start.Load())
	for range n {
		if c.windowed && !c.room(c.sent) {
			return true
		}
		if _, more := c.arrivals.Next(); !more {
			return false
		}
		c.due(due)
		if !c.shoot(asap, now, -1, n == 1) {
			return false
		}
	}
	return true
}
