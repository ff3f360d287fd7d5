package drivers

import (
	"fmt"
	"testing"

	"zbench/engines/zmtp"
	"zbench/results"
)

// A window that queues cannot hold: who takes the replies must not be the one
// who waits for room.
func TestWindowAboveHWM(t *testing.T) {
	for _, c := range []struct{ hwm, window int }{{1, 1}, {1, 7}, {8, 64}, {10, 64}, {64, 64}, {0, 64}} {
		for _, transport := range []string{"inproc", "tcp"} {
			t.Run(fmt.Sprintf("%s HWM %d window %d", transport, c.hwm, c.window), func(t *testing.T) {
				wantClean(t, runCellOn(t, zmtp.New(), func(cell *results.Cell) {
					cell.Pattern, cell.Engine, cell.Transport = "dealer-router", "zmtp", transport
					cell.Count, cell.HWM, cell.Window = 20_000, c.hwm, c.window
				}))
			})
		}
	}
}
