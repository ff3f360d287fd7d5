package drivers

import (
	"zbench/engines"
)

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

// batch holds the sends that are not recorded yet.
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

// freeNS is the time of a send that counts as work, not as being blocked.
const freeNS = 1000

// commit records the batch and the time that its sends were blocked, of the
// time that they took.
func (c *client) commit(took int64) {
	took -= freeNS * int64(c.n)
	if c.entries == 0 && took <= 0 {
		return
	}
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
	before := c.clock()
	c.flush()
	took := c.clock() - before
	c.free += took
	if took > freeNS {
		c.rec.Begin()
		c.rec.RecordBlocked(took)
		c.rec.End()
	}
}

// flush passes on what was sent. What finds no room is tried again when the host
// says that there is some.
func (c *client) flush() {
	err := c.sock.Flush()
	if c.unflushed = err == engines.ErrWait; c.unflushed {
		c.beginBlocked()
	} else if err != nil {
		c.goOn(err)
	}
}

// beginBlocked notes that a send found no room.
func (c *client) beginBlocked() {
	if c.blocked == 0 && c.stage == loading {
		c.blocked = c.clock()
	}
}

// endBlocked ends what beginBlocked began: the time since then was spent waiting for
// room. It is no lateness of the client, which is as late as it was before.
func (c *client) endBlocked(now int64) {
	if c.blocked == 0 {
		return
	}
	c.rec.Begin()
	c.rec.RecordBlocked(now - c.blocked)
	c.rec.End()
	late := max(c.blocked-max(c.free, c.nextDue), 0)
	c.blocked, c.free = 0, max(c.free, now-late)
}
