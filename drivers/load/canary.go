package load

import (
	"math/rand/v2"
	"time"
)

// CanaryEvery is the mean time between two canaries, in ns: timers by which a
// thread that waits finds out how late it runs.
const CanaryEvery = int64(time.Millisecond)

// NextCanary is when a canary expires that is set at the clock reading now: at an
// instant uniform between half and one and a half of CanaryEvery later.
func NextCanary(now int64, random *rand.Rand) int64 {
	return now + CanaryEvery/2 + random.Int64N(CanaryEvery)
}
