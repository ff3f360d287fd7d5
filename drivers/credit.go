package drivers

import (
	"fmt"
	"sync/atomic"

	"zbench/results"
)

// credit lets a receiver tell its sender how many replies have come. A channel
// operation is made only when the sender waits.
type credit struct {
	windowed bool
	window   uint64 // messages in flight
	replies  atomic.Uint64
	asleep   atomic.Bool
	wake     chan struct{}
	ended    <-chan struct{}
	errs     int
}

func (c *credit) init(r *run) {
	c.wake, c.ended = make(chan struct{}, 1), r.halt
	c.windowed, c.window = r.Cell.Loop == results.Window, uint64(r.Cell.Window)
}

// room reports whether fewer than a window of the sent messages are in flight.
// There may be more replies than messages, where a peer answers twice.
func (c *credit) room(sent uint64) bool { return sent < c.replies.Load()+c.window }

// awaitCredit returns when there is room; false: the run ends.
func (c *credit) awaitCredit(sent uint64) bool {
	for {
		c.asleep.Store(true)
		if c.room(sent) {
			c.asleep.Store(false)
			return true
		}
		select {
		case <-c.wake:
		case <-c.ended:
			return false
		}
	}
}

// grant adds n replies.
func (c *credit) grant(n int) {
	c.replies.Add(uint64(n))
	if c.asleep.Load() && c.asleep.CompareAndSwap(true, false) {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// maxErrors is how many failed sends of one client end a run: a socket that
// fails this often is not coming back.
const maxErrors = 1000

// bear reports whether to go on after a failed send.
func (c *client) bear(err error) bool {
	if c.errs++; c.errs < maxErrors {
		return true
	}
	c.fatal(fmt.Errorf("%s: %d sends failed, the last: %w", c.end, c.errs, err))
	return false
}
