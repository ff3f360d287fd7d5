package worker

import (
	"math/rand/v2"

	"zbench/drivers/load"
)

// canary measures how late a thread runs that was asleep: a timer in the same
// set as its sockets, due at random instants about a millisecond apart. What
// ended a sleep was waited for in the same way, so it was as late.
type canary struct {
	timer  func(at int64) // sets it
	random *rand.Rand
	at     int64 // when it expires, a clock reading
	latest int64 // ns by which the thread was late when it expired in a sleep
}

// arm sets the timer before a sleep that begins at from, where it is not yet to
// come.
func (c *canary) arm(from int64) {
	if c.at > from || c.timer == nil {
		return
	}
	c.at = load.NextCanary(from, c.random)
	c.timer(c.at)
}

// late is by how much the thread was late that slept from one reading to
// another, as far as the newest canary says. One that expired when something else
// had already ended the sleep says nothing: the thread was about to run.
func (c *canary) late(from, woke int64, first bool) int64 {
	if first && c.at > from && c.at <= woke {
		c.latest = woke - c.at
	}
	return c.latest
}
