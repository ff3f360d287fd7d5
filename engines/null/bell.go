package null

import (
	"runtime"
	"sync/atomic"

	"zbench/engines"
)

// padBytes keeps what two goroutines write on different cache lines, and apart
// from the neighbour line that some processors fetch along.
const padBytes = 128

// Spins and yields come before parking: waking a goroutine costs its waker
// microseconds, and a busy peer answers sooner than that.
const (
	spins  = 32
	yields = 2
)

// bell is where a socket's sender or receiver waits until any of those that may
// have something for it rings. Ringing costs one atomic load unless somebody
// really waits.
type bell struct {
	host engines.Host  // of the waiter, who then does not sleep here; or nil
	wake chan struct{} // holds at most the one token of the ringer that took waiting

	_       [padBytes]byte
	waiting atomic.Bool
	_       [padBytes]byte
}

func newBell(h engines.Host) *bell {
	return &bell{host: h, wake: make(chan struct{}, 1)}
}

// ring has the waiter, if there is one, look again. What it is to see must have
// been stored before, by way of sync/atomic.
func (b *bell) ring() {
	if b.waiting.Load() {
		b.rouse()
	}
}

func (b *bell) rouse() {
	if !b.waiting.CompareAndSwap(true, false) {
		return
	}
	if b.host != nil {
		b.host.Wake()
	} else {
		b.wake <- struct{}{}
	}
}

// wait returns nil once ready does: after a short spin it sleeps between rings.
// Who has a host gets ErrWait instead, and the host hears of the next ring.
// ready is called by the waiter alone and must not wait.
func (b *bell) wait(ready func() bool) error {
	if b.host == nil {
		b.sleep(ready)
		return nil
	}
	b.waiting.Store(true)
	// Whatever happened before this store is seen now; whatever comes after it
	// rings.
	if !ready() {
		return engines.ErrWait
	}
	b.waiting.Store(false) // a Wake that came meanwhile is one too many
	return nil
}

func (b *bell) sleep(ready func() bool) {
	for range spins {
		if ready() {
			return
		}
	}
	for range yields {
		runtime.Gosched()
		if ready() {
			return
		}
	}
	for {
		b.waiting.Store(true)
		if ready() { // as in wait
			if !b.waiting.CompareAndSwap(true, false) {
				<-b.wake // a ringer was faster: its token must not stay behind
			}
			return
		}
		<-b.wake
		if ready() {
			return
		}
	}
}
