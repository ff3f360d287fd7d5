package drivers

import (
	"errors"
	"sync/atomic"
	"time"

	"zbench/engines"
	"zbench/results"
)

// exchange is a REQ's request under way.
type exchange struct {
	asked     bool         // it has gone, and its reply has not come
	behind    int64        // ns that the client has lost by standing still
	reopenAt  int64        // when the next try is to be
	reopening bool         // the socket was given up, and another one takes its place
	awaited   atomic.Int64 // clock reading since when its reply is; 0: none is
	abandoned atomic.Int64 // awaited of a request that is to be given up
	waits     bool         // the host's receive waits; it ends when the socket is closed
}

var (
	// errOutOfStep means that a REQ has got the reply to another request. Its own
	// would be taken for that of the next, so the socket is of no more use.
	errOutOfStep = errors.New("the reply is that of an earlier request")
	errNoReply   = errors.New("no reply came in time")
)

// reopenEvery is how long to wait before a socket is opened anew once more.
const reopenEvery = 100 * time.Millisecond

// lockstep is the loop of a REQ: the next request leaves when the reply has
// come, with a schedule not before it is due.
func (c *client) lockstep(now int64) (next int64, did bool) {
	if since := c.awaited.Load(); c.asked && since != 0 && c.abandoned.Load() == since {
		c.giveUp(errNoReply, false)
	}
	if c.asked {
		return never, false
	}
	scheduled := c.Cell.Loop.Scheduled()
	if c.stop.Load() || !scheduled && now >= c.run.end || !c.reopening && !c.upcoming() {
		c.conclude()
		return never, true
	}
	if c.reopening {
		if now < c.reopenAt {
			return c.reopenAt, false
		}
		if err := c.reopen(); err != nil {
			c.countError(err)
			c.reopenAt = c.clock() + int64(reopenEvery)
			return c.reopenAt, true
		}
		c.reopening = false
		now = c.clock()
		c.free, c.behind = now, 0
		if !c.upcoming() {
			c.conclude()
			return never, true
		}
	}
	c.endBlocked(now)
	if scheduled && c.nextDue > now {
		return c.nextDue, did
	}
	c.request(now)
	if !c.asked && c.blocked == 0 {
		return c.clock(), true // it failed: the next one
	}
	return never, true
}

// request sends one and records it; the reply may never come.
func (c *client) request(now int64) {
	due, lag := c.nextDue, c.lag(now)
	flow, size := c.next()
	c.awaited.Store(now)
	m, err := c.alloc(flow, size)
	sent := c.clock()
	if !c.Cell.Loop.Scheduled() {
		due, lag = sent, -1
	}
	if err == nil {
		err = c.dispatch(m, flow, due, sent, lag)
	}
	if c.unturn(err) == engines.ErrWait {
		c.awaited.Store(0)
		c.beginBlocked()
		return
	}
	c.due(due)
	c.pending = false
	if err == nil {
		if err = c.sock.Flush(); err == engines.ErrWait {
			c.unflushed, err = true, nil
			c.beginBlocked()
		} else if err != nil {
			c.seq[flow]-- // it has not left; the next one takes its place
			c.sent--
		}
	}
	after := c.clock()
	if err == nil && c.asks != nil {
		c.asks.push(due, sent, leftAt(sent, after), lag)
	}
	c.rec.Begin()
	if err == nil {
		c.rec.RecordSend(c.account(flow), due, sent, lag)
	}
	if blocked := after - now - freeNS; blocked > 0 {
		c.rec.RecordBlocked(blocked)
	}
	c.rec.End()
	if c.asked = err == nil; err != nil {
		c.fail(err)
	}
}

// leftAt is when a request left that was stamped and then flushed: one that had
// to wait for its peer left late, and its time for a reply begins there.
func leftAt(sent, flushed int64) int64 {
	if flushed-sent > int64(time.Millisecond) {
		return flushed
	}
	return sent
}

// stoodStillNS is more than the work of a client, or one wake-up, takes.
const stoodStillNS = 500_000

// lag is how much later a request leaves than it could have, had the client never
// stood still: then it would have asked sooner, and heard and asked again sooner.
func (c *client) lag(now int64) int64 {
	lag := now - max(c.nextDue, c.free-c.behind)
	c.behind = lag
	if woke := now - max(c.nextDue, c.free); woke < stoodStillNS {
		c.behind -= woke
	}
	return lag
}

// reply records the answer to the request under way, or what is none, which was
// read late by so many ns.
func (c *client) reply(rec *results.Recorder, m *engines.Msg, now, late int64) {
	since := c.awaited.Load()
	c.awaited.Store(0)
	if late = min(late, now-since); late >= stoodStillNS {
		c.behind += late
	}
	c.free = now
	if c.asks != nil {
		c.asked = false
		if err := c.replyOfService(rec, m, now); err != nil {
			c.giveUp(err, false)
		}
		return
	}
	rec.Begin()
	st, ofLoad := c.replies.take(rec, m, now)
	rec.End()
	stale := st.run != 0 && st.seq+1 != c.seq[st.flow-c.base]
	c.asked = !ofLoad || stale
}

// replyOfService records somebody else's reply, which ends the turn of a REQ
// whatever it is: where it does not belong to the request, no other will.
func (c *client) replyOfService(rec *results.Recorder, m *engines.Msg, now int64) error {
	rec.Begin()
	defer rec.End()
	c.asks.mu.Lock()
	defer c.asks.mu.Unlock()
	switch c.takeReply(&c.replies.view, rec, m, now) {
	case fitting:
		return nil
	case again, belated:
		return errOutOfStep
	}
	c.asks.cut(c.asks.tail.Load(), c.matching != byStamp, c.lose)
	return nil
}

// fail goes on after a request that could not be sent.
func (c *client) fail(err error) {
	c.awaited.Store(0)
	c.reopening = true
	if !c.stop.Load() && !c.closing.Load() {
		c.countError(err)
	}
}

// giveUp goes on after a request that nobody will answer: a REQ is then of no
// more use. gone says that its peer has.
func (c *client) giveUp(err error, gone bool) {
	c.asked = false
	if c.asks != nil && !c.closing.Load() {
		c.awaited.Store(0)
		c.reopening = true
		c.unanswered(gone)
		return
	}
	c.fail(err)
}

func (c *client) countError(err error) {
	c.errors.Add(1)
	c.bear(err)
}
