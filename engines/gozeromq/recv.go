package gozeromq

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-zeromq/zmq4"

	"zbench/engines"
)

var (
	errCannotRecv = fmt.Errorf("this kind does not receive: %w", engines.ErrUnsupported)
	errNoReply    = errors.New("the peer has gone before it replied")
)

// Recv waits for one message; the library cannot tell whether there are more.
// It skips what is no message: the end of a connection, and commands, which the
// library hands up.
func (s *socket) Recv(ms []*engines.Msg) (int, error) {
	if len(ms) == 0 {
		return 0, nil
	}
	if !s.kind.CanRecv() {
		return 0, s.fail("receive", errCannotRecv)
	}
	for !s.closed.Load() {
		msg, err := s.receive()
		switch {
		case s.closed.Load():
		case err != nil && (s.kind == engines.REQ || s.kind == engines.REP):
			return 0, s.fail("receive", err)
		case err == nil && msg.Type != zmq4.CmdMsg && len(msg.Frames) > 0:
			ms[0] = s.in.wrap(msg.Frames)
			return 1, nil
		}
	}
	return 0, s.fail("receive", engines.ErrClosed)
}

// receive is the library's Recv, which for a REQ fails at once where nobody can
// reply any more. Asked again it waits for Close, lest a caller spins.
func (s *socket) receive() (zmq4.Msg, error) {
	if s.kind != engines.REQ {
		return s.lib.Recv()
	}
	if !s.asked {
		<-s.done
		return zmq4.Msg{}, engines.ErrClosed
	}
	if !s.onInproc(true) && !s.onInproc(false) {
		msg, err := s.lib.Recv()
		s.asked = err == nil && msg.Type == zmq4.CmdMsg // the reply is to come
		return msg, gone(err)
	}
	s.asked = false
	s.receiving.Store(true)
	msg, err := s.lib.Recv()
	s.receiving.Store(false)
	freed := s.freed.Swap(false)
	if err != nil || freed && len(msg.Frames) == 1 && len(msg.Frames[0]) == 0 {
		s.peers.sweep()
		return zmq4.Msg{}, gone(cmp.Or(err, io.EOF))
	}
	s.out.answered = true
	return msg, nil
}

func gone(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errNoReply, err)
}

// headers owns the messages of Recv. Their frames are the library's, which
// makes them anew for every message; only what wraps them is used again.
type headers struct {
	pool sync.Pool
}

func newHeaders() *headers {
	return &headers{sync.Pool{New: func() any { return new(engines.Msg) }}}
}

func (h *headers) wrap(frames [][]byte) *engines.Msg {
	m := h.pool.Get().(*engines.Msg)
	m.Frames, m.Owner = frames, h
	return m
}

// Free may be called from any goroutine.
func (h *headers) Free(ms []*engines.Msg) {
	for _, m := range ms {
		*m = engines.Msg{}
		h.pool.Put(m)
	}
}
