package drivers

import (
	"zbench/drivers/load"
	"zbench/results"
)

// clockErrorNS is by how much the times of a message can be off. Where one
// reading may serve several messages, it is as old as such a reading may grow.
func clockErrorNS(c results.Cell) int64 {
	shared := false
	switch c.Loop {
	case results.Max:
		shared = true
	case results.Window:
		shared = c.Window > 1
	case results.Open:
		shared = c.RateMsgsPerS*staleNS > 1e9
	}
	if shared {
		return staleNS + load.ReadingError()
	}
	return load.ReadingError()
}
