package drivers

import (
	"errors"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
)

// lockstep is the loop of a REQ: the next request leaves when the reply has
// come, with a schedule not before it is due.
func (c *client) lockstep() {
	scheduled := c.Cell.Loop.Scheduled()
	start := c.start.Load()
	view := newView(c.run, roleLoad)
	view.owner = c.index
	view.learn()
	reply := make([]*engines.Msg, 1)
	now, _ := c.pacer.Wait(start)
	returned := start
	for !c.stop.Load() && (scheduled || now < c.run.end) {
		offset, ok := c.arrivals.Next()
		if !ok {
			return
		}
		due := now
		if scheduled {
			due = start + int64(offset)
			if now, ok = c.pacer.Wait(due); !ok && now < due {
				return
			}
		}
		c.due(due)
		lag := int64(-1)
		if scheduled {
			lag = now - max(due, returned)
		}
		err := c.request(due, now, lag)
		asked := err == nil
		if asked {
			err = c.reply(&view, reply)
		}
		now = load.Now()
		returned = now
		if err != nil {
			if !c.recover(err, asked) {
				return
			}
			now = load.Now()
			returned = now
		}
	}
}

// request sends one and records it; the reply may never come.
func (c *client) request(due, woke, lag int64) error {
	flow, size := c.next()
	c.waiting.Store(woke)
	m, err := c.alloc(flow, size)
	sent := load.Now()
	if !c.Cell.Loop.Scheduled() {
		due = sent
	}
	if err == nil {
		err = c.dispatch(m, flow, due, sent)
	}
	if err == nil {
		if err = c.sock.Flush(); err != nil {
			c.seq[flow]-- // it has not left; the next one takes its place
			c.sent--
		}
	}
	after := load.Now()
	if err == nil && c.asks != nil {
		c.asks.push(due, sent, leftAt(sent, after))
	}
	c.rec.Begin()
	if err == nil {
		c.rec.RecordSend(c.account(flow), due, sent, lag)
	}
	if blocked := after - woke - freeNS; blocked > 0 {
		c.rec.RecordBlocked(blocked)
	}
	c.rec.End()
	return err
}

// leftAt is when a request left that was stamped and then flushed: one that had
// to wait for its peer left late, and its time for a reply begins there.
func leftAt(sent, flushed int64) int64 {
	if flushed-sent > int64(time.Millisecond) {
		return flushed
	}
	return sent
}

// reply waits for the answer to the last request and records it.
func (c *client) reply(v *view, ms []*engines.Msg) error {
	for {
		n, err := c.sock.Recv(ms)
		now := load.Now()
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		c.waiting.Store(0)
		if c.asks != nil {
			err = c.replyOfService(v, ms[0], now)
			engines.Release(ms[:n])
			return err
		}
		c.rec.Begin()
		st, ofLoad := v.take(c.rec, ms[0], now)
		c.rec.End()
		engines.Release(ms[:n])
		if stale := st.run != 0 && st.seq+1 != c.seq[st.flow-c.base]; ofLoad && !stale {
			return nil
		}
	}
}

// errOutOfStep means that a REQ has got the reply to another request. Its own
// would be taken for that of the next, so the socket is of no more use.
var errOutOfStep = errors.New("the reply is that of an earlier request")

// replyOfService records somebody else's reply, which ends the turn of a REQ
// whatever it is: where it does not belong to the request, no other will.
func (c *client) replyOfService(v *view, m *engines.Msg, now int64) error {
	c.rec.Begin()
	defer c.rec.End()
	c.asks.mu.Lock()
	defer c.asks.mu.Unlock()
	switch c.takeReply(v, c.rec, m, now) {
	case fitting:
		return nil
	case again, belated:
		return errOutOfStep
	}
	c.asks.cut(c.asks.tail.Load(), c.matching != byStamp, c.lose)
	return nil
}

// recover goes on after a request that failed or, where it was asked, that
// nobody answered: a REQ is then of no more use and another one takes its place.
// False: the run ends.
func (c *client) recover(err error, asked bool) bool {
	if c.stop.Load() || c.closing.Load() {
		return false
	}
	c.waiting.Store(0)
	if asked && c.asks != nil {
		c.unanswered()
	} else if c.errors.Add(1); !c.bear(err) {
		return false
	}
	c.sock.Close()
	for !c.stop.Load() {
		err := c.reopen()
		if err == nil {
			break
		}
		if c.errors.Add(1); !c.bear(err) {
			return false
		}
		c.socket().Close()
		c.pacer.Wait(load.Now() + int64(reopenEvery))
	}
	return !c.stop.Load()
}

// reopenEvery is how long to wait before a socket is opened anew once more.
const reopenEvery = 100 * time.Millisecond
