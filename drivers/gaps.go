package drivers

import (
	"slices"
	"time"

	"zbench/engines"
)

// gap is a time in which no client had a reply, far longer than from one to the
// next, in clock readings. Where an engine does not tell of connections, a
// request that was lost in it shows that the service was away.
type gap struct{ from, to int64 }

const (
	leastGap = time.Second
	gapTimes = 20 // of the mean time between replies
	// gapBefore is how long before the last reply a request may have been sent
	// that was on its way when the service went.
	gapBefore = time.Second
)

// noteGap notes the gap that the latest reply has ended, if any.
func (r *run) noteGap(latest int64) {
	before := r.lastReply
	r.lastReply = latest
	if before == 0 || latest-before < int64(leastGap) {
		return
	}
	if mean := (latest - r.start.Load()) / int64(max(1, r.delivered())); latest-before >= gapTimes*mean {
		r.gaps = append(r.gaps, gap{before, latest})
	}
}

// lose notes a lost request: for its outage, or for later where only gaps tell
// of those. asks.mu is held.
func (c *client) lose(sent int64) {
	if _, knows := c.socket().(engines.Attended); knows {
		c.charge(sent)
	} else if len(c.lostAt) < mostGiven {
		c.lostAt = append(c.lostAt, sent)
	}
}

// settle finds the outages that gaps tell of, and what they cost; all loops have
// ended.
func (c *client) settle() {
	if len(c.lostAt) == 0 {
		return
	}
	for i := range c.outages {
		c.outages[i].lost = 0
	}
	for _, sent := range c.lostAt {
		i := slices.IndexFunc(c.gaps, func(g gap) bool { return sent >= g.from-int64(gapBefore) && sent < g.to })
		if i >= 0 && !slices.ContainsFunc(c.outages, func(o outage) bool { return o.spans(c.gaps[i]) }) {
			g := c.gaps[i]
			c.outages = append(c.outages, outage{died: g.from, back: g.to, from: g.from - int64(gapBefore), silence: true})
		}
		c.charge(sent)
	}
}

// spans reports whether an outage was noticed in that gap.
func (o *outage) spans(g gap) bool { return o.died <= g.to && (o.back == 0 || o.back >= g.from) }
