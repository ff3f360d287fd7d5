package results

import (
	"maps"
	"slices"
)

// ledger joins what all receivers of one group saw of one flow: which
// sequences arrived at least once. Pages near the highest sequence are open.
// Further back a page is settled: complete ones are forgotten, and incomplete
// ones are holes, kept so that late messages still find their place. Memory so
// grows with what is missing, not with what arrived, and within a budget.
type ledger struct {
	flow     *flow
	open     map[uint64]*page // by page number; complete is full
	holes    map[uint64]*page // nil: nothing of the page arrived
	settled  uint64           // pages below are settled
	top      uint64           // highest page seen + 1
	unique   uint64           // sequences seen
	sealed   []uint64         // missing in forgotten holes, by phase
	highest  uint64           // sequence seen + 1
	overdue  uint64           // missing as of the last look
	pool     *pagePool
	counters map[*Recorder]counter
}

// counter is a recorder's share of a ledger, since the start.
type counter struct{ stamped, unstamped uint64 }

// Pages this far below the highest are settled.
const openPages = 16

func newLedger(f *flow, phases int, pool *pagePool) *ledger {
	return &ledger{
		flow:     f,
		open:     map[uint64]*page{},
		holes:    map[uint64]*page{},
		sealed:   make([]uint64, phases),
		pool:     pool,
		counters: map[*Recorder]counter{},
	}
}

// addSpan enters [from, to) and returns how many of them were there before.
func (l *ledger) addSpan(from, to uint64) (again uint64) {
	for from < to {
		no := from >> pageShift
		end := min(to, (no+1)<<pageShift)
		n := end - from
		added := uint64(0)
		switch p := l.page(no); {
		case p == l.pool.full:
		case n == pageLen && p == nil:
			l.open[no], added = l.pool.full, n
		default:
			if p == nil {
				p = l.pool.get(no)
				l.keep(p)
			}
			added = uint64(p.fill(int(from-no<<pageShift), int(end-no<<pageShift)))
			l.complete(p)
		}
		l.unique += added
		again += n - added
		from = end
	}
	return again
}

// addPage enters all of q, which is the ledger's from here, and returns how
// many were there before.
func (l *ledger) addPage(q *page) (again uint64) {
	added := q.count
	switch p := l.page(q.no); p {
	case nil:
		l.keep(q)
		l.complete(q)
	case l.pool.full:
		added = 0
		again = uint64(q.count)
		l.pool.put(q)
	default:
		added = p.or(q)
		again = uint64(q.count - added)
		l.pool.put(q)
		l.complete(p)
	}
	l.unique += uint64(added)
	return again
}

// page gives the page no: nil where nothing of it arrived, full where all did.
func (l *ledger) page(no uint64) *page {
	if no >= l.top {
		l.top = no + 1
	}
	if no >= l.settled {
		return l.open[no]
	}
	if p, ok := l.holes[no]; ok {
		return p
	}
	return l.pool.full
}

// keep puts p in its place.
func (l *ledger) keep(p *page) {
	if p.no >= l.settled {
		l.open[p.no] = p
	} else {
		l.holes[p.no] = p
	}
}

// complete takes p out of its place if nothing of it is missing.
func (l *ledger) complete(p *page) {
	if p.count < pageLen {
		return
	}
	if p.no >= l.settled {
		l.open[p.no] = l.pool.full
	} else {
		delete(l.holes, p.no)
	}
	l.pool.put(p)
}

// settle moves on what lies far enough behind.
func (l *ledger) settle() {
	for l.settled < l.top {
		p := l.open[l.settled]
		if p != l.pool.full {
			if l.settled+openPages >= l.top {
				break
			}
			l.holes[l.settled] = p
		}
		delete(l.open, l.settled)
		l.settled++
	}
	if len(l.holes) > l.pool.holes {
		l.seal(len(l.holes) - l.pool.holes/2)
	}
}

// seal forgets the n lowest holes, but for their number of missing sequences.
func (l *ledger) seal(n int) {
	for _, no := range slices.Sorted(maps.Keys(l.holes))[:n] {
		l.missingIn(no, l.holes[no], ^uint64(0), l.sealed)
		if p := l.holes[no]; p != nil {
			l.pool.put(p)
		}
		delete(l.holes, no)
	}
}

// missingIn adds to lost, by phase, the sequences of page no below end that
// have not arrived.
func (l *ledger) missingIn(no uint64, p *page, end uint64, lost []uint64) {
	if p == l.pool.full {
		return
	}
	base := no << pageShift
	end = min(end, base+pageLen)
	for phase := range lost {
		from := max(l.flow.starts[phase], base)
		to := min(l.flow.starts[phase+1], end)
		if from >= to {
			continue
		}
		n := to - from
		if p != nil {
			n -= uint64(p.within(int(from-base), int(to-base)))
		}
		lost[phase] += n
	}
}

// missing gives how many of the sequences below end have not arrived, by
// phase.
func (l *ledger) missing(end uint64) []uint64 {
	lost := append([]uint64(nil), l.sealed...)
	for no, p := range l.holes {
		l.missingIn(no, p, end, lost)
	}
	for no := l.settled; no<<pageShift < end; no++ {
		l.missingIn(no, l.open[no], end, lost)
	}
	return lost
}

// unstamped is how many messages arrived that had no sequence.
func (l *ledger) unstamped() (n uint64) {
	for _, c := range l.counters {
		n += c.unstamped
	}
	return n
}

// stamped is how many messages with a sequence arrived, duplicates included.
func (l *ledger) stamped() (n uint64) {
	for _, c := range l.counters {
		n += c.stamped
	}
	return n
}
