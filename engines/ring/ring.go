// Package ring is a bounded queue between exactly one producer and one
// consumer, and the bell by which either sleeps until there is something to
// do. Neither takes a lock or a channel operation per value.
package ring

import (
	"math/bits"
	"sync/atomic"
)

// padBytes keeps the two sides' words on different cache lines, and apart from
// the neighbour line that some processors fetch along.
const padBytes = 128

// Ring is a queue of at most Cap values. One goroutine at a time may call the
// producer's methods (Stage, Publish, TryPush, Push, Room), one the consumer's
// (PopInto, Pop, Empty); Close, Closed and Cap are for all.
//
// Each side keeps the other's index as it last saw it and reads it anew only
// when the ring looks full or empty, so that a burst costs few cache misses.
type Ring[T any] struct {
	buf    []T
	mask   uint64
	pushed *Bell // the consumer's
	popped *Bell // the producer's
	closed atomic.Bool

	_    [padBytes]byte
	tail atomic.Uint64 // values published, ever
	next uint64        // values staged, ever; the producer's
	seen uint64        // head as the producer last saw it

	_         [padBytes]byte
	head      atomic.Uint64 // values popped, ever
	available uint64        // tail as the consumer last saw it
	_         [padBytes]byte
}

// NewWithBells returns an empty ring that holds at least capacity values,
// rounded up to a power of two. pushed rings for the consumer, popped for the
// producer. A goroutine that serves several rings gives them the same bell and
// waits there for all of them.
func NewWithBells[T any](capacity int, pushed, popped *Bell) *Ring[T] {
	size := uint64(1)
	if capacity > 1 {
		size = 1 << bits.Len64(uint64(capacity-1))
	}
	return &Ring[T]{buf: make([]T, size), mask: size - 1, pushed: pushed, popped: popped}
}

// Cap is the number of values that fit.
func (r *Ring[T]) Cap() int { return len(r.buf) }

// TryPush appends v and shows it to the consumer; false: the ring is full.
func (r *Ring[T]) TryPush(v T) bool {
	if !r.Stage(v) {
		return false
	}
	r.Publish()
	return true
}

// Stage appends v without showing it to the consumer yet: one Publish then
// serves a burst. false: the ring is full, and what was staged is published.
func (r *Ring[T]) Stage(v T) bool {
	if !r.Room() {
		return false
	}
	r.buf[r.next&r.mask] = v
	r.next++
	return true
}

// Publish shows the consumer what was staged.
func (r *Ring[T]) Publish() {
	if r.tail.Load() != r.next {
		r.tail.Store(r.next)
		r.pushed.Ring()
	}
}

// Room reports whether a value fits. If none does, what was staged is
// published, for only the consumer can make room.
func (r *Ring[T]) Room() bool {
	return r.next-r.seen < uint64(len(r.buf)) || r.room()
}

// room is Room where the ring looks full.
func (r *Ring[T]) room() bool {
	r.seen = r.head.Load()
	if r.next-r.seen < uint64(len(r.buf)) {
		return true
	}
	r.Publish()
	return false
}

// PopInto moves the oldest values into dst, as many as fit and are known to be
// there, and returns their number. The ring keeps no reference to them.
func (r *Ring[T]) PopInto(dst []T) int {
	if len(dst) == 0 || r.Empty() {
		return 0
	}
	head := r.head.Load()
	n := min(r.available-head, uint64(len(dst)))
	start := head & r.mask
	first := r.buf[start:min(start+n, uint64(len(r.buf)))]
	rest := r.buf[:n-uint64(len(first))]
	copy(dst, first)
	copy(dst[len(first):], rest)
	clear(first)
	clear(rest)
	r.head.Store(head + n)
	r.popped.Ring()
	return int(n)
}

// Empty reports whether nothing was published that was not popped.
func (r *Ring[T]) Empty() bool {
	head := r.head.Load()
	if r.available != head {
		return false
	}
	r.available = r.tail.Load()
	return r.available == head
}

// Push waits for room and appends v; false: the ring was closed. It waits at
// the popped bell.
func (r *Ring[T]) Push(v T) bool {
	if r.Closed() {
		return false
	}
	if !r.Room() {
		r.popped.Wait(func() bool { return r.Closed() || r.Room() })
		if r.Closed() {
			return false
		}
	}
	return r.TryPush(v)
}

// Pop waits for a value and then fills dst like PopInto; 0: the ring was closed
// and is empty. It waits at the pushed bell.
func (r *Ring[T]) Pop(dst []T) int {
	if len(dst) == 0 {
		return 0
	}
	if n := r.PopInto(dst); n > 0 {
		return n
	}
	r.pushed.Wait(func() bool { return !r.Empty() || r.Closed() })
	return r.PopInto(dst)
}

// Close wakes both sides for good. It drops nothing: what was published can
// still be popped.
func (r *Ring[T]) Close() {
	r.closed.Store(true)
	r.pushed.Ring()
	r.popped.Ring()
}

// Closed reports whether Close was called.
func (r *Ring[T]) Closed() bool { return r.closed.Load() }
