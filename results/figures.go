package results

import "time"

// figures are the numbers that one throughput and one latency are made of: of
// all measured phases, of a stage, or of a receiver.
type figures struct {
	sums      *sums
	course    *batches // nil: no intervals
	clockNS   int64
	kind      string
	byOrder   bool
	scheduled bool
	published bool // flows have subscribers
	fanOut    bool // … more than one
	window    rateWindow
	offered   uint64  // by schedule
	open      float64 // s in which they could be sent; 0: from first to last
	wanted    uint64  // sent, and some subscriber had asked for them
	expected  uint64  // deliveries
	lost      uint64

	duplicated uint64 // in the whole run
}

// whole gives the figures of the measured phases.
func (c *Collector) whole(end Totals, b *balance, measured *sums) figures {
	f := c.share(b, measured)
	f.offered = end.OfferedMeasured
	var course []*batches
	for i, p := range c.cfg.Phases {
		if p.Measured {
			course = append(course, &c.course[i])
		}
	}
	f.course = join(course)
	from, to := c.cfg.measured()
	f.window = c.rateWindow(from, to, measured, measured.leastOf(), end)
	if to > from {
		f.open = (min(to, time.Duration(end.Now-c.cfg.Start)) - from).Seconds()
	}
	return f
}

// share gives the figures of s, with the losses of b in measured phases.
func (c *Collector) share(b *balance, s *sums) figures {
	f := figures{
		sums:      s,
		clockNS:   c.cfg.ClockErrorNS,
		kind:      c.cfg.Kind,
		byOrder:   c.cfg.ByOrder,
		scheduled: c.cfg.Scheduled,
		published: len(c.expected) > 0,
		fanOut:    len(c.expected) > 1,

		duplicated: b.duplicated,
	}
	for i, p := range c.cfg.Phases {
		if p.Measured {
			f.expected += b.expectedBy[i]
			f.lost += b.lostBy[i]
			f.wanted += b.wantedBy[i]
		}
	}
	return f
}

// stages gives each measured phase by itself, if there are several.
func (c *Collector) stages(end Totals, b *balance, least int64) (stages []Stage) {
	n := 0
	for _, p := range c.cfg.Phases {
		if p.Measured {
			n++
		}
	}
	if n < 2 {
		return nil
	}
	for i, p := range c.cfg.Phases {
		if !p.Measured {
			continue
		}
		f := c.share(b, &c.totals[i])
		f.expected, f.lost, f.wanted = b.expectedBy[i], b.lostBy[i], b.wantedBy[i]
		f.course = &c.course[i]
		if i < len(end.OfferedByPhase) {
			f.offered = end.OfferedByPhase[i]
		}
		to := p.To
		f.window = c.rateWindow(p.From, to, &c.totals[i], least, end)
		if to < endless {
			f.open = (min(to, time.Duration(end.Now-c.cfg.Start)) - p.From).Seconds()
		} else if last, ok := c.totals[i].end(); ok {
			to = max(p.From, time.Duration(last-c.cfg.Start))
		} else {
			to = p.From
		}
		stages = append(stages, Stage{
			Name:       p.Name,
			FromS:      p.From.Seconds(),
			ToS:        to.Seconds(),
			Throughput: f.throughput(),
			Latency:    f.latency(),
		})
	}
	return stages
}

// latency counts unsent and lost messages as +∞ in the response, lost ones in
// the service, and in both what took over an hour.
func (f *figures) latency() Latency {
	s := f.sums
	l := Latency{Kind: f.kind, MatchedBy: matchedBy(f.kind, f.byOrder), BlockedS: seconds(s.blockedNS), ClockErrorNS: f.clockNS}
	if f.scheduled {
		l.Lag = f.summary(lag, lag, s.beyond[lag], 0)
	}
	l.ReceiveLag, l.Lateness = f.known(receiveLag), f.known(lateness)
	if f.kind == NoLatency {
		return l
	}
	l.Service = f.summary(service, negativeService, f.lost+s.beyond[service], f.clockNS)
	if f.scheduled {
		unsent := float64(f.offered-min(s.sent, f.offered)) * f.perSent()
		beyond := f.lost + s.beyond[response] + uint64(unsent)
		l.Response = f.summary(response, negativeResponse, beyond, f.clockNS)
		whole := f.distribution(response, negativeResponse, beyond)
		late := f.distribution(lateness, lateness, s.beyond[lateness])
		if late.count() == 0 { // receive lag is unknown
			late = f.distribution(lag, lag, s.beyond[lag])
		}
		l.Response.inTime99, l.Response.inTime999 = whole.without(&late, 0.99), whole.without(&late, 0.999)
	}
	return l
}

// known is the summary of a lateness, nil where nothing of its kind was told.
func (f *figures) known(kind int) *Summary {
	if f.sums.total(kind)+f.sums.beyond[kind] == 0 {
		return nil
	}
	return f.summary(kind, kind, f.sums.beyond[kind], 0)
}

// summary of one kind and its mirror; mirror is kind itself where it has none.
func (f *figures) summary(kind, mirror int, beyond uint64, clockNS int64) *Summary {
	d := f.distribution(kind, mirror, beyond)
	d.clockErrorNS = clockNS
	if f.course != nil {
		d.batches = f.course.of(kind, mirror)
	}
	return d.summary()
}

func (f *figures) distribution(kind, mirror int, beyond uint64) distribution {
	d := distribution{values: f.sums.h[kind], beyond: beyond}
	if mirror != kind {
		d.mirrored = f.sums.h[mirror]
	}
	return d
}

// matchedBy says how the two ends of a latency were found to be one message's.
func matchedBy(kind string, byOrder bool) string {
	switch {
	case kind == NoLatency:
		return "none"
	case byOrder:
		return "order"
	}
	return "stamp"
}
