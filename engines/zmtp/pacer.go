package zmtp

import (
	"sync/atomic"
	"time"
)

const (
	// paceFirst is how long a message may lie in a buffer when its sender does
	// not flush; the timers of an idle process add up to a millisecond.
	paceFirst = 500 * time.Microsecond
	// paceLast is that for a sender that has always flushed so far. Waking
	// often would cost it its round trip: a process with one thread on the
	// wire would have two that look for work.
	paceLast = 16 * time.Millisecond
	// paceIdle is how many rounds at paceLast without work send the pacer to
	// sleep.
	paceIdle = 4
)

// pacer flushes what a sender has left lying. It runs only while messages are
// being sent, and costs the sender one look at a flag a message.
type pacer struct {
	core   *core
	period time.Duration // of a round
	asleep atomic.Bool
	wake   chan struct{} // one token
	done   chan struct{}
}

func (p *pacer) init(c *core) {
	p.core = c
	p.period = paceFirst
	p.asleep.Store(c.set.Host == nil)
	p.wake = make(chan struct{}, 1)
	p.done = make(chan struct{})
}

// rouse starts the pacer if it sleeps. The sender calls it after publishing a
// message.
func (p *pacer) rouse() {
	if p.asleep.Load() {
		p.start()
	}
}

func (p *pacer) start() {
	if p.asleep.CompareAndSwap(true, false) {
		p.wake <- struct{}{}
	}
}

func (p *pacer) stop() { close(p.done) }

// run is the pacer's goroutine. Having said that it sleeps it waits for a round
// and looks once more: a sender that published without waiting for its store
// to be visible, and saw the pacer awake, has been visible by then.
func (p *pacer) run() {
	tick := time.NewTimer(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-p.wake:
		case <-p.done:
			return
		}
		for idle := 0; idle < paceIdle; idle++ {
			if !p.pause(tick) {
				return
			}
			if p.sweep() {
				idle, p.period = 0, paceFirst
			} else if p.period < paceLast {
				idle, p.period = 0, 2*p.period
			}
		}
		p.asleep.Store(true)
		if !p.pause(tick) {
			return
		}
		if p.sweep() {
			p.period = paceFirst
			p.rouse()
		}
	}
}

// pause waits for a round, and is false where the socket closed.
func (p *pacer) pause(tick *time.Timer) bool {
	tick.Reset(p.period)
	select {
	case <-tick.C:
		return true
	case <-p.done:
		return false
	}
}

// sweep flushes every peer and reports whether there was anything to flush.
func (p *pacer) sweep() bool {
	any := p.core.publisher != nil && p.core.publisher.push()
	for _, q := range p.core.list() {
		any = q.out.push() || any
	}
	return any
}
