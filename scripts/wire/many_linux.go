package wire

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

const (
	readMost  = 64 << 10
	batchMost = 256 // messages in one write, if so many are late
	mostReady = 64  // sockets that one look takes
)

// loader has several messages outstanding: over one connection in an open
// loop, or one on each of several connections. One thread sends what is due
// and takes what has come. Between the two it sleeps in epoll until shortly
// before the next due time, then looks at clock and sockets in turn.
type loader struct {
	Load
	recorder
	connections       []connection
	total, next, done uint64 // messages; the next to fall due; answered
	start, moved      int64  // moved: when something last did
	sent              []int64
	poll              int
	events            [mostReady]unix.EpollEvent
	in                [readMost + restMost]byte
	out               [batchMost * messageMost]byte
}

// connection counts its own messages: k, k + clients, k + 2·clients, …
type connection struct {
	fd                  int
	due, sent, received uint64
	rest                [restMost]byte // of a message that is not all there
	have                int
}

func (l Load) many() (Figures, error) {
	total := l.Warmup + l.Count
	m := &loader{Load: l, recorder: newRecorder(l), connections: make([]connection, l.Clients), total: total, sent: make([]int64, total)}
	clear(m.sent) // no page fault later
	if err := m.openAll(); err != nil {
		return Figures{}, err
	}
	m.start = now() + int64(begin)
	m.moved = m.start
	for m.done < m.total {
		if err := m.step(); err != nil {
			return Figures{}, err
		}
	}
	return m.figures(), nil
}

func (m *loader) openAll() (err error) {
	if m.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	for k := range m.connections {
		fd, err := m.open()
		if err != nil {
			return fmt.Errorf("connection %d: %w", k, err)
		}
		m.connections[k].fd = fd
		if err := unix.EpollCtl(m.poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(k)}); err != nil {
			return err
		}
	}
	return nil
}

// step sends what is due and looks once at what has come.
func (m *loader) step() error {
	t, n, first := now(), uint64(m.Clients), m.next
	// What is due is counted for every connection first, then sent.
	for ; m.next < m.total && due(m.start, m.next, m.Rate) <= t; m.next++ {
		m.connections[m.next%n].due++
	}
	for k := first; k < min(m.next, first+n); k++ {
		if err := m.give(k % n); err != nil {
			return err
		}
	}
	if t-m.moved > int64(patience+time.Second) { // at 1/s there is a second without
		return fmt.Errorf("no reply for %v, %d of %d are in", patience, m.done, m.total)
	}
	until := t + int64(100*time.Millisecond)
	if m.next < m.total {
		until = due(m.start, m.next, m.Rate)
	}
	return m.look(until)
}

// give sends what is due on connection k, and in lockstep no more than one
// without a reply.
func (m *loader) give(k uint64) error {
	c, n := &m.connections[k], uint64(m.Clients)
	for c.sent < c.due && (m.Open || c.sent == c.received) {
		last := min(c.due, c.sent+batchMost)
		if !m.Open {
			last = c.sent + 1
		}
		out := m.out[:0]
		for i := c.sent; i < last; i++ {
			out = appendMessage(out, m.Kind, i*n+k)
		}
		t := now()
		for ; c.sent < last; c.sent++ {
			m.sent[c.sent*n+k] = t
		}
		if err := sendAll(c.fd, out); err != nil {
			return err
		}
	}
	return nil
}

// look takes what comes until an instant that is near, or sleeps until one
// that is not.
func (m *loader) look(until int64) error {
	rest := until - int64(spin) - now()
	if rest <= 0 && m.Clients == 1 {
		return m.take(0)
	}
	n, err := ready(m.poll, m.events[:], max(rest, 0))
	if err != nil {
		return err
	}
	for _, e := range m.events[:n] {
		if err := m.take(uint64(e.Fd)); err != nil {
			return err
		}
	}
	return nil
}

// take reads what has come on connection k, without waiting.
func (m *loader) take(k uint64) error {
	c, n := &m.connections[k], uint64(m.Clients)
	copy(m.in[:], c.rest[:c.have])
	got, err := receiveNow(c.fd, m.in[c.have:c.have+readMost])
	if err != nil || got == 0 {
		return err
	}
	t, b := now(), m.in[:c.have+got]
	for {
		size, command, err := nextMessage(b)
		if err != nil {
			return err
		}
		if size == 0 {
			break
		}
		if !command {
			i := c.received*n + k
			if c.received == c.sent || !isMessage(b[:size], m.Kind, i) {
				return fmt.Errorf("%w: not reply %d", ErrPeer, i)
			}
			m.record(i, due(m.start, i, m.Rate), m.sent[i], t)
			c.received++
			m.done++
		}
		b = b[size:]
	}
	if len(b) > len(c.rest) {
		return fmt.Errorf("%w: a message of too many frames", ErrPeer)
	}
	c.have, m.moved = copy(c.rest[:], b), t
	return m.give(k) // what had to wait for this reply
}
