package drivers

import (
	"cmp"
	"sync/atomic"
	"time"

	"zbench/engines"
)

// vigil watches whether the service of a client is alive. Its outages and what
// is not atomic are guarded by asks.mu.
type vigil struct {
	down    atomic.Int64 // clock reading since when the service is gone; 0: it is there
	back    atomic.Int64 // the first reply after that
	anew    atomic.Bool  // whatever comes now is a reply after that
	latest  atomic.Int64 // clock reading of the latest reply
	opened  atomic.Int64 // when the socket was opened anew, or closed for that, until it has joined
	outages []outage
	gone    int64   // since when there is no connection at all; 0: there is
	cutTo   uint64  // requests below went by connections that are gone
	silent  int64   // send time of the first request that timed out since the latest reply
	since   uint64  // how many have since then
	stood   bool    // the connections did, when the latest of them timed out
	lostAt  []int64 // send times of lost requests, where no connection tells of outages
}

// outage is a time without service, in clock readings.
type outage struct {
	died, back int64 // back is 0 where it never was
	from       int64 // send time of the first request that it can have cost
	lost       uint64
	uncounted  bool // what it cost cannot be known
	silence    bool // of all clients, so a reply to any ends it
	connected  bool // no connection went
}

const (
	// cutGrace is how long replies of a connection that went may take until
	// they were received; it is shorter than any reconnection takes.
	cutGrace = 20 * time.Millisecond
	// leastSilence without a reply is an outage, where a request timed out.
	leastSilence = time.Second
	// leastJoin is how long a socket that was opened anew may take to join.
	leastJoin = 250 * time.Millisecond

	// A service that comes back is to be found soon, but not before the
	// requests that its death cost are known.
	reconnectLeast = 50 * time.Millisecond
	reconnectMost  = 100 * time.Millisecond
)

// patient has a socket look for a service that went more often than its engine
// would, where it lets us.
func patient(e engines.Engine, n engines.Need) engines.Options {
	n.Options.ReconnectMin, n.Options.ReconnectMax = reconnectLeast, reconnectMost
	if e.Supports(n) != nil {
		n.Options.ReconnectMin, n.Options.ReconnectMax = 0, 0
	}
	return n.Options
}

// heard notes a reply to a request that was sent at that clock reading, 0 where
// that is not known. As long as a peer is missing, a reply of another one ends
// no outage.
func (c *client) heard(now, sent int64) {
	c.latest.Store(now)
	if died := c.down.Load(); died != 0 && c.back.Load() == 0 && (sent > died || c.anew.Load()) && c.joined() {
		c.back.Store(now)
	}
}

// mourn begins an outage; from is the first request that it can have cost, 0 for
// none.
func (v *vigil) mourn(died, from int64) {
	if from == 0 {
		from = died
	}
	v.outages = append(v.outages, outage{died: died, from: from})
	v.back.Store(0)
	v.down.Store(died)
}

// revive ends an outage that a reply has ended.
func (v *vigil) revive() {
	if back := v.back.Load(); v.down.Load() != 0 && back != 0 {
		v.outages[len(v.outages)-1].back = back
		v.down.Store(0)
		v.back.Store(0)
		v.anew.Store(false)
	}
}

// charge counts a request that stays without a reply for the outage that cost it.
// One that was just leaving when the outage was seen is known a moment later.
func (v *vigil) charge(sent int64) {
	for i := len(v.outages) - 1; i >= 0; i-- {
		if o := &v.outages[i]; sent >= o.from-int64(cutGrace) && (o.back == 0 || sent < o.back) {
			o.lost++
			return
		}
	}
}

// joined reports whether a client has as many peers as it is to load, as far as
// its engine knows.
func (c *client) joined() bool { return c.full(c.socket()) }

func (c *client) full(sock engines.Socket) bool {
	s, ok := sock.(engines.Attended)
	return !ok || s.Peers() >= c.end.need.Peers
}

// watch looks after the service of every client, or after their connections
// where nothing is answered. Those may go at the end.
func (r *run) watch(now int64, allSent bool) {
	if !r.foreign() {
		if r.external() && !allSent && now <= r.end {
			r.watchLinks(now)
		}
		return
	}
	latest := int64(0)
	for _, c := range r.clients {
		latest = max(latest, c.latest.Load())
	}
	r.noteGap(latest)
	expired := 0
	for _, c := range r.clients {
		c.broken(latest)
		expired += c.watch(now, latest, allSent)
	}
	if expired > 0 {
		r.listen(now, latest)
	}
}

