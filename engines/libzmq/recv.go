//go:build libzmq

package libzmq

// #cgo noescape zb_recv
// #cgo nocallback zb_recv
// #include <errno.h>
// #include "bridge.h"
import "C"

import (
	"fmt"
	"runtime"

	"zbench/engines"
)

// inbox is the receiver's half: places for a burst, which C fills.
type inbox struct {
	pool   *pool
	places []*message // as z.in has them
	most   int        // messages that one Recv may bring
}

func (in *inbox) init(k engines.Kind) {
	in.pool = &pool{}
	in.most = C.ZB_BURST
	if k == engines.REQ || k == engines.REP {
		in.most = 1
	}
}

// prepare has a place for each of n messages.
func (s *socket) prepare(n int) {
	for i := len(s.in.places); i < n; i++ {
		m := s.in.pool.get()
		s.in.places = append(s.in.places, m)
		s.z.in[i] = m.in
	}
}

// Recv implements engines.Receiver.
func (s *socket) Recv(ms []*engines.Msg) (int, error) {
	if s.closed.Load() {
		return 0, s.fail("receive", engines.ErrClosed)
	}
	if !s.kind.CanRecv() {
		return 0, s.fail("receive", fmt.Errorf("it does not receive: %w", engines.ErrUnsupported))
	}
	if len(ms) == 0 {
		return 0, nil
	}
	if s.turns && (s.out.messages > 0 || s.out.unsent > 0) {
		if err := s.Flush(); err != nil && err != engines.ErrWait {
			return 0, err
		}
	}
	most := min(len(ms), s.in.most)
	s.prepare(most)
	n := int(C.zb_recv(s.z, C.int(most)))
	runtime.KeepAlive(s)
	if s.host != nil && (n == -C.EAGAIN || n == -C.EFSM) {
		return 0, engines.ErrWait // a REQ or REP whose turn it is to send has nothing to receive either
	}
	if n < 0 {
		return 0, s.fail("receive", failure(C.int(n)))
	}
	for i, m := range s.in.places[:n] {
		m.show()
		ms[i] = &m.Msg
		m = s.in.pool.get()
		s.in.places[i] = m
		s.z.in[i] = m.in
	}
	return n, nil
}
