//go:build !linux

package worker

import (
	"errors"
	"fmt"
	"sync/atomic"

	"zbench/engines"
)

// Supported says why there are no workers on this system.
func Supported() error {
	return fmt.Errorf("workers wait in epoll, which only Linux has: %w", errors.ErrUnsupported)
}

type watch struct {
	seat  *Seat
	ready engines.Ready
}

// poller is none: newPoller fails, so nothing else is called.
type poller struct {
	few  atomic.Pointer[[]*watch]
	news atomic.Bool
}

func (p *poller) tellFresh(*worker) {}

func newPoller() (*poller, error)       { return nil, Supported() }
func (p *poller) close()                {}
func (p *poller) look(*worker)          {}
func (p *poller) sleep(int64) int       { return 0 }
func (p *poller) dispatch(int, *worker) {}
func (p *poller) wake()                 {}
func (p *poller) setTimer(int64)        {}
func (p *poller) canaryFirst() bool     { return false }
func becomeExact()                      {}

// LowerPriority does nothing where threads have no priority of their own.
func LowerPriority() {}

func yield() {}

type preempted struct{}

func (*preempted) sinceLast() bool { return true }

// Watch implements engines.Host.
func (s *Seat) Watch(int, engines.Ready) error { return Supported() }

// WatchRoom implements engines.Host.
func (s *Seat) WatchRoom(int, bool) error { return Supported() }

// Forget implements engines.Host.
func (s *Seat) Forget(int) {}
