package results

// A backlog is what was due but has not arrived. Where it grows, so does the
// response: a message that arrives now was due as long ago as the queue is
// deep. That shows in the medians of the intervals, which a stall, a burst or
// noise does not move from one interval to the next, while a single interval's
// maximum or the age of the last message would be moved.
const (
	growthShare  = 0.005 // the last median is at least this share of the measured time
	growthTimes  = 2.0   // … and so many times the median of the first half
	growthOrder  = 0.8   // … and this share of all pairs rises (Kendall's tau)
	fewMedians   = 4     // with fewer, every one must rise, and steeply
	steeperShare = 0.1
)

// backlogGrows looks at the points from … to, and those after it in which the
// last messages arrived.
func backlogGrows(series []Point, from, to float64) bool {
	var medians []float64
	for _, p := range series {
		if p.P50NS != nil && p.TS > from {
			medians = append(medians, float64(*p.P50NS)/1e9)
		}
	}
	n := len(medians)
	if n < 2 || to <= from {
		return false
	}
	share, order := growthShare, growthOrder
	if n < fewMedians {
		share, order = steeperShare, 1
	}
	last := medians[n-1]
	if n > fewMedians { // the last interval may be a short one
		last = median(medians[n-2:])
	}
	if last < share*(to-from) || last < growthTimes*median(medians[:n/2]) {
		return false
	}
	half := medians[n/2:]
	if len(half) < fewMedians {
		half = medians
	}
	return kendall(half) >= order && kendall(medians) >= order/2
}

// kendall is the share of pairs that rise less the share that fall.
func kendall(values []float64) float64 {
	n := float64(len(values))
	return score(values) / (n * (n - 1) / 2)
}
