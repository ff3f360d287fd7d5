package worker

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"zbench/engines"
)

// Supported is nil where there can be workers.
func Supported() error { return nil }

// fewWatches is how many descriptors are read without asking which is readable.
const fewWatches = 4

// poller is the set of descriptors that a worker waits for: those of its
// sockets, a timer and an event that wakes it.
type poller struct {
	set, event, timer int
	exact             bool // the kernel has epoll_pwait2
	events            [mostEvents]unix.EpollEvent
	found             [mostEvents]found
	few               atomic.Pointer[[]*watch] // all of them, where they are few and none waits for room
	news              atomic.Bool              // there are fresh ones

	mu      sync.Mutex
	slots   []*watch // by number; nil: free
	free    []int32
	byFD    map[int]*watch
	fresh   []*watch // that have not heard anything yet
	waiting int      // for room
	closed  bool
}

// found is an event of a descriptor.
type found struct {
	*watch
	ended bool
}

// watch is a descriptor of a socket.
type watch struct {
	fd    int
	slot  int32
	seat  *Seat
	ready engines.Ready
	room  bool
}

// Slots of the poller's own descriptors.
const (
	slotEvent = -1
	slotTimer = -2
)

func newPoller() (_ *poller, err error) {
	p := &poller{set: -1, event: -1, timer: -1, byFD: map[int]*watch{}}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.set, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("epoll_create: %w", err)
	}
	if p.event, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	if p.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
		return nil, fmt.Errorf("timerfd_create: %w", err)
	}
	for fd, slot := range map[int]int32{p.event: slotEvent, p.timer: slotTimer} {
		if err = unix.EpollCtl(p.set, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: edgeIn, Fd: slot}); err != nil {
			return nil, fmt.Errorf("epoll_ctl: %w", err)
		}
	}
	var none unix.Timespec
	_, _, errno := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.set), uintptr(unsafe.Pointer(&p.events[0])), 1, uintptr(unsafe.Pointer(&none)), 0, 0)
	p.exact = errno == 0
	p.few.Store(&[]*watch{})
	return p, nil
}

const (
	edgeIn = unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET
	ended  = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
)

func (p *poller) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	for _, fd := range []int{p.set, p.event, p.timer} {
		if fd >= 0 {
			_ = unix.Close(fd) // nothing is lost with it
		}
	}
}

// add begins to watch fd.
func (p *poller) add(fd int, s *Seat, r engines.Ready) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return engines.ErrClosed
	}
	w := &watch{fd: fd, seat: s, ready: r}
	if n := len(p.free); n > 0 {
		w.slot, p.free = p.free[n-1], p.free[:n-1]
		p.slots[w.slot] = w
	} else {
		w.slot = int32(len(p.slots))
		p.slots = append(p.slots, w)
	}
	p.byFD[fd] = w
	err := unix.EpollCtl(p.set, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: edgeIn, Fd: w.slot})
	if err != nil {
		p.drop(w)
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	p.fresh = append(p.fresh, w)
	p.news.Store(true)
	p.count()
	return nil
}

// tellFresh tells those that are new that there may be something.
func (p *poller) tellFresh(to *worker) {
	p.mu.Lock()
	fresh := p.fresh
	p.fresh = nil
	p.news.Store(false)
	p.mu.Unlock()
	for _, w := range fresh {
		w.ready.Ready(false)
		to.enqueue(w.seat)
	}
}

// remove ends what add began. What was found before may still be told.
func (p *poller) remove(fd int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.byFD[fd]; w != nil && !p.closed {
		_ = unix.EpollCtl(p.set, unix.EPOLL_CTL_DEL, fd, nil) // it may have gone already
		p.drop(w)
		p.count()
	}
}

func (p *poller) drop(w *watch) {
	p.slots[w.slot] = nil
	p.fresh = slices.DeleteFunc(p.fresh, func(f *watch) bool { return f == w })
	p.free = append(p.free, w.slot)
	delete(p.byFD, w.fd)
	if w.room {
		p.waiting--
	}
}

// room waits, or waits no longer, until fd can be written.
func (p *poller) room(fd int, on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.byFD[fd]
	if w == nil || p.closed {
		return engines.ErrClosed
	}
	if w.room == on {
		return nil
	}
	events := uint32(edgeIn)
	if on {
		events |= unix.EPOLLOUT
		p.waiting++
	} else {
		p.waiting--
	}
	w.room = on
	p.count()
	return unix.EpollCtl(p.set, unix.EPOLL_CTL_MOD, fd, &unix.EpollEvent{Events: events, Fd: w.slot})
}

// count keeps few. p.mu is held.
func (p *poller) count() {
	if len(p.byFD) > fewWatches || p.waiting > 0 {
		p.few.Store(nil)
		return
	}
	few := make([]*watch, 0, fewWatches)
	for _, w := range p.byFD {
		few = append(few, w)
	}
	p.few.Store(&few)
}

