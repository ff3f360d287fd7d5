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
	burst  int        // messages that one Recv brings at present
	most   int        // and may bring
}

// init has one Recv bring what it may. That of a hosted socket begins with few,
// for which it has places, and doubles when they do not suffice.
func (in *inbox) init(k engines.Kind, hosted bool) {
	in.pool = &pool{slab: slabSize}
	in.most = C.ZB_BURST
	if k == engines.REQ || k == engines.REP {
		in.most = 1
	}
	in.burst = in.most
	if hosted {
		in.pool.slab = hostedSlabSize
		in.burst = min(hostedSlabSize, in.most)
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
	most := min(len(ms), s.in.burst)
	s.prepare(most)
	n := int(C.zb_recv(s.z, C.int(most)))
	runtime.KeepAlive(s)
	if s.host != nil && (n == -C.EAGAIN || n == -C.EFSM) {
		return 0, engines.ErrWait // a REQ or REP whose turn it is to send has nothing to receive either
	}
	if n < 0 {
		return 0, s.fail("receive", failure(C.int(n)))
	}
	if n == s.in.burst {
		s.in.burst = min(2*n, s.in.most)
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
