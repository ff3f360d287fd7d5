package results

import "time"

// A recorder inside a burst is waited for so long; then its interval comes
// with the next one.
const burstLimit = 100 * time.Millisecond

// patience is for how long recorders, one after the other and all together, may
// exchange their intervals by themselves, before the collector does it.
const patience = 2 * time.Millisecond

// What is left of an interval at the end is no point of the series when it is
// shorter than this: its rate would mean nothing.
const shortest = 100 * time.Millisecond

// collect takes the interval that ends now from every recorder.
func (c *Collector) collect(now int64, final bool) {
	c.gather(final)
	c.account.settle()
	p := c.point(now, final)
	for i := range c.tick {
		c.totals[i].add(&c.tick[i])
	}
	if n := len(c.series); final && n > 0 && now-c.last < int64(shortest) {
		c.series[n-1].Lost += p.Lost
	} else {
		c.series = append(c.series, p)
	}
	if c.log != nil {
		c.log.write(c, p, now)
	}
	if c.cfg.OnInterval != nil {
		c.cfg.OnInterval(p)
	}
	for i := range c.tick {
		c.tick[i].empty()
	}
	c.last = now
}

// gather takes what every recorder has measured since the last time.
func (c *Collector) gather(final bool) {
	if c.account == nil {
		c.account = newAccount(c)
	}
	for i := range c.parcel {
		c.parcel[i] = &sums{}
	}
	until := time.Now().Add(patience)
	for _, r := range c.recorders {
		if iv := c.take(r, until, final); iv != nil {
			c.merge(r, iv)
			c.recycle(r, iv)
		}
	}
	for i, p := range c.parcel {
		c.tick[i].add(p)
		if c.cfg.Phases[i].Measured {
			c.course[i].push(p)
		}
	}
}

// take exchanges the interval of r for a spare. nil: r is amid a burst that
// does not end.
func (c *Collector) take(r *recording, until time.Time, final bool) *interval {
	if !r.asked {
		r.fresh = c.spare(r)
		r.gate.ask()
		r.asked = true
	}
	taken := func() bool { return r.taken.Load() != nil }
	if !final {
		wait(taken, time.Until(until))
	}
	if r.gate.seize() {
		r.swap()
		r.gate.free()
	}
	if !wait(taken, burstLimit) {
		if !final {
			return nil
		}
		r.swap() // its goroutine ended without End
		r.gate.free()
	}
	r.asked = false
	return r.taken.Swap(nil)
}

// merge adds what r measured to the sums of the interval and to the account.
func (c *Collector) merge(r *recording, iv *interval) {
	several := c.receivers() > 1
	for phase := range iv.parts {
		p := &iv.parts[phase]
		c.parcel[phase].addPart(p)
		switch {
		case !c.cfg.Phases[phase].Measured:
		case several:
			r.sums.addPart(p)
		default:
			r.sums.counts.add(&p.counts)
		}
	}
	n := noise{iv.reordered, iv.corrupted, iv.errors}
	r.noise.add(n)
	c.noise.add(n)
	c.account.merge(r.Recorder, iv)
}

func (n *noise) add(from noise) {
	n.reordered += from.reordered
	n.corrupted += from.corrupted
	n.errors += from.errors
}

// receivers is how many names of receivers there are.
func (c *Collector) receivers() int {
	if c.names == nil {
		c.names = map[string]bool{}
		for _, r := range c.recorders {
			if r.peer != "" {
				c.names[r.peer] = true
			}
		}
	}
	return len(c.names)
}

// point sums the interval up. Rate and percentiles are of what arrived in it,
// of whatever phase.
func (c *Collector) point(now int64, final bool) Point {
	var all sums
	for i := range c.tick {
		all.add(&c.tick[i])
	}
	p := Point{
		TS:   seconds(now - c.cfg.Start),
		Lost: c.account.look(final),
	}
	if now > c.last {
		p.AchievedMsgsPerS = float64(all.received) / seconds(now-c.last)
		p.SentMsgsPerS = float64(all.sent) / seconds(now-c.last)
	}
	if rss := residentBytes(); c.cfg.Side != "" && rss > 0 {
		p.RSSBytes = map[string]uint64{c.cfg.Side: rss}
	}
	main, mirror := service, negativeService
	if c.cfg.Scheduled {
		main, mirror = response, negativeResponse
	}
	d := distribution{values: all.h[main], mirrored: all.h[mirror], beyond: all.beyond[main]}
	p.P50NS, p.P99NS, p.MaxNS = d.at(0.5), d.at(0.99), d.at(1)
	d = distribution{values: all.h[lag], beyond: all.beyond[lag]}
	p.LagP99NS = d.at(0.99)
	d = distribution{values: all.h[receiveLag], beyond: all.beyond[receiveLag]}
	p.ReceiveLagP99NS = d.at(0.99)
	return p
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }
