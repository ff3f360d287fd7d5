package results

// The collector swaps one recorder after the other, so few spare intervals
// serve many recorders. A spare is dressed with as many histograms as the
// recorder used last time, so that the swap itself allocates nothing.

// likelyHists is how many histograms of each grain a recorder needs at first.
func (c *Collector) likelyHists(peer string) (n [grains]int) {
	if c.cfg.Scheduled {
		n[fine]++ // lag
	}
	if peer == "" {
		return n
	}
	n[coarse]++ // receive lag
	if c.cfg.Kind != NoLatency {
		n[fine]++ // service
		if c.cfg.Scheduled {
			n[fine]++   // and response
			n[coarse]++ // lateness
		}
	}
	return n
}

// mostReserved is how many recorders have histograms in reserve.
const mostReserved = 16

// reserve is what an interval is given beyond what the last one used: where a
// phase begins in it, it needs as many again.
func (c *Collector) reserve(r *recording) (n [grains]int) {
	if len(c.recorders) > mostReserved {
		return n
	}
	return c.likelyHists(r.peer)
}

func (c *Collector) newInterval() *interval {
	return &interval{parts: make([]part, len(c.cfg.Phases))}
}

// spare gives an empty interval for r.
func (c *Collector) spare(r *recording) *interval {
	iv := (*interval)(nil)
	if n := len(c.spares); n > 0 {
		iv, c.spares = c.spares[n-1], c.spares[:n-1]
	} else {
		iv = c.newInterval()
	}
	reserve := c.reserve(r)
	for g := range grains {
		for len(iv.freeHists[g]) < r.hists[g]+reserve[g] {
			if n := len(c.hists[g]); n > 0 {
				iv.freeHists[g], c.hists[g] = append(iv.freeHists[g], c.hists[g][n-1]), c.hists[g][:n-1]
			} else {
				iv.freeHists[g] = append(iv.freeHists[g], g.new())
			}
		}
	}
	for pool := c.account.pool; len(iv.freePages) < r.pages && len(pool.free) > 0; {
		iv.freePages = append(iv.freePages, pool.get(0))
	}
	return iv
}

// recycle takes iv apart into spares; its pages are the account's already.
func (c *Collector) recycle(r *recording, iv *interval) {
	r.hists = [grains]int{}
	for i := range iv.parts {
		for kind, h := range iv.parts[i].h {
			if h != nil {
				g := grainOf(kind)
				r.hists[g]++
				h.Reset()
				c.hists[g] = append(c.hists[g], h)
			}
		}
	}
	for g, free := range iv.freeHists {
		c.hists[g] = append(c.hists[g], free...)
		clear(free)
		iv.freeHists[g] = free[:0]
	}
	for _, p := range iv.freePages {
		c.account.pool.put(p)
	}
	clear(iv.freePages)
	iv.freePages = iv.freePages[:0]
	r.pages = len(iv.pages)
	iv.reset()
	c.spares = append(c.spares, iv)
}
