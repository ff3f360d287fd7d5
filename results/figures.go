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
	fanOut    bool
	offered   uint64  // by schedule
	seconds   float64 // the offered were due in; 0: from first to last
	open      float64 // s in which they could be sent; 0: from first to last
	expected  uint64  // deliveries
	lost      uint64
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
	if to > from {
		f.seconds = (to - from).Seconds()
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
		fanOut:    len(c.expected) > 1,
	}
	for i, p := range c.cfg.Phases {
		if p.Measured {
			f.expected += b.expectedBy[i]
			f.lost += b.lostBy[i]
		}
	}
	return f
}

// stages gives each measured phase by itself, if there are several.
func (c *Collector) stages(end Totals, b *balance) (stages []Stage) {
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
		f.expected, f.lost = b.expectedBy[i], b.lostBy[i]
		f.course = &c.course[i]
		if i < len(end.OfferedByPhase) {
			f.offered = end.OfferedByPhase[i]
		}
		to := p.To
		if to < endless {
			f.seconds = (to - p.From).Seconds()
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

// perSent is how many deliveries a sent message makes: the number of
// subscribers of its topic, 1 where it goes to one receiver.
func (f *figures) perSent() float64 {
	if !f.fanOut || f.sums.sent == 0 || f.expected == 0 {
		return 1
	}
	return float64(f.expected) / float64(f.sums.sent)
}

// throughput counts duplicates once. With fan-out the achieved rate is that
// of deliveries divided by the deliveries a message makes, so that it compares
// with the offered one.
func (f *figures) throughput() Throughput {
	t := Throughput{OfferedMsgsPerS: f.offeredRate()}
	s := f.sums
	if span := s.lastSent - s.firstSent; s.sent > 1 && span > 0 {
		rate := float64(s.sent-1) / seconds(span)
		if f.open > seconds(span) { // the senders stood still in the end
			rate = min(rate, float64(s.sent)/f.open)
		}
		t.SentMsgsPerS = &rate
	}
	n := s.received
	if f.sums.sent > 0 && s.unstamped == 0 {
		n = min(n, f.expected-f.lost)
	}
	if n < 2 || s.last <= s.first {
		return t
	}
	delivered := float64(n-1) / seconds(s.last-s.first)
	achieved := delivered / f.perSent()
	inBytes := achieved * float64(s.bytes) / float64(s.received)
	t.AchievedMsgsPerS, t.AchievedBytesPerS = &achieved, &inBytes
	if f.fanOut {
		t.DeliveredMsgsPerS = &delivered
	}
	return t
}

func (f *figures) offeredRate() *float64 {
	if !f.scheduled || f.offered == 0 {
		return nil
	}
	rate := 0.0
	switch span := f.sums.lastDue - f.sums.firstDue; {
	case f.seconds > 0:
		rate = float64(f.offered) / f.seconds
	case f.sums.sent > 1 && span > 0:
		rate = float64(f.sums.sent-1) / seconds(span)
	default:
		return nil
	}
	return &rate
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
		l.Response = f.summary(response, negativeResponse, f.lost+s.beyond[response]+uint64(unsent), f.clockNS)
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
	d := distribution{values: f.sums.h[kind], beyond: beyond, clockErrorNS: clockNS}
	if mirror != kind {
		d.mirrored = f.sums.h[mirror]
	}
	if f.course != nil {
		d.batches = f.course.of(kind, mirror)
	}
	return d.summary()
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
