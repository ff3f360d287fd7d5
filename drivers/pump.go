package drivers

import "zbench/drivers/load"

// batchSize is how many messages one clock reading may serve, and staleNS how
// old it may grow by what is known when it is made.
const (
	batchSize = 32
	staleNS   = 2048
)

// serves is how many messages the next clock reading serves, where the latest
// n took so long.
func serves(took int64, n int) int {
	return int(min(max(staleNS*int64(n)/max(took, 1), 1), batchSize))
}

// freeNS is the time of a send that counts as work, not as being blocked.
const freeNS = 1000

// batch holds the sends that are not recorded yet, so that no recorder is held
// while a socket blocks.
type batch struct {
	sends   [batchSize]send
	entries int
	n       int // messages in all entries
}

// send is one message, or several that differ in nothing.
type send struct {
	flow           int
	due, sent, lag int64
	n              uint64
}

// add takes n messages.
func (b *batch) add(flow int, due, sent, lag int64, n uint64) {
	b.n += int(n)
	if b.entries > 0 {
		if last := &b.sends[b.entries-1]; last.due == due && last.sent == sent && last.flow == flow && last.lag == lag {
			last.n += n
			return
		}
	}
	b.sends[b.entries] = send{flow, due, sent, lag, n}
	b.entries++
}

// pump is the open loop: each message goes out when it is due. One that is
// late goes out at once and keeps its due time.
func (c *client) pump() {
	start := c.start.Load()
	now, _ := c.pacer.Wait(start)
	returned, n := start, 1
	for !c.stop.Load() {
		offset, ok := c.arrivals.Next()
		if !ok {
			break
		}
		due := start + int64(offset)
		if due > now {
			returned = c.rest()
			if now, ok = c.pacer.Wait(due); !ok && now < due {
				return // stopped before the message was due
			}
			n = 1
		}
		c.due(due)
		lag := now - max(due, returned)
		if !c.shoot(due, now, lag, n == 1) {
			c.commit(load.Now() - now)
			return
		}
		returned = now
		if c.n >= n || n == 1 {
			after := load.Now()
			n = serves(after-now, c.n)
			c.commit(after - now)
			now, returned = after, after
		}
	}
	c.rest()
}

// shoot sends one message that was due at the time due; false: the socket is
// closed.
func (c *client) shoot(due, now, lag int64, precise bool) bool {
	flow, size := c.next()
	m, err := c.alloc(flow, size)
	sent := now
	if precise {
		sent = load.Now()
	}
	if err == nil {
		err = c.dispatch(m, flow, due, sent)
	}
	if err != nil {
		return c.sendFailed(err)
	}
	c.add(flow, due, sent, lag, 1)
	return true
}

// sendFailed counts a message that was not sent; false: no other can be.
func (c *client) sendFailed(err error) bool {
	return c.goOn(err) && c.bear(err)
}

// commit records the batch and the time that its sends were blocked, of the
// time that they took.
func (c *client) commit(took int64) {
	took -= freeNS * int64(c.n)
	c.rec.Begin()
	for i := range c.sends[:c.entries] {
		s := &c.sends[i]
		c.rec.RecordSends(c.account(s.flow), s.n, s.due, s.sent, s.lag)
	}
	if took > 0 {
		c.rec.RecordBlocked(took)
	}
	c.rec.End()
	c.n, c.entries = 0, 0
}

// rest passes on and records everything before a wait, and returns when that
// was done.
func (c *client) rest() int64 {
	c.commit(0)
	before := load.Now()
	if err := c.sock.Flush(); err != nil {
		c.goOn(err)
	}
	after := load.Now()
	if took := after - before; took > freeNS {
		c.rec.Begin()
		c.rec.RecordBlocked(took)
		c.rec.End()
	}
	return after
}
