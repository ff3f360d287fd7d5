package load

import "time"

// margin follows the 99.9th percentile of an overshoot, in ns. It grows by an
// eighth at every overshoot above it and shrinks by a 999th of that at every
// other, so that it rests where one in a thousand is above.
type margin int64

const (
	minMargin = margin(50 * time.Microsecond)
	maxMargin = margin(2 * time.Millisecond)
)

func (m *margin) add(overshoot int64) {
	if overshoot > int64(*m) {
		*m = min(*m+*m/8, maxMargin)
		return
	}
	m.relax()
}

// relax is also called where the margin left no time to sleep: else one that
// is longer than every wait would never be put to the test again.
func (m *margin) relax() { *m = max(*m-*m/(8*999), minMargin) }
