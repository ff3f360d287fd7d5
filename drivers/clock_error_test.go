package drivers

import (
	"testing"

	"zbench/results"
)

func TestClockError(t *testing.T) {
	for _, c := range []struct {
		cell   results.Cell
		shared bool
	}{
		{results.Cell{Loop: results.Lockstep}, false},
		{results.Cell{Loop: results.Window, Window: 1}, false},
		{results.Cell{Loop: results.Window, Window: 64}, true},
		{results.Cell{Loop: results.Open, RateMsgsPerS: 1000}, false},
		{results.Cell{Loop: results.Open, RateMsgsPerS: 1e6}, true},
		{results.Cell{Loop: results.Max}, true},
	} {
		if got := clockErrorNS(c.cell); got < 1 || (got >= staleNS) != c.shared {
			t.Errorf("%s, window %d, %g/s: %d ns", c.cell.Loop, c.cell.Window, c.cell.RateMsgsPerS, got)
		}
	}
}
