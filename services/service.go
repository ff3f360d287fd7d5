package services

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
)

// service is what all of them have while they go on.
type service struct {
	socks  []engines.Socket
	bound  []string
	meters []*meter // those that count and limit it
	loops  sync.WaitGroup
	done   chan struct{} // closed when all loops have ended by themselves

	stop          atomic.Bool // loops are to end
	errors        atomic.Uint64
	undeliverable atomic.Uint64
	failed        atomic.Pointer[error] // the first that ends the service
}

// meter counts what one loop does; others only read it.
type meter struct {
	messages, bytes atomic.Uint64
	first, last     atomic.Int64 // clock readings; 0: no message yet
	_               [4]uint64    // keeps meters off each other's cache lines
}

func (m *meter) add(messages, bytes uint64, now int64) {
	if messages == 0 {
		return
	}
	if m.first.Load() == 0 {
		m.first.Store(now)
	}
	m.last.Store(now)
	m.messages.Add(messages)
	m.bytes.Add(bytes)
}

func size(m *engines.Msg) (n uint64) {
	for _, f := range m.Frames {
		n += uint64(len(f))
	}
	return n
}

func newService(socks []engines.Socket, bound []string, meters int) *service {
	s := &service{socks: socks, bound: bound, done: make(chan struct{})}
	for range meters {
		s.meters = append(s.meters, new(meter))
	}
	return s
}

// goOn counts an error and lets others run; false: the socket is closed.
func (s *service) goOn(err error) bool {
	n := max(1, unsent(err))
	switch {
	case errors.Is(err, engines.ErrClosed):
		if !s.stop.Load() {
			s.failed.CompareAndSwap(nil, &err)
		}
		return false
	case errors.Is(err, engines.ErrNoRoute):
		s.undeliverable.Add(n)
	default:
		s.errors.Add(n)
		runtime.Gosched()
	}
	return true
}

// leave flushes what was sent, and takes from it what did not go.
func (s *service) leave(sock engines.Sender, sent, bytes uint64) (uint64, uint64) {
	err := sock.Flush()
	if err == nil {
		return sent, bytes
	}
	s.goOn(err)
	if n := min(sent, unsent(err)); n > 0 {
		sent, bytes = sent-n, bytes-bytes/sent*n // as long as the others, on average
	}
	return sent, bytes
}

// unsent is how many messages did not go, as far as err tells.
func unsent(err error) uint64 {
	if u, ok := errors.AsType[*engines.Unsent](err); ok {
		return uint64(u.Messages)
	}
	return 0
}

// span is from the first message of all meters to the last.
func (s *service) span() (first, last int64) {
	for _, m := range s.meters {
		if f := m.first.Load(); f > 0 && (first == 0 || f < first) {
			first = f
		}
		last = max(last, m.last.Load())
	}
	return first, last
}

func (s *service) messages() (n uint64) {
	for _, m := range s.meters {
		n += m.messages.Load()
	}
	return n
}

func (s *service) peers() (n int) {
	for _, sock := range s.socks {
		a, ok := sock.(engines.Attended)
		if !ok {
			return -1
		}
		n += a.Peers()
	}
	return n
}

const (
	lookEvery = 5 * time.Millisecond
	tickEvery = time.Second
)

// attend waits for the end, closes everything and sums up. The error is
// drivers.ErrNotServed where ctx ended first; the summary is whole even then.
func (s *service) attend(ctx context.Context, u Until) (Summary, error) {
	go func() { s.loops.Wait(); close(s.done) }()
	complete := s.await(ctx, u)
	s.stop.Store(true)
	err := closeAll(s.socks)
	select {
	case <-s.done:
	case <-time.After(closeTimeout):
		err = errStuck
	}
	if failed := s.failed.Load(); failed != nil {
		err = *failed
	}
	if err == nil && !complete {
		err = drivers.ErrNotServed
	}
	first, last := s.span()
	sum := Summary{
		Bound: s.bound, Messages: s.messages(), Undeliverable: s.undeliverable.Load(), Errors: s.errors.Load(),
		Elapsed: time.Duration(last - first),
	}
	for _, m := range s.meters {
		sum.Bytes += m.bytes.Load()
	}
	return sum, err
}

func (s *service) await(ctx context.Context, u Until) (complete bool) {
	if u.OnReady != nil {
		u.OnReady(s.bound)
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	began := time.Now()
	told := began
	for s.failed.Load() == nil {
		select {
		case <-ctx.Done():
			return u.Count == 0 && u.Duration == 0
		case <-s.done:
			return true
		case <-look.C:
		}
		first, _ := s.span()
		if u.Count > 0 && s.messages() >= u.Count || u.Duration > 0 && first > 0 && load.Now()-first >= int64(u.Duration) {
			return true
		}
		if now := time.Now(); u.OnTick != nil && now.Sub(told) >= tickEvery {
			told = told.Add(tickEvery)
			u.OnTick(drivers.Tick{Elapsed: now.Sub(began), Messages: s.messages(), Errors: s.errors.Load(), Peers: s.peers()})
		}
	}
	return false
}
