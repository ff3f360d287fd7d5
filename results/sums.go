package results

import hdr "github.com/HdrHistogram/hdrhistogram-go"

// sums is what several recorders measured together: in one interval or in
// all, of one phase or of several. Its histograms are sparse, for it lives off
// the hot path and there are many.
type sums struct {
	counts
	h [kinds]*hdr.PackedHistogram // nil: nothing
}

func (s *sums) addPart(p *part) {
	s.counts.add(&p.counts)
	for kind, h := range p.h {
		if h == nil || h.TotalCount() == 0 {
			continue
		}
		s.need(kind).MergeFrom(h)
	}
}

func (s *sums) add(from *sums) {
	s.counts.add(&from.counts)
	for kind, h := range from.h {
		if h == nil || h.TotalCount() == 0 {
			continue
		}
		s.need(kind).Merge(h)
	}
}

func (s *sums) need(kind int) *hdr.PackedHistogram {
	if s.h[kind] == nil {
		s.h[kind] = newPacked()
	}
	return s.h[kind]
}

// empty forgets everything but keeps the room.
func (s *sums) empty() {
	s.counts = counts{}
	for _, h := range s.h {
		if h != nil {
			h.Reset()
		}
	}
}

func (s *sums) total(kind int) uint64 {
	if s.h[kind] == nil {
		return 0
	}
	return uint64(s.h[kind].TotalCount())
}

func (c *counts) add(from *counts) {
	if from.sent > 0 {
		if c.sent == 0 {
			c.firstDue, c.firstSent, c.lastDue, c.lastSent = from.firstDue, from.firstSent, from.lastDue, from.lastSent
		}
		c.firstDue = min(c.firstDue, from.firstDue)
		c.firstSent = min(c.firstSent, from.firstSent)
		c.lastDue = max(c.lastDue, from.lastDue)
		c.lastSent = max(c.lastSent, from.lastSent)
	}
	if from.received > from.unstamped {
		if c.received == c.unstamped {
			c.dueFrom, c.dueTo, c.leftFrom = from.dueFrom, from.dueTo, from.leftFrom
		}
		c.dueFrom, c.dueTo = min(c.dueFrom, from.dueFrom), max(c.dueTo, from.dueTo)
		c.leftFrom = min(c.leftFrom, from.leftFrom)
	}
	if from.received > 0 {
		if c.received == 0 {
			c.first, c.last = from.first, from.last
		}
		c.first = min(c.first, from.first)
		c.last = max(c.last, from.last)
	}
	c.sent += from.sent
	c.received += from.received
	c.unstamped += from.unstamped
	c.bytes += from.bytes
	c.inWindow += from.inWindow
	c.negative += from.negative
	c.blockedNS += from.blockedNS
	for kind, n := range from.beyond {
		c.beyond[kind] += n
	}
}

// end is when the last message was due, or arrived if it was sent elsewhere;
// not ok where there is none.
func (c *counts) end() (at int64, ok bool) {
	if c.sent > 0 {
		return c.lastDue, true
	}
	return c.last, c.received > 0
}
