package enginetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"zbench/engines"
)

// host is a thread that owns sockets. It calls one at the beginning and then
// only when the socket has asked for it: by a descriptor, by Wake, or by
// Unsettled. It tries nothing of its own accord, so that a wake-up that was
// forgotten shows as a test that makes no progress.
type host struct {
	epoll, bell int

	mu      sync.Mutex
	watched map[int]watch
	woken   map[*member]bool
	fresh   []int // descriptors whose Ready was not called yet
	stopped bool

	members []*member // the thread's, once it runs
}

// member is a socket of the host, and its engines.Host.
type member struct {
	host   *host
	socket engines.Socket
	step   func() error  // does what can be done without waiting
	every  time.Duration // between steps that nobody asked for, 0: there are none
	next   time.Time
}

type watch struct {
	member *member
	ready  engines.Ready
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{watched: map[int]watch{}, woken: map[*member]bool{}}
	var err, errBell error
	h.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	h.bell, errBell = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err = errors.Join(err, errBell); err == nil {
		err = h.control(unix.EPOLL_CTL_ADD, h.bell, unix.EPOLLIN)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the sockets' own
		h.mu.Lock()
		defer h.mu.Unlock()
		if n := len(h.watched); n > 0 {
			t.Errorf("%d descriptors are still watched when all sockets are closed", n)
		}
		unix.Close(h.epoll)
		unix.Close(h.bell)
		h.epoll, h.bell = -1, -1
	})
	return h
}

// join makes a member; its socket and step come before the thread runs.
func (h *host) join() *member {
	m := &member{host: h}
	h.members = append(h.members, m)
	return m
}

func (h *host) control(operation, fd int, events uint32) error {
	return unix.EpollCtl(h.epoll, operation, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)})
}

// Watch implements engines.Host.
func (m *member) Watch(fd int, r engines.Ready) error {
	m.host.mu.Lock()
	defer m.host.mu.Unlock()
	if _, twice := m.host.watched[fd]; twice {
		return fmt.Errorf("descriptor %d is watched already", fd)
	}
	m.host.watched[fd] = watch{m, r}
	m.host.fresh = append(m.host.fresh, fd)
	m.host.ring()
	return m.host.control(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLET)
}

// WatchRoom implements engines.Host.
func (m *member) WatchRoom(fd int, on bool) error {
	events := uint32(unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET)
	if on {
		events |= unix.EPOLLOUT
	}
	return m.host.control(unix.EPOLL_CTL_MOD, fd, events)
}

// Forget implements engines.Host.
func (m *member) Forget(fd int) {
	m.host.mu.Lock()
	defer m.host.mu.Unlock()
	if _, ok := m.host.watched[fd]; ok {
		delete(m.host.watched, fd)
		_ = m.host.control(unix.EPOLL_CTL_DEL, fd, 0)
	}
}

// Wake implements engines.Host.
func (m *member) Wake() {
	m.host.mu.Lock()
	defer m.host.mu.Unlock()
	m.host.woken[m] = true
	m.host.ring()
}

// ring ends the sleep. It is for who holds the mutex.
func (h *host) ring() {
	if h.bell >= 0 {
		_, _ = unix.Write(h.bell, binary.NativeEndian.AppendUint64(nil, 1))
	}
}

// run has the thread serve its members until done, which it asks in between.
// The test fails when progress stops.
func (h *host) run(t *testing.T, p *progress, done func() bool) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- h.serve(done) }()
	t.Cleanup(func() { // before the sockets are closed
		h.mu.Lock()
		h.stopped = true
		h.ring()
		h.mu.Unlock()
		select {
		case <-ended:
		case <-time.After(deadline):
			t.Error("the host's thread is stuck in a call")
		}
	})
	p.await(t, pass(ended))
}

// pass takes an error on, and leaves one behind.
func pass(ended chan error) <-chan error {
	out := make(chan error, 1)
	go func() {
		err := <-ended
		ended <- err
		out <- err
	}()
	return out
}

// serve is the thread.
func (h *host) serve(done func() bool) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	due := slices.Clone(h.members)
	for {
		for _, m := range due {
			if m.socket == nil {
				continue // it was closed
			}
			if err := m.step(); err != nil {
				return err
			}
		}
		due = slices.DeleteFunc(due, func(m *member) bool {
			u, ok := m.socket.(engines.Unsettled)
			return !ok || !u.Unsettled(true)
		})
		if done() {
			return nil
		}
		told, err := h.wait(len(due) == 0)
		if err != nil {
			return err
		}
		for _, m := range told {
			if !slices.Contains(due, m) {
				due = append(due, m)
			}
		}
	}
}

// wait returns the members to call: those that asked, and whose time has come.
func (h *host) wait(sleep bool) ([]*member, error) {
	var events [32]unix.EpollEvent
	n, err := unix.EpollWait(h.epoll, events[:], h.patience(sleep))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return nil, err
	}
	for _, e := range events[:max(n, 0)] {
		if int(e.Fd) == h.bell {
			_, _ = unix.Read(h.bell, make([]byte, 8))
			continue
		}
		h.tell(int(e.Fd), e.Events&^(unix.EPOLLIN|unix.EPOLLOUT) != 0)
	}
	h.mu.Lock()
	fresh := h.fresh
	h.fresh = nil
	h.mu.Unlock()
	for _, fd := range fresh {
		h.tell(fd, false)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		return nil, errors.New("stopped")
	}
	for _, m := range h.members {
		if now := time.Now(); m.every > 0 && !now.Before(m.next) {
			m.next = now.Add(m.every)
			h.woken[m] = true
		}
	}
	told := slices.Collect(maps.Keys(h.woken))
	clear(h.woken)
	return told, nil
}

// tell tells whoever watches fd.
func (h *host) tell(fd int, ended bool) {
	h.mu.Lock()
	w, ok := h.watched[fd]
	if ok {
		h.woken[w.member] = true
	}
	h.mu.Unlock()
	if ok {
		w.ready.Ready(ended)
	}
}

// patience is how many ms to sleep, -1 for as long as it takes.
func (h *host) patience(sleep bool) int {
	ms := -1
	for _, m := range h.members {
		if m.every > 0 {
			rest := max(int(time.Until(m.next).Milliseconds())+1, 0)
			if ms < 0 || rest < ms {
				ms = rest
			}
		}
	}
	if !sleep {
		return 0
	}
	return ms
}
