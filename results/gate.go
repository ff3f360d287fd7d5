package results

import (
	"runtime"
	"sync/atomic"
	"time"
)

// gate lets the collector exchange a recorder's interval. The collector asks, and
// the recorder does it at the end of its burst, or of the next one. Only where
// no burst comes does the collector do it: its thread may be put aside for others
// meanwhile, and a recorder that begins a burst would wait for it.
type gate struct{ state atomic.Uint32 }

const (
	idle     = iota // the recorder is outside a burst
	asked           // outside a burst, and the collector asks for a swap
	inside          // in a burst
	wanted          // in a burst, and the collector asks for a swap
	swapping        // the collector swaps
)

func (g *gate) enter() {
	for !g.state.CompareAndSwap(idle, inside) && !g.state.CompareAndSwap(asked, wanted) {
		runtime.Gosched()
	}
}

// leave reports whether a swap is due: do it, then call free.
func (g *gate) leave() (swap bool) { return !g.state.CompareAndSwap(inside, idle) }

func (g *gate) free() { g.state.Store(idle) }

// ask has the recorder swap at the end of its burst, or of the next one.
func (g *gate) ask() {
	for !g.state.CompareAndSwap(idle, asked) && !g.state.CompareAndSwap(inside, wanted) {
		if s := g.state.Load(); s == asked || s == wanted {
			return
		}
	}
}

// seize holds the gate for the collector, which swaps and calls free, where no burst
// has come since it asked.
func (g *gate) seize() bool { return g.state.CompareAndSwap(asked, swapping) }

// wait waits until done, at most limit.
func wait(done func() bool, limit time.Duration) bool {
	for end := time.Now().Add(limit); !done(); {
		if time.Now().After(end) {
			return false
		}
		time.Sleep(20 * time.Microsecond)
	}
	return true
}
