// Package worker is a thread that plays many sockets: it waits for the next due
// time and for all of them in one system call, so that what is due goes out and
// what has come is recorded by one thread, and nobody has to be woken in between.
//
// A round of a worker:
//
//  1. Look: which descriptors are readable, who was woken by another thread,
//     whose time has come.
//  2. Attend to each of those once. Who has more to do is attended to again in
//     the next round, after the others.
//  3. Where there was nothing to do, look again for a while (see Looking), then
//     sleep until shortly before the next due time.
//
// A worker knows at which instant a message had not come yet, and so by how much
// it was late itself in reading it: what a look finds came after the look
// before. What ends a sleep came during the sleep; how long the thread then took
// to run is measured by a canary, a timer that expires at random instants.
package worker

import (
	"runtime"
	"sync/atomic"

	"zbench/drivers/load"
)

const (
	// Never is the time of a member that waits for its sockets alone.
	Never = int64(1<<63 - 1)
	// Unread is the time of a member that has not found its sockets empty: in the
	// next round, and what it finds there may have come before.
	Unread = int64(-1)
)

// Member is a state machine that a worker calls, always on its own thread.
type Member interface {
	// Attend does what can be done at the clock reading now, without waiting. It
	// returns when it is to be called again though nothing comes: at or before
	// now, or Unread, is in the next round, Never is not at all. What has come since the last
	// call came at since or later. did is whether there was anything to do.
	Attend(now, since int64) (next int64, did bool)
	// Unsettled reports whether its sockets have something that they will not
	// tell of any more (engines.Unsettled).
	Unsettled() bool
}

// worker is one thread and its members.
type worker struct {
	team    *Team
	poller  *poller
	looking Looking
	bound   bound
	asleep  atomic.Bool
	stopped atomic.Bool
	done    chan struct{}
	woken   atomic.Pointer[Seat] // a stack of those that others have woken
	looked  atomic.Int64         // ns spent looking in vain

	// The thread's alone.
	timers    timers
	queue     []*Seat // to be attended to in this round
	spare     []*Seat
	called    []*Seat // since the last sleep
	overshot  bool    // the latest sleep, by an amount that is noted
	preempted preempted
}

// start locks a thread for the worker. It is never unlocked: with its timer
// slack it ends when the worker does.
func (w *worker) start() {
	w.team.awake.Add(1)
	go func() {
		defer close(w.done)
		defer w.team.awake.Add(-1)
		runtime.LockOSThread()
		becomeExact()
		w.run()
	}()
}

func (w *worker) stop() {
	w.stopped.Store(true)
	w.poller.wake()
	<-w.done
}

func (w *worker) run() {
	w.bound.looked = load.Now()
	idle := int64(0) // since when there has been nothing to do; 0: there is
	for !w.stopped.Load() {
		now := load.Now()
		if idle != 0 || len(w.queue) == 0 || now-w.bound.looked > lookEvery {
			w.look(now, idle != 0)
		}
		due := w.due(now)
		if w.serve() {
			if idle != 0 && !due {
				w.looking.found(now - idle)
			}
			idle = 0
			continue
		}
		if idle == 0 {
			// Who looks asks as well: descriptors alone would tell it nothing.
			if idle = now; w.unsettled() {
				continue
			}
		}
		next := w.timers.first()
		switch {
		case w.team.mayLook(now) && w.looking.shall(now, idle, next):
			if w.looking.yields(next - now) {
				yield()
			}
			read := load.Now()
			took := read - now
			w.looked.Store(w.looked.Load() + took)
			if took < preemptedNS || w.preempted.sinceLast() {
				w.team.contention.note(read, took)
			}
		case !w.unsettled() && len(w.queue) == 0:
			if w.team.mayLook(now) {
				next = w.looking.sleepUntil(next)
			}
			w.sleep(next)
		}
	}
}

// mostEvents is how many one call finds.
const mostEvents = 128

// lookEvery is for how long, in ns, a worker that is busy need not look.
const lookEvery = 5000

// look finds who can go on. Where there are a few descriptors they are read at
// once: to ask first would be a system call more for what has come.
func (w *worker) look(now int64, idle bool) {
	w.bound.look(now)
	if few := w.poller.few.Load(); idle && few != nil {
		for _, f := range *few {
			f.ready.Ready(false)
			w.enqueue(f.seat)
		}
	} else {
		w.poller.look(w)
	}
	w.takeWoken()
}

// takeWoken queues those that others have woken, in the order in which they were.
func (w *worker) takeWoken() {
	if w.woken.Load() == nil {
		return
	}
	var first *Seat
	for s := w.woken.Swap(nil); s != nil; {
		next := s.below
		s.below = first
		first, s = s, next
	}
	for s := first; s != nil; {
		next := s.below
		s.below = nil
		s.rung.Store(false) // it may be woken again: it looks after this
		w.enqueue(s)
		s = next
	}
	if w.poller.news.Load() { // not before: a descriptor that comes now wakes us again
		w.poller.tellFresh(w)
	}
}

// due queues those whose time has come and reports whether there are any.
func (w *worker) due(now int64) bool {
	if w.timers.first() > now {
		return false
	}
	if !w.overshot {
		w.looking.slept(0)
	}
	w.overshot = false
	for w.timers.first() <= now {
		w.enqueue(w.timers.pop())
	}
	return true
}

func (w *worker) enqueue(s *Seat) {
	if s.queued {
		return
	}
	s.queued = true
	if !s.unread {
		s.since = w.bound.since
	}
	w.queue = append(w.queue, s)
}

// serve attends to everybody in the queue once and reports whether there was
// anything to do.
func (w *worker) serve() (did bool) {
	round := w.queue
	w.queue, w.spare = w.spare[:0], round
	for i, s := range round {
		round[i] = nil
		s.queued = false
		now := load.Now()
		next, some := s.member.Attend(now, s.since)
		did = did || some
		if s.unread = next == Unread; next <= load.Now() {
			w.enqueue(s)
			next = Never
		}
		w.timers.set(s, next)
		if !s.called {
			s.called = true
			w.called = append(w.called, s)
		}
	}
	return did
}

// unsettled queues those whose sockets would not tell of what they have.
func (w *worker) unsettled() (any bool) {
	for i, s := range w.called {
		w.called[i] = nil
		s.called = false
		if s.member.Unsettled() {
			w.enqueue(s)
			any = true
		}
	}
	w.called = w.called[:0]
	return any
}

// sleep waits for descriptors, for a wake-up, and for the clock to read until.
func (w *worker) sleep(until int64) {
	w.asleep.Store(true)
	defer w.asleep.Store(false)
	if w.woken.Load() != nil || w.stopped.Load() {
		return // who woke us may not have seen that we sleep
	}
	from := load.Now()
	if until <= from {
		return
	}
	w.bound.canary.arm(from)
	w.team.awake.Add(-1)
	n := w.poller.sleep(until - from)
	woke := load.Now()
	w.team.awake.Add(1)
	if w.overshot = woke >= until; w.overshot {
		w.looking.slept(woke - until)
	}
	w.preempted.sinceLast()
	w.bound.sleep(from, until, woke, n, n > 0 && w.poller.canaryFirst())
	w.poller.dispatch(n, w)
	if n == mostEvents {
		w.poller.look(w)
	}
	w.takeWoken()
}