// look tells of what is there now. The kernel does not wait, so Go's scheduler
// need not know.
func (p *poller) look(w *worker) {
	for {
		n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.set), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), 0, 0, 0)
		if errno != 0 {
			return
		}
		if p.dispatch(int(n), w); int(n) < len(p.events) { // else there may be more
			return
		}
	}
}

// sleep waits for an event, at the longest for ns, and returns how many there
// are. A signal ends it early, that of Go's scheduler too: so it need not be told
// of the call, and the thread has its slot at once when it wakes.
func (p *poller) sleep(ns int64) int {
	ts := unix.NsecToTimespec(min(ns, int64(time.Hour)))
	if !p.exact {
		return p.sleepAsPoll(&ts)
	}
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.set), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(&ts)), 0, 0)
	if errno != 0 {
		return 0
	}
	return int(n)
}

// sleepAsPoll is sleep for kernels before 5.11, whose epoll_wait counts ms.
func (p *poller) sleepAsPoll(ts *unix.Timespec) int {
	fds := []unix.PollFd{{Fd: int32(p.set), Events: unix.POLLIN}}
	if n, err := unix.Ppoll(fds, ts, nil); err != nil || n == 0 {
		return 0
	}
	n, _ := unix.EpollWait(p.set, p.events[:], 0)
	return max(n, 0)
}

// canaryFirst reports whether the timer was the first of the events found last.
func (p *poller) canaryFirst() bool { return p.events[0].Fd == slotTimer }

// dispatch tells of n events.
func (p *poller) dispatch(n int, to *worker) {
	if n <= 0 {
		return
	}
	p.mu.Lock()
	k := 0
	for _, e := range p.events[:n] {
		if e.Fd >= 0 && int(e.Fd) < len(p.slots) && p.slots[e.Fd] != nil {
			p.found[k] = found{p.slots[e.Fd], e.Events&ended != 0}
			k++
		}
	}
	p.mu.Unlock()
	for i, f := range p.found[:k] {
		p.found[i] = found{}
		f.ready.Ready(f.ended)
		to.enqueue(f.seat)
	}
}

// wake ends a sleep.
func (p *poller) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	one := [8]byte{1}
	_, err := unix.Write(p.event, one[:])
	if errors.Is(err, unix.EAGAIN) { // it is as loud as it can be: make room
		_, _ = unix.Read(p.event, one[:])
	}
}

// setTimer has the timer expire at a clock reading, and not before.
func (p *poller) setTimer(at int64) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(at)}
	_ = unix.TimerfdSettime(p.timer, unix.TFD_TIMER_ABSTIME, &spec, nil) // without it the newest canary stands
}

// sliceNS is for how long a worker's thread runs at a time where others want its
// core: the least that the kernel takes. Who asks for less at a time gets it
// sooner (EEVDF, Linux 6.12), without having more of it.
const sliceNS = 100_000

// becomeExact takes the thread's timer slack from 50 µs to 1 ns and its slice to
// the least. Kernels that cannot leave it as it is.
func becomeExact() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	if a, err := unix.SchedGetAttr(0, 0); err == nil && a.Policy == unix.SCHED_NORMAL {
		a.Runtime = sliceNS
		_ = unix.SchedSetAttr(0, a, 0)
	}
}

// LowerPriority has the calling goroutine's thread give way to all others that want its
// core, for as long as it lives: what is done in the background must not be in the
// way of what is measured.
func LowerPriority() {
	runtime.LockOSThread() // for ever, since a thread's priority cannot be raised again
	if a, err := unix.SchedGetAttr(0, 0); err == nil && a.Policy == unix.SCHED_NORMAL {
		a.Runtime, a.Nice = backgroundSliceNS, max(a.Nice, backgroundNice)
		_ = unix.SchedSetAttr(0, a, 0)
	}
}

// A short slice would be the opposite of giving way: whoever has one is to run on
// until it is over, before those that ask for longer ones.
const (
	backgroundNice    = 10
	backgroundSliceNS = 100_000_000 // the longest
)

// preempted tells whether a thread was put aside for others: without that a machine
// that is virtual stood still, where looking or not makes no difference.
type preempted struct{ switches int64 }

// sinceLast reports whether it was since the last call.
func (p *preempted) sinceLast() bool {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return true
	}
	was := p.switches
	p.switches = u.Nivcsw
	return u.Nivcsw != was
}

// yield lets somebody else have the core who waits for it.
func yield() { _, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

// Watch implements engines.Host.
func (s *Seat) Watch(fd int, r engines.Ready) error {
	if err := s.worker.poller.add(fd, s, r); err != nil {
		return err
	}
	s.Wake()
	return nil
}

// WatchRoom implements engines.Host.
func (s *Seat) WatchRoom(fd int, on bool) error { return s.worker.poller.room(fd, on) }

// Forget implements engines.Host.
func (s *Seat) Forget(fd int) { s.worker.poller.remove(fd) }
