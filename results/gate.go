package results

import (
	"runtime"
	"sync/atomic"
	"time"
)

// gate lets the collector exchange a recorder's interval without ever making
// the recorder wait: between bursts the collector does it, in a burst it asks
// and the recorder does it at the burst's end.
type gate struct{ state atomic.Uint32 }

const (
	idle     = iota // the recorder is outside a burst
	inside          // in a burst
	wanted          // in a burst, and the collector asks for a swap
	swapping        // the collector swaps, for some nanoseconds
)

func (g *gate) enter() {
	for !g.state.CompareAndSwap(idle, inside) {
		runtime.Gosched()
	}
}

// leave reports whether a swap is due: do it, then call free.
func (g *gate) leave() (swap bool) { return !g.state.CompareAndSwap(inside, idle) }

func (g *gate) free() { g.state.Store(idle) }

// ask returns true with the gate held by the collector, who calls free; or
// false when the recorder has been asked.
func (g *gate) ask() (held bool) {
	for {
		switch {
		case g.state.CompareAndSwap(idle, swapping):
			return true
		case g.state.CompareAndSwap(inside, wanted), g.state.Load() == wanted:
			return false
		}
	}
}

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
