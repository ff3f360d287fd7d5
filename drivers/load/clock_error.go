package load

import "slices"

// ReadingError is by how much one reading of the clock can be off, in ns: the
// time that a reading takes here, or the step of a clock that is coarser.
func ReadingError() int64 {
	const readings = 101
	steps := make([]int64, readings)
	for i := range steps {
		before, spins := Now(), 0
		now := Now()
		for ; now == before && spins < 1<<20; spins++ {
			now = Now()
		}
		steps[i] = now - before
	}
	slices.Sort(steps)
	return max(1, steps[readings/2])
}