// listen begins an outage where requests timed out and nobody has had a reply
// since they were sent. One request alone was lost.
func (r *run) listen(now, latest int64) {
	first, requests := now, uint64(0)
	for _, c := range r.clients {
		if c.silent > latest {
			first = min(first, c.silent)
			requests += c.since
		}
	}
	if now-first < int64(leastSilence) || requests < 2 {
		return
	}
	for _, c := range r.clients {
		c.asks.mu.Lock()
		if c.silent > latest && c.down.Load() == 0 {
			c.mourn(c.silent, c.silent)
			c.anew.Store(true)
			o := &c.outages[len(c.outages)-1]
			o.lost, o.silence, o.connected = c.since, true, c.stood
		}
		c.asks.mu.Unlock()
	}
}

// broken ends a silence that a reply to another client has broken.
func (c *client) broken(latest int64) {
	c.asks.mu.Lock()
	defer c.asks.mu.Unlock()
	if n := len(c.outages); c.down.Load() != 0 && c.outages[n-1].silence && latest > c.outages[n-1].died {
		c.back.CompareAndSwap(0, latest)
	}
}

// watch looks after the service of one client and returns how many of its
// requests timed out. Silence is one of all clients: latest is when any of them
// had a reply.
func (c *client) watch(now, latest int64, allSent bool) (expired int) {
	a, ordered, s := c.asks, c.matching != byStamp, c.socket()
	a.mu.Lock()
	c.revive()
	ended := c.attend(s, now, allSent)
	n := a.expire(now-int64(c.replyTimeout()), ordered, func(sent int64) {
		if c.silent == 0 || latest >= c.silent {
			c.silent, c.since = sent, 0
		}
		c.since++
		c.lose(sent)
	})
	c.timeouts += uint64(n)
	ended += n
	a.mu.Unlock()
	if n > 0 {
		_, knows := s.(engines.Attended)
		c.stood = knows && c.full(s)
	}
	switch {
	case n > 0 && c.inTurn():
		c.interrupt(c.awaited.Load())
	case ended > 0 && !c.inTurn():
		c.grant(ended)
	}
	return n
}

// attend looks at the connections and gives up the requests whose connection
// has gone; it returns how many. asks.mu is held.
func (c *client) attend(sock engines.Socket, now int64, allSent bool) (ended int) {
	s, ok := sock.(engines.Attended)
	if !ok {
		return 0
	}
	n, opened := s.Peers(), c.opened.Load()
	switch {
	case c.socket() != sock:
		return 0 // it was replaced meanwhile
	case n >= c.end.need.Peers:
		c.opened.CompareAndSwap(opened, 0)
		c.anew.Store(c.down.Load() != 0)
	case opened != 0 && now-opened < c.joinGrace():
		return 0
	case c.down.Load() == 0 && !((allSent || c.stop.Load()) && c.asks.oldest() == 0):
		c.mourn(cmp.Or(opened, now), c.asks.oldest())
	}
	if n == 0 && c.gone == 0 {
		c.gone, c.cutTo = now, c.asks.tail.Load()
	}
	switch {
	case c.gone == 0 || n == 0 && now-c.gone <= int64(cutGrace) || c.cutTo <= c.asks.head:
	case c.inTurn():
		c.interrupt(c.awaited.Load())
	default:
		ended = c.asks.cut(c.cutTo, c.matching != byStamp, c.lose)
	}
	if n > 0 {
		c.gone = 0
	}
	return ended
}

// joinGrace is how long, in ns, a socket that was opened anew may take to join;
// where it listens, that is up to the service.
func (c *client) joinGrace() int64 {
	if c.Cell.Listen == "load" {
		return int64(max(leastJoin, c.replyTimeout()))
	}
	return int64(leastJoin)
}

// unanswered gives up the request of a REQ that gets no reply any more.
// Where its peer has gone the socket may not have counted that yet.
func (c *client) unanswered(gone bool) {
	c.asks.mu.Lock()
	defer c.asks.mu.Unlock()
	if sent := c.asks.oldest(); sent != 0 {
		if (gone || !c.joined()) && c.down.Load() == 0 {
			c.mourn(c.clock(), sent)
		}
		c.asks.cut(c.asks.tail.Load(), c.matching != byStamp, c.lose)
	}
}
