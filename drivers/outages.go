package drivers

import (
	"cmp"
	"slices"
	"time"

	"zbench/results"
)

// report puts what the clients know of their service into a result; all loops
// have ended.
func (r *run) report(result *results.Run) {
	var all []outage
	for _, l := range r.links {
		all = append(all, l.outages...)
	}
	a := &result.Accounting
	for _, c := range r.clients {
		if c.asks == nil {
			continue
		}
		c.revive()
		c.asks.leftover(c.lose)
		c.settle()
		all = append(all, c.outages...)
		a.Timeouts += c.timeouts
		a.Late += c.late.Load()
		a.Unmatched += c.unmatched.Load() + c.discarded()
	}
	start := r.start.Load()
	for _, o := range joinOutages(all) {
		told := results.Outage{DiedS: time.Duration(o.died - start).Seconds(), Connected: o.connected}
		if !o.uncounted {
			told.Lost = &o.lost
		}
		if o.back != 0 {
			back := time.Duration(o.back - start).Seconds()
			told.RecoveredS = &back
		}
		result.Outages = append(result.Outages, told)
	}
}

// joinOutages makes one of those that overlap: clients of one service miss it
// together. It is back with the first reply to any of them.
func joinOutages(all []outage) (joined []outage) {
	slices.SortFunc(all, func(a, b outage) int { return cmp.Compare(a.died, b.died) })
	end := int64(0)
	for _, o := range all {
		until := o.back
		if until == 0 {
			until = noEnd
		}
		if len(joined) == 0 || o.died > end {
			joined, end = append(joined, o), until
			continue
		}
		last := &joined[len(joined)-1]
		last.lost += o.lost
		last.connected = last.connected && o.connected
		switch { // with the first reply, or where there are none once all are there
		case o.uncounted && (o.back == 0 || last.back != 0 && o.back > last.back),
			!o.uncounted && o.back != 0 && (last.back == 0 || o.back < last.back):
			last.back = o.back
		}
		end = max(end, until)
	}
	return joined
}
