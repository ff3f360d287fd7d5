package zmtp

import (
	"errors"

	"zbench/engines"
)

// hosted is what a hosted socket knows of one of its connections. The host's
// thread alone uses it.
type hosted struct {
	listed   bool // it is among core.readable
	readable bool // the kernel may have bytes of it
	ended    bool // the other side sends no more: read to the end
}

// Hosts implements engines.Hosted.
func (*Engine) Hosts() error { return hostable() }

// Threads implements engines.Hosted: there are none.
func (*Engine) Threads(engines.Options) int { return 0 }

// host has the socket's host wait for the connection of p.
func (c *core) host(p *peer) error {
	w := p.wire
	if c.set.Host == nil || w == nil {
		return nil
	}
	w.reads.Store(1)
	return w.io.with(func(fd int) error { return c.set.Host.Watch(fd, w) })
}

// Ready implements engines.Ready: what waits to be written is, and what has come
// is read when the socket is asked for it, or now where nobody asks.
func (w *wire) Ready(ended bool) {
	h := &w.hosted
	w.out.resume()
	h.readable = true
	h.ended = h.ended || ended
	if rows[w.core.set.kind].direct {
		w.core.listReadable(w)
	} else {
		w.drain()
	}
}

// listReadable adds a connection to those that the next Recv reads.
func (c *core) listReadable(w *wire) {
	if h := &w.hosted; !h.listed {
		h.listed = true
		c.readable = append(c.readable, w)
	}
}

// resume goes on writing where the kernel had no room.
func (o *outbox) resume() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.queue.parked {
		return
	}
	o.queue.parked = false
	if o.queue.kick(); !o.queue.parked {
		_ = o.wire.io.with(func(fd int) error { return o.wire.core.set.Host.WatchRoom(fd, false) }) // one that has ended is watched no more
	}
	o.wire.core.ring()
}

// once tries, having said that the host is to call again when there is room.
func (c *core) once(try func() bool) error {
	c.waiting.Store(true)
	if !try() {
		return engines.ErrWait
	}
	c.waiting.Store(false)
	return nil
}

// recvHosted takes what has come of the connections that are readable, in turn,
// and from sockets of this process.
func (c *core) recvHosted(ms []*engines.Msg) (int, error) {
	if c.closed.Load() {
		return 0, c.errClosed("receive")
	}
	for len(c.readable) > 0 {
		w := c.readable[0]
		copy(c.readable, c.readable[1:])
		c.readable = c.readable[:len(c.readable)-1]
		w.hosted.listed = false
		if n := c.in.readHosted(&w.reader, ms); n > 0 {
			c.listReadable(w) // there may be more
			return n, nil
		}
	}
	if n := c.in.takeHosted(ms); n > 0 {
		return n, nil
	}
	if c.giveUp != nil {
		if err := c.giveUp(); err != nil {
			return 0, err
		}
	}
	return 0, engines.ErrWait
}

// takeHosted is takeNow, without the lock where nothing was put since the queue
// was found empty.
func (q *inbox) takeHosted(ms []*engines.Msg) int {
	puts := q.puts.Load()
	if puts == q.emptied {
		return 0
	}
	n := q.takeNow(ms, false)
	if n < len(ms) {
		q.emptied = puts
	}
	return n
}

// readHosted receives what one connection has; 0: nothing whole any more.
func (q *inbox) readHosted(r *reader, ms []*engines.Msg) int {
	b := q.b
	if b != nil && b.idle() {
		b.reset()
		b.from = r.wire.peer
	} else {
		if b != nil {
			b.letGo()
		}
		b = r.pools.newBurst(r.wire.peer)
		q.b = b
	}
	for {
		err := r.parse(b, len(ms))
		if b.n > 0 {
			b.out.Add(int32(b.n))
			for i := range b.n {
				ms[i] = &b.msgs[i]
			}
		} else if err == nil && r.wire.hosted.readable {
			if err = r.readNow(); err == nil {
				continue
			}
		}
		if err != nil && !errors.Is(err, errNothingYet) {
			r.wire.hosted.readable = false
			r.wire.fail(err)
		}
		return b.n
	}
}

// readNow reads what is there and notes whether there may be more. After a read
// that did not fill its memory there is none, unless the other side has ended.
func (r *reader) readNow() error {
	err := r.fill()
	if h := &r.wire.hosted; errors.Is(err, errNothingYet) || r.wire.io.short && !h.ended {
		h.readable = false
	}
	return err
}

// drain reads a connection of a socket that is not asked for what comes: what a
// publisher is told, or what nobody wants.
func (w *wire) drain() {
	r := &w.reader
	for !w.ended.Load() {
		b := r.pools.newBurst(w.peer)
		err := r.parse(b, burstMsgs)
		if b.n > 0 {
			w.core.intake(w.peer, b)
		} else if err == nil && w.hosted.readable {
			err = r.readNow()
		} else if err == nil {
			err = errNothingYet
		}
		b.letGo()
		switch {
		case errors.Is(err, errNothingYet):
			return
		case err != nil:
			w.fail(err)
			return
		}
	}
}
