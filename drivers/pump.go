package drivers

import "zbench/drivers/load"

// batchSize is how many messages one clock reading may serve.
const batchSize = 16

// coarseNS is the time per message up to which a reading serves a batch, so
// that it is at most about 2 µs old; a slower loop reads the clock for every
// message.
const coarseNS = 128

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

func (b *batch) add(flow int, due, sent, lag int64) {
	b.n++
	if b.entries > 0 {
		if last := &b.sends[b.entries-1]; last.due == due && last.sent == sent && last.flow == flow && last.lag == lag {
			last.n++
			return
		}
	}
	b.sends[b.entries] = send{flow, due, sent, lag, 1}
	b.entries++
}

// pump is the loop that does not wait for replies: open (each message when it
// is due), max (as fast as it goes) and window (a message per reply). One that
// is late goes out at once and keeps its due time.
func (c *client) pump() {
	scheduled := c.Cell.Loop.Scheduled()
	start := c.start.Load()
	now, _ := c.pacer.Wait(start)
	returned, precise := start, true
	for !c.stop.Load() && (scheduled || now < c.run.end) {
		offset, ok := c.arrivals.Next()
		if !ok {
			break
		}
		due := start + int64(offset)
		switch {
		case scheduled && due > now:
			c.rest()
			if now, ok = c.pacer.Wait(due); !ok && now < due {
				return // stopped before the message was due
			}
			precise = true
		case c.windowed && !c.room(c.sent):
			c.rest()
			if !c.awaitCredit(c.sent) {
				return
			}
			if now = load.Now(); now >= c.run.end {
				return
			}
		}
		if !scheduled {
			due = max(now, start)
		}
		c.due(due)
		lag := int64(-1)
		if scheduled {
			lag = now - max(due, returned)
		}
		if !c.shoot(due, now, lag, precise) {
			c.commit(load.Now() - now)
			return
		}
		returned = now
		if precise || c.n == batchSize {
			after := load.Now()
			precise = after-now > coarseNS*int64(max(c.n, 1))
			c.commit(after - now)
			now, returned = after, after
		}
	}
	c.rest()
}

// shoot sends one message; false: the socket is closed.
func (c *client) shoot(due, now, lag int64, precise bool) bool {
	flow, size := c.nextFlow(), c.sizes.next()
	m, err := c.alloc(flow, size)
	sent := now
	if precise {
		sent = load.Now()
	}
	if !c.Cell.Loop.Scheduled() {
		due = sent
	}
	if err == nil {
		err = c.dispatch(m, flow, due, sent)
	}
	if err != nil {
		return c.sendFailed(err)
	}
	c.add(flow, due, sent, lag)
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

// rest passes on and records everything before a wait.
func (c *client) rest() {
	c.commit(0)
	before := load.Now()
	if err := c.sock.Flush(); err != nil {
		c.goOn(err)
	}
	if took := load.Now() - before; took > freeNS {
		c.rec.Begin()
		c.rec.RecordBlocked(took)
		c.rec.End()
	}
}
