package zmtp

import (
	"errors"
	"fmt"
	"os"

	"zbench/engines"
)

// recv waits for messages from any peer.
func (c *core) recv(ms []*engines.Msg) (int, error) {
	if len(ms) == 0 {
		return 0, nil
	}
	if c.set.Host != nil {
		return c.recvHosted(ms)
	}
	q := &c.in
	for !c.closed.Load() {
		if r := q.direct.Load(); r != nil {
			if n := q.read(r, ms); n > 0 {
				return n, nil
			}
			continue
		}
		if n := q.take(ms); n > 0 {
			return n, nil
		}
		if c.set.Use == engines.Turns {
			c.flushAll()
		}
		if c.giveUp != nil {
			if err := c.giveUp(); err != nil {
				q.stayAwake()
				return 0, err
			}
		}
		<-q.wake
	}
	return 0, c.errClosed("receive")
}

// recvNow takes what has come, and does not wait.
func (c *core) recvNow(ms []*engines.Msg) int {
	if c.set.Host != nil {
		for _, p := range c.list() {
			if p.wire != nil {
				p.wire.hosted.readable = true
				c.listReadable(p.wire)
			}
		}
		n, _ := c.recvHosted(ms) // nothing comes of one that has closed
		return n
	}
	if r := c.in.direct.Load(); r != nil {
		r.wire.io.hasty = true
		n := c.in.read(r, ms)
		r.wire.io.hasty = false
		return n
	}
	return c.in.takeNow(ms, false)
}

// read receives straight from the only connection. At zero somebody else must
// be asked: the connection ended, or is the only one no longer. In haste it was
// that, or nothing has come.
func (q *inbox) read(r *reader, ms []*engines.Msg) int {
	b := q.b
	switch {
	case b == nil:
		b = r.pools.newBurst(r.wire.peer)
	case b.from == r.wire.peer && b.idle():
		b.reset()
	default:
		b.letGo()
		b = r.pools.newBurst(r.wire.peer)
	}
	q.b = b
	flushed := q.core.set.Use != engines.Turns || r.wire.io.hasty
	for {
		err := r.parse(b, len(ms))
		if b.n > 0 {
			b.out.Add(int32(b.n))
			for i := range b.n {
				ms[i] = &b.msgs[i]
			}
			if err != nil {
				r.wire.fail(err)
			}
			return b.n
		}
		if err == nil && !flushed {
			q.core.flushAll()
			flushed = true
		}
		if err == nil {
			err = r.fill()
		}
		if errors.Is(err, errNothingYet) {
			return 0
		}
		if errors.Is(err, os.ErrDeadlineExceeded) && q.direct.Load() != r {
			return 0
		}
		if err != nil {
			r.wire.fail(err)
			return 0
		}
	}
}

// pump reads a connection on a goroutine of its own.
func (w *wire) pump() {
	r := &w.reader
	defer r.close()
	for {
		b := r.pools.newBurst(w.peer)
		err := r.parse(b, burstMsgs)
		for b.n == 0 && err == nil {
			if err = r.fill(); err == nil {
				err = r.parse(b, burstMsgs)
			}
		}
		if b.n > 0 {
			w.core.intake(w.peer, b)
		}
		b.letGo()
		if err != nil {
			w.fail(err)
			return
		}
	}
}

// admit is the intake of sockets that receive.
func (c *core) admit(p *peer, b *burst) {
	b.out.Add(int32(b.n))
	c.in.put(p, b, 0, b.n)
	c.in.waitRoom(p)
}

// discard is the intake of sockets that only send.
func (c *core) discard(*peer, *burst) {}

func (c *core) errClosed(operation string) error {
	return fmt.Errorf("%s on %v: %w", operation, c.set.kind, engines.ErrClosed)
}
