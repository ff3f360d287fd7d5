package drivers

import (
	"sync"
	"sync/atomic"
)

// asks are the requests of one client, in the order in which they were sent:
// request k is the one with sequence k. The sender adds without a lock; those
// who look, the receiver and the supervisor, take mu once for a burst.
type asks struct {
	tail atomic.Uint64 // requests so far
	last *askPage      // of the sender: where the next goes
	full *askPage      // of the sender: the one before

	spare atomic.Pointer[askPage]

	mu        sync.Mutex
	pages     []*askPage // the first has request head
	head      uint64     // the first request that waits for its reply
	expired   uint64     // by order: those below have timed out, but may be answered yet
	given     map[uint64]struct{}
	abandoned uint64        // timed-out requests that no order tells from others any more
	gaveUp    atomic.Uint64 // requests that count as lost, whatever comes
}

// ask is a request: clock readings. One that had to wait for its peer left later
// than it was sent, and its time for a reply begins there.
type ask struct {
	due, sent, left int64
	lag             int64 // ns; below zero where there is no schedule
	answered        bool
}

const asksEach = 1024

// askPage holds the requests from a multiple of asksEach on.
type askPage struct {
	asks [asksEach]ask
	next *askPage
}

func newAsks() *asks {
	first := &askPage{}
	return &asks{last: first, pages: []*askPage{first}, given: map[uint64]struct{}{}}
}

// push adds a request that is about to be sent.
func (a *asks) push(due, sent, left, lag int64) {
	k := a.tail.Load()
	i := k % asksEach
	a.last.asks[i] = ask{due: due, sent: sent, left: left, lag: lag}
	if i == asksEach-1 {
		a.last.next = a.another()
		a.full, a.last = a.last, a.last.next
	}
	a.tail.Store(k + 1)
}

// another is an empty page.
func (a *asks) another() *askPage {
	if p := a.spare.Swap(nil); p != nil {
		return p
	}
	return &askPage{}
}

// retract takes the latest request back: it could not be sent.
func (a *asks) retract() {
	a.mu.Lock()
	defer a.mu.Unlock()
	k := a.tail.Load() - 1
	if a.head > k {
		return // it was given up with its connection
	}
	if k%asksEach == asksEach-1 {
		a.last = a.full
	}
	a.expired = min(a.expired, k)
	a.tail.Store(k)
}

// at is request k, which is from head on and below tail. mu is held.
func (a *asks) at(k uint64) *ask {
	page := int(k/asksEach - a.head/asksEach)
	for page >= len(a.pages) {
		a.pages = append(a.pages, a.pages[len(a.pages)-1].next)
	}
	return &a.pages[page].asks[k%asksEach]
}

// pass moves head on by one. mu is held.
func (a *asks) pass() {
	a.head++
	if a.head%asksEach != 0 {
		return
	}
	done := a.pages[0]
	if len(a.pages) == 1 {
		a.pages[0] = done.next
	} else {
		n := copy(a.pages, a.pages[1:])
		a.pages[n] = nil
		a.pages = a.pages[:n]
	}
	done.next = nil
	a.spare.Store(done)
}

// answer says what a reply is.
type answer uint8

const (
	fitting   answer = iota // the first reply to its request
	belated                 // its request was given up before
	unmatched               // it belongs to no request
	again                   // its request has had a reply
)

// takeNext finds the request of a reply by order. mu is held.
func (a *asks) takeNext() (k uint64, q ask, is answer) {
	if a.head == a.tail.Load() {
		if a.abandoned > 0 {
			a.abandoned--
			return 0, q, belated
		}
		return 0, q, unmatched
	}
	k, q = a.head, *a.at(a.head)
	a.pass()
	if k < a.expired {
		return k, q, belated
	}
	return k, q, fitting
}

// takeThat finds the request with that sequence. mu is held.
func (a *asks) takeThat(k uint64) answer {
	switch {
	case k >= a.tail.Load():
		return unmatched
	case k < a.head:
		if _, ok := a.given[k]; ok {
			delete(a.given, k)
			return belated
		}
		return again
	}
	q := a.at(k)
	if q.answered {
		return again
	}
	q.answered = true
	for a.head < a.tail.Load() && a.at(a.head).answered {
		a.pass()
	}
	return fitting
}

// expire gives up the requests that left at that clock reading or before and
// tells when each one did. mu is held.
func (a *asks) expire(until int64, byOrder bool, lost func(sent int64)) (n int) {
	tail := a.tail.Load()
	if !byOrder {
		for ; a.head < tail; a.pass() {
			q := a.at(a.head)
			if !q.answered {
				if q.left > until {
					break
				}
				a.give(q.left, lost)
				n++
			}
		}
		return n
	}
	for a.expired = max(a.expired, a.head); a.expired < tail; a.expired++ {
		q := a.at(a.expired)
		if q.left > until {
			break
		}
		a.gaveUp.Add(1)
		lost(q.left)
		n++
	}
	if a.expired == tail { // all that waits has timed out: the order begins anew
		a.abandoned += tail - a.head
		a.skip(tail)
	}
	return n
}

// give gives up request head; its reply may come yet.
func (a *asks) give(sent int64, lost func(int64)) {
	if len(a.given) < mostGiven {
		a.given[a.head] = struct{}{}
	}
	a.gaveUp.Add(1)
	lost(sent)
}

// mostGiven bounds the memory of requests that were given up. A reply to an
// older one counts as one to a request that had its reply.
const mostGiven = 1 << 20

// cut gives up all requests below to: the connection that they went by is no
// more. mu is held.
func (a *asks) cut(to uint64, byOrder bool, lost func(sent int64)) (n int) {
	for ; a.head < to; a.pass() {
		if q := a.at(a.head); !q.answered && a.head >= a.expired {
			n++
			if byOrder {
				a.gaveUp.Add(1)
				lost(q.left)
			} else {
				a.give(q.left, lost)
			}
		}
	}
	return n
}

// skip moves head on to k. mu is held.
func (a *asks) skip(k uint64) {
	for a.head < k {
		a.pass()
	}
}

// oldest is when the first request left that waits, 0 where none does. mu
// is held.
func (a *asks) oldest() int64 {
	k := max(a.head, a.expired)
	if k >= a.tail.Load() {
		return 0
	}
	return a.at(k).left
}

// leftover tells the send times of the requests that were neither answered nor
// given up. Nobody else uses a any more.
func (a *asks) leftover(lost func(sent int64)) {
	for k := max(a.head, a.expired); k < a.tail.Load(); k++ {
		if q := a.at(k); !q.answered {
			lost(q.left)
		}
	}
}
