package drivers

import (
	"fmt"
	"sync/atomic"

	"zbench/drivers/load"
	"zbench/results"
)

// credit lets a receiver tell its sender how many replies have come. A channel
// operation is made only when the sender waits.
//
// Where a window is small the receiver does not even wake the sender, but sends
// in its stead: with a fast peer the change of goroutine would take longer than
// all the rest. Asleep says who may send: the receiver from the moment at which
// it takes that flag down until it puts it up again.
type credit struct {
	windowed bool
	window   uint64 // messages in flight
	sent     uint64 // by whoever may send
	replies  atomic.Uint64
	asleep   atomic.Bool
	wake     chan struct{}
	ended    <-chan struct{}
	lent     func(now int64) bool // sends as long as it may; nil: the sender itself must
	over     bool                 // lent has sent the last
	errs     int
}

// What a window may hold for the receiver to send: what queues and buffers on
// the way take even where the peer reads nothing, so that it is never blocked
// while replies wait for it. Queues hold as many messages as the HWM says.
const (
	lentMessages = 64
	lentBytes    = 64 << 10
)

func (c *credit) init(r *run, fire func(int64) bool) {
	c.wake, c.ended = make(chan struct{}, 1), r.halt
	c.windowed, c.window = r.Cell.Loop == results.Window, uint64(r.Cell.Window)
	cell := r.Cell
	small := cell.Window <= lentMessages && cell.Window*r.sizes.Max()*cell.Frames <= lentBytes
	queued := (cell.HWM == 0 || cell.Window <= cell.HWM) && cell.SndBuf == 0 && cell.RcvBuf == 0
	if c.windowed && small && queued {
		c.lent = fire
	}
}

// room reports whether fewer than a window of the sent messages are in flight.
// There may be more replies than messages, where a peer answers twice.
func (c *credit) room(sent uint64) bool { return sent < c.replies.Load()+c.window }

// awaitCredit returns when there is room; false: the run ends.
func (c *credit) awaitCredit(sent uint64) bool {
	for {
		c.asleep.Store(true)
		if c.room(sent) && c.asleep.CompareAndSwap(true, false) {
			return true
		}
		select {
		case <-c.wake:
			if c.lent != nil {
				return !c.over
			}
		case <-c.ended:
			if !c.asleep.CompareAndSwap(true, false) {
				<-c.wake // the receiver is sending, or about to wake us
			}
			return false
		}
	}
}

// grant adds n replies.
func (c *credit) grant(n int) {
	c.replies.Add(uint64(n))
	if !c.asleep.Load() || !c.asleep.CompareAndSwap(true, false) {
		return
	}
	if c.lent != nil {
		for c.lent(load.Now()) {
			if c.handBack() {
				return
			}
		}
		c.over = true
	}
	c.wake <- struct{}{}
}

// giveBack returns the places of n messages that no reply is to be expected for
// any more. Any goroutine may call it.
func (c *credit) giveBack(n int) {
	c.replies.Add(uint64(n))
	if c.asleep.Load() && c.asleep.CompareAndSwap(true, false) {
		c.wake <- struct{}{}
	}
}

// handBack puts the flag up again; false: it is down once more, because places
// came back or the run ended while it was down and nobody saw that.
func (c *credit) handBack() bool {
	sent := c.sent
	c.asleep.Store(true)
	again := c.room(sent)
	select {
	case <-c.ended:
		again = true
	default:
	}
	return !again || !c.asleep.CompareAndSwap(true, false)
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
