package drivers

import (
	"math/rand/v2"
	"sync/atomic"

	"zbench/drivers/load"
)

// canary tells how late goroutines run that wait for a descriptor, as those do
// that receive on engines whose calls wait: one more of them waits for a timer
// (where the system has them as descriptors) that expires at random instants
// about a millisecond apart.
type canary struct {
	next    atomic.Int64 // clock reading at which it expires; 0: there is none
	latest  atomic.Int64 // ns by which it was late the last time
	stopped chan struct{}
	done    chan struct{}
}

func (c *canary) start(seed uint64) {
	c.stopped, c.done = make(chan struct{}), make(chan struct{})
	go c.loop(rand.New(rand.NewPCG(seed, 0xca)))
}

func (c *canary) stop() {
	if c.stopped != nil {
		close(c.stopped)
		<-c.done
	}
}

func (c *canary) loop(random *rand.Rand) {
	defer close(c.done)
	t, err := load.NewTimer()
	if err != nil {
		return // receive lag is unknown then
	}
	defer t.Close()
	defer c.next.Store(0)
	for {
		select {
		case <-c.stopped:
			return
		default:
		}
		at := load.NextCanary(load.Now(), random)
		c.next.Store(at)
		if t.Wait(at) != nil {
			return
		}
		c.latest.Store(load.Now() - at)
	}
}

// Late is by how much a receiver is late that reads at that clock reading, as far
// as the canary tells: as late as it was, or as it is by now. Below zero it is
// not known.
func (c *canary) Late(now int64) int64 {
	at := c.next.Load()
	if at == 0 {
		return -1
	}
	return max(c.latest.Load(), now-at)
}
