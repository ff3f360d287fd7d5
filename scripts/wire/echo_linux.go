package wire

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// service sends every message back, to any number of connections, one message
// after the other, each after its delay.
type service struct {
	Echo
	listener, poll int
	messages       uint64
	clients        []*client // by descriptor
	in             [readMost + restMost]byte
}

type client struct {
	fd    int
	ready bool           // it has greeted
	rest  [restMost]byte // of a message that is not all there
	have  int
}

var errLimit = errors.New("a service that nobody ended")

func (e Echo) run(stdout io.Writer) (err error) {
	s := &service{Echo: e}
	if err := settle(); err != nil {
		return err
	}
	if s.listener, err = listen(e.Endpoint, stdout); err != nil {
		return err
	}
	if s.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if err := s.watch(s.listener); err != nil {
		return err
	}
	events := make([]unix.EpollEvent, mostReady)
	for end := now() + int64(limit); now() < end; {
		n, err := ready(s.poll, events, int64(time.Minute))
		if err != nil {
			return err
		}
		for _, event := range events[:n] {
			if err := s.handle(event.Fd); err != nil {
				return err
			}
		}
	}
	return errLimit
}

func (s *service) watch(fd int) error {
	return unix.EpollCtl(s.poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// handle takes a new connection, or what came on one. Who has gone or breaks
// the protocol is closed.
func (s *service) handle(fd int32) error {
	if int(fd) == s.listener {
		return s.admit()
	}
	if s.serve(s.clients[fd]) != nil {
		s.clients[fd] = nil
		return unix.Close(int(fd))
	}
	return nil
}

func (s *service) admit() error {
	fd, _, err := unix.Accept4(s.listener, unix.SOCK_CLOEXEC)
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	for len(s.clients) <= fd {
		s.clients = append(s.clients, nil)
	}
	s.clients[fd] = &client{fd: fd}
	_ = sendAll(fd, hello(s.Kind)) // who has gone is seen by the read
	return errors.Join(unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1), s.watch(fd))
}

func (s *service) serve(c *client) error {
	copy(s.in[:], c.rest[:c.have])
	got, err := receive(c.fd, s.in[c.have:c.have+readMost])
	if err != nil {
		return err
	}
	b := s.in[:c.have+got]
	if !c.ready {
		used, err := greeted(b)
		if err != nil {
			return err
		}
		b, c.ready = b[used:], used > 0
	}
	if c.ready {
		used, err := s.answer(c.fd, b)
		if err != nil {
			return err
		}
		b = b[used:]
	}
	if len(b) > len(c.rest) {
		return fmt.Errorf("%w: a message of too many frames", ErrPeer)
	}
	c.have = copy(c.rest[:], b)
	return nil
}

// answer sends whole messages back and gives the length of what it has done
// with; those that came together go together, unless they take time.
func (s *service) answer(fd int, b []byte) (used int, err error) {
	sent, alone := 0, s.Delay > 0 || s.Tail > 0
	for {
		size, command, err := nextMessage(b[used:])
		if err != nil {
			return used, err
		}
		if size == 0 {
			break
		}
		before := used
		used += size
		switch {
		case command: // what is before it, and not itself
			err = sendAll(fd, b[sent:before])
			sent = used
		case alone:
			s.work()
			err = sendAll(fd, b[before:used])
			sent = used
		}
		if err != nil {
			return used, err
		}
	}
	return used, sendAll(fd, b[sent:used])
}

// work takes the time that one message shall take.
func (s *service) work() {
	s.messages++
	takes := s.Delay
	if s.Every > 0 && s.messages%s.Every == 0 {
		takes += s.Tail
	}
	end := now() + int64(takes)
	if !s.Spin {
		sleepUntil(end)
	}
	for now() < end {
	}
}
