package worker

// Looking decides how long a worker that has nothing to do looks before it
// sleeps. To be woken takes longer than most replies, and right after a send is
// when a reply is likely: so it looks for twice as long as nine of ten events
// took to come lately, and shortly before every due time. The zero value is
// ready.
type Looking struct {
	p90 float64 // running 90th percentile of the time to the next event, ns
}

const (
	longestLook = 200_000 // ns
	lookAhead   = 60_000  // ns before a due time, in which a sleep would overshoot
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
	return sleepUntil(next) <= now || float64(now-idle) < min(2*l.limit(), longestLook)
}

// sleepUntil is how long a sleep may last where something is due at next.
func sleepUntil(next int64) int64 {
	if next == Never {
		return Never
	}
	return next - lookAhead
}
