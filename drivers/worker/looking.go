package worker

// Looking decides how long a worker that has nothing to do looks before it
// sleeps. To be woken takes longer than most replies, and right after a send is
// when a reply is likely: so it looks for twice as long as nine of ten took to
// come lately. And it looks before every due time: for a moment that has
// room for any sleep's overshoot, or where the cores are shared for as long as
// sleeps overshoot. The zero value is ready.
type Looking struct {
	Shared bool    // programs that it does not know need the cores too
	p90    float64 // running 90th percentile of the time until something came, ns
	over   float64 // running 99.5th percentile of by how much sleeps overshot, ns
}

const (
	longestLook = 200_000    // ns
	aloneAhead  = 10_000_000 // ns before a due time, where nobody else needs the cores
	// Where they are shared: whoever looks for more than half of the time drives
	// the service to another core, which is asleep.
	leastAhead = 60_000
	mostAhead  = 250_000
	firstAhead = 150_000 // until it is known
	overStep   = 0.002
	yieldAhead = 30_000 // ns before a due time until which a shared core is yielded
	firstP90   = longestLook / 2
	leastP90   = 1_000
	mostP90    = 10 * longestLook
	p90Step    = 0.02
)

// found notes that something came, unasked, after so many ns of nothing.
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

// sleepUntil is how long a sleep may last where something is due at next.
func (l *Looking) sleepUntil(next int64) int64 {
	if next == Never {
		return Never
	}
	return next - int64(l.ahead())
}

func (l *Looking) ahead() float64 {
	switch {
	case !l.Shared:
		return aloneAhead
	case l.over == 0:
		return firstAhead
	}
	return l.over
}

// yields reports whether to let others have the core where something is due after
// so many ns: who is to answer may wait for it.
func (l *Looking) yields(due int64) bool { return l.Shared && due > yieldAhead }

// slept notes by how much a sleep overshot. One that was left out because it would
// have been too short counts as one that did not, so that it is tried again.
func (l *Looking) slept(over int64) {
	if !l.Shared {
		return
	}
	o := l.ahead()
	if float64(over) > o {
		o *= 1 + 199*overStep
	} else {
		o *= 1 - overStep
	}
	l.over = min(max(o, leastAhead), mostAhead)
}
