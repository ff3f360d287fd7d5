package results

// Totals is what only the load side knows at the end of a run.
type Totals struct {
	Offered         uint64   // by the schedule; 0 without one: what was sent
	OfferedMeasured uint64   // of the measured phases; 0 without a schedule
	OfferedByPhase  []uint64 // by index of Config.Phases; nil: unknown
	Now             int64    // clock reading of the end
	Stopped         int64    // clock reading at which sending was interrupted; 0: it was not
	Counted         bool     // a count ended the load
}

// Outcome is what a run's collector found.
type Outcome struct {
	Accounting   Accounting
	Throughput   Throughput
	Latency      Latency
	PerPeer      []PeerResult // where there is more than one receiver
	Stages       []Stage      // where there is more than one measured phase
	Series       []Point
	BacklogGrows bool      // what was offered and not yet received grew to the end
	Drift        string    // what drifted and by how much; "": nothing did
	Warnings     []Warning // found while measuring

	SentMeasured    uint64 // of the measured phases
	OfferedMeasured uint64 // the same of the schedule; 0 without one
	MeasuredFromS   float64
	MeasuredToS     float64
	DurationS       float64 // first message sent to last arrived
}

// Fill copies what o knows into r.
func (o *Outcome) Fill(r *Run) {
	r.Accounting, r.Throughput, r.Latency = o.Accounting, o.Throughput, o.Latency
	r.PerPeer, r.Stages, r.Series = o.PerPeer, o.Stages, o.Series
	r.MeasuredFromS, r.MeasuredToS, r.DurationS = o.MeasuredFromS, o.MeasuredToS, o.DurationS
	r.Warnings = append(r.Warnings, o.Warnings...)
}

// Signals gives what Judge needs of o beside the Run. The caller adds what it
// knows itself.
func (o *Outcome) Signals() Signals {
	return Signals{
		BacklogGrows:    o.BacklogGrows,
		Drift:           o.Drift,
		SentMeasured:    o.SentMeasured,
		OfferedMeasured: o.OfferedMeasured,
	}
}

// outcome closes the account.
func (c *Collector) outcome(end Totals) *Outcome {
	b := c.account.total()
	var all, measured sums
	for i := range c.totals {
		all.counts.add(&c.totals[i].counts)
		if c.cfg.Phases[i].Measured {
			measured.add(&c.totals[i])
		}
	}
	o := &Outcome{Series: c.series, SentMeasured: measured.sent, OfferedMeasured: end.OfferedMeasured}
	o.Accounting = c.accounting(end, &b, &all)
	measured.inWindow = all.inWindow // what was sent before it as well
	w := c.whole(end, &b, &measured)
	o.Throughput, o.Latency = w.throughput(), w.latency()
	o.PerPeer = c.perPeer()
	o.Stages = c.stages(end, &b, measured.leastOf())
	c.window(o, &all, &measured)
	c.steadiness(o)
	return o
}

func (c *Collector) accounting(end Totals, b *balance, all *sums) Accounting {
	a := Accounting{
		Offered:    end.Offered,
		Sent:       c.account.sent(),
		Expected:   b.expected,
		Received:   b.received,
		Lost:       b.lost,
		Duplicated: b.duplicated,
		Reordered:  c.noise.reordered,
		Corrupted:  c.noise.corrupted + b.surplus,
		Errors:     c.noise.errors,
		OutOfRange: c.outOfRange(all),
		Negative:   all.negative,
	}
	if a.Offered == 0 {
		a.Offered = a.Sent
	}
	a.Unsent = a.Offered - min(a.Sent, a.Offered)
	return a
}

// outOfRange counts messages, not values: a response is never shorter than
// the service within it.
func (c *Collector) outOfRange(s *sums) uint64 {
	if c.cfg.Scheduled {
		return s.beyond[response]
	}
	return s.beyond[service]
}

// window sets the times of o.
func (c *Collector) window(o *Outcome, all, measured *sums) {
	from, to := c.cfg.measured()
	o.MeasuredFromS, o.MeasuredToS = from.Seconds(), to.Seconds()
	if end, ok := measured.end(); to == 0 && ok {
		o.MeasuredToS = seconds(end - c.cfg.Start)
	}
	switch first := all.firstSent; {
	case all.received == 0:
	case all.sent > 0:
		o.DurationS = seconds(all.last - first)
	default:
		o.DurationS = seconds(all.last - all.first)
	}
}

// perPeer is what each receiver saw, if there are several.
func (c *Collector) perPeer() []PeerResult {
	if c.receivers() < 2 {
		return nil
	}
	var order []string
	byName := map[string][]*recording{}
	for _, r := range c.recorders {
		if r.peer == "" {
			continue
		}
		if byName[r.peer] == nil {
			order = append(order, r.peer)
		}
		byName[r.peer] = append(byName[r.peer], r)
	}
	var peers []PeerResult
	for _, name := range order {
		peers = append(peers, c.peer(name, byName[name]))
	}
	return peers
}

func (c *Collector) peer(name string, recordings []*recording) PeerResult {
	var s sums
	var n noise
	b := c.account.newBalance()
	a := Accounting{}
	for _, r := range recordings {
		s.add(&r.sums)
		n.add(r.noise)
		a.Sent += r.sent
		if c.account.shared {
			received := r.received - min(r.duplicates.Load(), r.received)
			b.received += received
			b.duplicated += c.account.arrived(r.Recorder) - received
		}
	}
	b.expected = b.received
	if !c.account.shared {
		for _, id := range c.expected[name] {
			if l := c.account.ledgers[place{name, id}]; l != nil {
				b.add(l)
			}
		}
	}
	a.Offered, a.Expected, a.Received, a.Lost = a.Sent, b.expected, b.received, b.lost
	a.Duplicated, a.Reordered, a.Corrupted, a.Errors = b.duplicated, n.reordered, n.corrupted, n.errors
	a.OutOfRange, a.Negative = c.outOfRange(&s), s.negative
	w := c.share(&b, &s)
	return PeerResult{Peer: name, Accounting: a, Latency: w.latency()}
}
