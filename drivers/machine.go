package drivers

import (
	"zbench/drivers/worker"
	"zbench/engines"
)

// machine is what a role does on its sockets, as a state machine: it knows no
// thread and never waits, is told the time and what has come, and says when it
// wants to be called again. A worker plays it, or goroutines where an engine's
// calls wait (see alone).
//
// Only what the two hosts of a machine need is in it; what came is told to its
// ports.
type machine interface {
	// step does what is to be done at the clock reading now: it sends what is due
	// and what had to wait for room, and flushes. It returns when it is to be
	// called again though nothing comes: at or before now is soon, never is not at
	// all. did is whether it did anything.
	step(now int64) (next int64, did bool)
	// ports are where it receives, always the same.
	ports() []*port
}

// never is the time of a machine that waits for messages alone.
const never = worker.Never

// port is a socket that a machine receives from, and its view of it.
type port struct {
	sock engines.Socket
	ms   []*engines.Msg
	to   hearer

	asked bool     // and told that there is nothing, by a member
	alone [1]*port // itself, for machines that have no other
}

// hearer is told what has come.
type hearer interface {
	// hears reports whether it takes messages now; what comes waits in the socket.
	hears() bool
	// hear takes messages that were read at the clock reading now, and sees to
	// it that they are released. They came at now − late or after that, as far as
	// the reader knows; late is unknown below zero.
	hear(ms []*engines.Msg, now, late int64)
	// fault hears of a receive that failed; false: there is no use in another.
	fault(err error) bool
}

// burst is the most messages that one Recv brings.
const burst = 256

func newPort(s engines.Socket, to hearer) *port {
	p := &port{sock: s, ms: make([]*engines.Msg, burst), to: to}
	p.alone[0] = p
	return p
}

// host is who calls a machine.
type host interface {
	// Wake has the machine stepped soon. Any goroutine may call it.
	Wake()
}
