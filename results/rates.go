package results

import "time"

// rateWindow is the time that a rate is of. A rate must not flatter: one
// between first and last arrival is as high as ever where the peer died half
// way, and one of ten messages leaves out the time of the first.
type rateWindow struct {
	from   int64 // clock reading
	length int64 // ns; 0: none but from the first send to the last arrival
	least  int64 // the smallest response of the run in ns: what the last arrival may take
}

// rateWindow gives the window of the measured phases, or of one stage: of what
// was due between from and to. It ends with the schedule, or with the stop of
// an interrupted run. Without a schedule a count makes it none.
func (c *Collector) rateWindow(from, to time.Duration, s *sums, least int64, end Totals) rateWindow {
	w := rateWindow{from: c.cfg.Start + int64(from), least: least}
	until := int64(0)
	switch bounded := to > 0 && to < endless; {
	case !c.cfg.Scheduled && end.Counted:
	case bounded:
		until = c.cfg.Start + int64(to)
	case c.cfg.Scheduled:
		until = s.nextDue()
	case c.cfg.MeasuredTo > 0:
		until = c.cfg.Start + int64(c.cfg.MeasuredTo)
	}
	if stop := end.Stopped; stop > 0 && (until == 0 || stop < until) {
		until = stop
		if !c.cfg.Scheduled { // what still came is counted
			until = max(stop, s.last)
		}
	}
	w.length = max(until-w.from, 0)
	return w
}

// nextDue is when the message after the last one would be due, by the mean gap:
// where a count ends arrivals that no arithmetic foresees, or where the load is
// made elsewhere. 0: too few messages say.
func (c *counts) nextDue() int64 {
	first, last, n := c.firstDue, c.lastDue, c.sent
	if n == 0 {
		first, last, n = c.dueFrom, c.dueTo, c.received
	}
	if n < 2 || last <= first {
		return 0
	}
	return last + (last-first)/int64(n-1)
}

// leastOf is the smallest response in ns; 0 where there is none.
func (s *sums) leastOf() int64 {
	switch {
	case s.total(negativeResponse) > 0:
		return -s.h[negativeResponse].Max()
	case s.total(response) > 0:
		return s.h[response].Min()
	}
	return 0
}

// throughput counts duplicates once. Where messages are published, offered and
// achieved ones are those that some subscriber asked for.
func (f *figures) throughput() Throughput {
	t := Throughput{OfferedMsgsPerS: f.offeredRate(), SentMsgsPerS: f.sentRate()}
	if f.published && t.SentMsgsPerS != nil {
		rate := *t.SentMsgsPerS * f.wantedShare()
		t.WantedMsgsPerS = &rate
	}
	delivered := f.deliveredRate()
	if delivered == nil {
		return t
	}
	achieved, inBytes := *delivered, 0.0
	if f.published {
		if f.expected == 0 {
			return t
		}
		achieved *= float64(f.wanted) / float64(f.expected)
	}
	if f.sums.received > 0 {
		inBytes = achieved * float64(f.sums.bytes) / float64(f.sums.received)
	}
	t.AchievedMsgsPerS, t.AchievedBytesPerS = &achieved, &inBytes
	if f.fanOut {
		t.DeliveredMsgsPerS = delivered
	}
	return t
}

// deliveredRate is the rate of deliveries. By schedule: of those due in the
// window that came, over the window or for as long as they took to come if that
// is more; without one: of those that came in the window, whenever they were
// sent, and where it has no length of all, from the first send on.
func (f *figures) deliveredRate() *float64 {
	s, w := f.sums, f.window
	switch {
	case f.scheduled && w.length > 0 && f.expected > 0:
		n, took := f.arrived(), w.length
		if n > 0 {
			took = max(took, s.last-w.from-w.least)
		}
		return perSecondOf(n, took)
	case f.scheduled:
		return nil
	case w.length > 0:
		n := s.inWindow - min(s.inWindow, f.duplicated)
		if n == 0 && f.expected == 0 {
			return nil
		}
		return perSecondOf(n, w.length)
	case s.sent > 0:
		return perSecondOf(f.arrived(), max(s.last, s.lastSent)-s.firstSent)
	case s.received > s.unstamped:
		return perSecondOf(f.arrived(), s.last-s.leftFrom)
	case s.received > 1: // nobody knows when the first one left
		return perSecondOf(s.received-1, s.last-s.first)
	}
	return nil
}

// perSecondOf is n in so many ns; null where they are none.
func perSecondOf(n uint64, ns int64) *float64 {
	if ns <= 0 {
		return nil
	}
	rate := float64(n) / seconds(ns)
	return &rate
}

// arrived is how many deliveries came, each counted once.
func (f *figures) arrived() uint64 {
	n := f.sums.received
	if f.sums.sent > 0 && f.sums.unstamped == 0 {
		n = min(n, f.expected-f.lost)
	}
	return n
}

// wantedShare is the part of the sent messages that some subscriber asked for.
func (f *figures) wantedShare() float64 {
	if !f.published || f.sums.sent == 0 {
		return 1
	}
	return float64(f.wanted) / float64(f.sums.sent)
}

// perSent is how many deliveries a sent message makes: on average the number
// of subscribers of its topic, 1 where it goes to one receiver.
func (f *figures) perSent() float64 {
	if !f.published || f.sums.sent == 0 || f.expected == 0 {
		return 1
	}
	return float64(f.expected) / float64(f.sums.sent)
}

// offeredRate is of what was due, over the schedule's own length.
func (f *figures) offeredRate() *float64 {
	if !f.scheduled || f.offered == 0 || f.window.length == 0 {
		return nil
	}
	rate := float64(f.offered) * f.wantedShare() / seconds(f.window.length)
	return &rate
}

// sentRate is of what left, from the first to the last; where the senders stood
// still in the end, over the time in which they could have sent.
func (f *figures) sentRate() *float64 {
	s := f.sums
	span := s.lastSent - s.firstSent
	if s.sent < 2 || span <= 0 {
		return nil
	}
	rate := float64(s.sent-1) / seconds(span)
	if f.open > seconds(span) {
		rate = min(rate, float64(s.sent)/f.open)
	}
	return &rate
}
