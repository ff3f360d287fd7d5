package ring

import (
	"runtime"
	"sync/atomic"
)

// Spins and yields come before parking: waking a goroutine costs its waker
// microseconds, and a busy peer answers sooner than that.
const (
	spins  = 128
	yields = 16
)

// Bell is where one goroutine sleeps until any of those that may have work for
// it rings. One goroutine waits at a time; any number may ring. Ringing costs
// one atomic load unless somebody really sleeps.
type Bell struct {
	_       [padBytes]byte
	waiting atomic.Bool
	_       [padBytes]byte
	wake    chan struct{} // holds at most the one token of the ringer that took waiting
}

// NewBell returns a bell that nobody waits for.
func NewBell() *Bell {
	return &Bell{wake: make(chan struct{}, 1)}
}

// Ring wakes the waiter, if there is one, to look again. What it is to see must
// have been stored before, by way of sync/atomic.
func (b *Bell) Ring() {
	if b.waiting.Load() {
		b.ring()
	}
}

func (b *Bell) ring() {
	if b.waiting.CompareAndSwap(true, false) {
		b.wake <- struct{}{}
	}
}

// Wait returns once ready does: after a short spin it sleeps between rings.
// ready is called by the waiter alone and must not block.
func (b *Bell) Wait(ready func() bool) {
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
		// Whatever happened before this store is seen now; whatever comes
		// after it rings.
		if ready() {
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
