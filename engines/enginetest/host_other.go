//go:build !linux

package enginetest

import (
	"testing"
	"time"

	"zbench/engines"
)

// host is written for Linux alone.
type host struct{}

type member struct {
	engines.Host
	socket engines.Socket
	step   func() error
	every  time.Duration
}

func newHost(t *testing.T) *host {
	t.Skip("the suite has no host for this system")
	return nil
}

func (*host) join() *member { return &member{} }

func (*host) run(*testing.T, *progress, func() bool) {}

func (*host) serve(func() bool) error { return nil }
