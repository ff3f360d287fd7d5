package worker

// Looking decides how long a worker that has nothing to do looks before it
// sleeps. To be woken takes longer than most replies, and right after a send is
// when a reply is likely: so it looks for twice as long as nine of ten events
// took to come lately, and before every due time for as long as sleeps overshoot. The zero value is
// ready.
type Looking struct {
	p90  float64 // running 90th percentile of the time to the next event, ns
	over float64 // running 99.9th percentile of by how much sleeps overshot, ns
}

const (
	longestLook = 200_000 // ns
	leastAhead  = 60_000  // ns before a due time, in which a sleep would overshoot
	mostAhead   = 1_000_000
	firstAhead  = 500_000 // until it is known
	overStep    = 0.0004
	yieldAhead  = 30_000 // ns before a due time until which the core is yielded
	firstP90    = longestLook / 2
	leastP90    = 1_000
	mostP90     = 10 * longestLook
	p90Step     = 0.02
)

// found notes an event after so many ns without one.
func (l *Looking) found(after int64) {
	p := l.limit()
	if float64(after) > p {
		p *= 1 + 9*p90Step
	} else {
		p *= 1 - p90Step
	}
	l.p90 = min(max(p, leastP90), mostP90)
}

func (l *Looking) limit() float64 {
	if l.p90 == 0 {
		return firstP90
	}
	return l.p90
}

// shall reports whether to look on at the clock reading now, where there has
// been nothing to do since idle and something is due at next.
func (l *Looking) shall(now, idle, next int64) bool {
	return l.sleepUntil(next) <= now || float64(now-idle) < min(2*l.limit(), longestLook)
}

// sleepUntil is how long a sleep may last where something is due at next: as much
// shorter as 999 of 1,000 sleeps were too long lately.
func (l *Looking) sleepUntil(next int64) int64 {
	if next == Never {
		return Never
	}
	return next - int64(l.ahead())
}

func (l *Looking) ahead() float64 {
	if l.over == 0 {
		return firstAhead
	}
	return l.over
}

// slept notes by how much a sleep overshot. One that was left out because it would
// have been too short counts as one that did not, so that it is tried again.
func (l *Looking) slept(over int64) {
	o := l.ahead()
	if float64(over) > o {
		o *= 1 + 999*overStep
	} else {
		o *= 1 - overStep
	}
	l.over = min(max(o, leastAhead), mostAhead)
}
