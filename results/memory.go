package results

import (
	"fmt"
	"slices"
)

// Memory grows where it has a trend over the run and over its second half, for
// pools and the collector's own histograms fill up in the first.
const (
	leastGrowth      = 16 << 20 // bytes from the first half to the end
	leastGrowthShare = 0.1      // of the median
)

// memoryGrows warns of every side whose resident memory grew to the end of the
// measured window.
func memoryGrows(series []Point, length, from, to float64) (warnings []Warning) {
	bySide := map[string][]float64{}
	var sides []string
	for _, p := range whole(series, length, from, to) {
		for side, bytes := range p.RSSBytes {
			if bySide[side] == nil {
				sides = append(sides, side)
			}
			bySide[side] = append(bySide[side], float64(bytes))
		}
	}
	slices.Sort(sides)
	for _, side := range sides {
		values := bySide[side]
		n := len(values)
		if n < 2*leastIntervals {
			continue
		}
		first, last := median(values[:n/4]), median(values[n-n/4:])
		_, whole := trend(values)
		_, late := trend(values[n/2:])
		if whole && late && last-first >= max(leastGrowth, leastGrowthShare*first) {
			warnings = append(warnings, Warning{"memory_grows", fmt.Sprintf(
				"resident memory (%s) grew from %.0f to %.0f MiB and was still growing at the end", side, first/(1<<20), last/(1<<20))})
		}
	}
	return warnings
}
