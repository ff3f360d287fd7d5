package results

// The collector swaps one recorder after the other, so few spare intervals
// serve many recorders. A spare is dressed with as many histograms as the
// recorder used last time, so that the swap itself allocates nothing.

// likelyHists is how many histograms a recorder needs at first.
func (c *Collector) likelyHists(peer string) (n int) {
	if c.cfg.Scheduled {
		n++ // lag, or response
	}
	if peer != "" {
		n++ // receive lag
	}
	if peer != "" && c.cfg.Kind != NoLatency {
		n++
		if c.cfg.Scheduled {
			n++ // lateness
		}
	}
	return n
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
	for len(iv.freeHists) < r.hists {
		if n := len(c.hists); n > 0 {
			iv.freeHists, c.hists = append(iv.freeHists, c.hists[n-1]), c.hists[:n-1]
		} else {
			iv.freeHists = append(iv.freeHists, newDense())
		}
	}
	for pool := c.account.pool; len(iv.freePages) < r.pages && len(pool.free) > 0; {
		iv.freePages = append(iv.freePages, pool.get(0))
	}
	return iv
}

// recycle takes iv apart into spares; its pages are the account's already.
func (c *Collector) recycle(r *recording, iv *interval) {
	r.hists = 0
	for i := range iv.parts {
		for _, h := range iv.parts[i].h {
			if h != nil {
				r.hists++
				h.Reset()
				c.hists = append(c.hists, h)
			}
		}
	}
	c.hists = append(c.hists, iv.freeHists...)
	for _, p := range iv.freePages {
		c.account.pool.put(p)
	}
	clear(iv.freeHists)
	clear(iv.freePages)
	iv.freeHists, iv.freePages = iv.freeHists[:0], iv.freePages[:0]
	r.pages = len(iv.pages)
	iv.reset()
	c.spares = append(c.spares, iv)
}
