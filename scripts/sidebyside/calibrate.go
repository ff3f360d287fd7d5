package main

import "time"

const (
	firstCount = 1000
	lastCount  = 200_000_000
	// A run is long enough to calibrate by when it takes this share of the
	// duration wanted; shorter ones are mostly their own beginning.
	enough = 0.25
	steps  = 6
)

// calibrate finds the count of messages with which a run takes about that
// long, by runs that grow until they are long enough.
func calibrate(duration time.Duration, m metric, play func(count uint64) (figure, error)) (uint64, error) {
	count := uint64(firstCount)
	for range steps {
		f, err := play(count)
		if err != nil {
			return 0, err
		}
		took := f.seconds(m)
		next := uint64(float64(count) * min(duration.Seconds()/took, lastCount))
		if took >= enough*duration.Seconds() {
			return clamp(next), nil
		}
		// The beginning was slow: what follows from it is too low rather than
		// too high, but no leap is trusted that far.
		count = clamp(min(next, count*30))
	}
	return count, nil
}

func clamp(count uint64) uint64 { return min(max(count, firstCount), lastCount) }

// seconds is how long the messages took that a figure is of.
func (f figure) seconds(m metric) float64 {
	if m == roundTrip {
		return float64(f.messages) * f.values[m] / 1e9
	}
	return float64(f.messages) / f.values[m]
}
