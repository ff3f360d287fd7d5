package zmtp

import (
	"fmt"

	"zbench/engines"
)

// row is a kind of socket: how it is put together.
type row struct {
	open     func(*core) engines.Socket
	receives bool // what peers send goes to the inbox
	direct   bool // and the receiver may read the only connection itself
}

// rows are the kinds of RFC 28 to 31.
var rows = [...]row{
	engines.REQ:    {openReq, true, true},
	engines.REP:    {openRep, true, true},
	engines.DEALER: {openDealer, true, true},
	engines.ROUTER: {openRouter, true, true},
	engines.PUB:    {openPub, false, false},
	engines.SUB:    {openSub, true, true},
	engines.XPUB:   {openXpub, true, false},
	engines.XSUB:   {openXsub, true, true},
	engines.PUSH:   {openPush, false, false},
	engines.PULL:   {openPull, true, true},
	engines.PAIR:   {openDealer, true, true},
}

// dealer is DEALER, and PAIR, which is a DEALER of one peer.
type dealer struct {
	*core
	spread
	queued
}

func openDealer(c *core) engines.Socket { return &dealer{c, spread{c: c}, queued{c}} }

type router struct {
	*core
	route
	queued
}

func openRouter(c *core) engines.Socket { return &router{c, route{c: c}, queued{c}} }

type push struct {
	*core
	spread
	noReceiver
}

func openPush(c *core) engines.Socket { return &push{c, spread{c: c}, noReceiver{c}} }

type pull struct {
	*core
	noSender
	queued
}

func openPull(c *core) engines.Socket { return &pull{c, noSender{c}, queued{c}} }

// queued is the receiver of everything that comes, fairly queued.
type queued struct{ c *core }

// Recv implements engines.Receiver.
func (q queued) Recv(ms []*engines.Msg) (int, error) { return q.c.recv(ms) }

// noSender is the outgoing half of kinds without one.
type noSender struct{ c *core }

// Alloc implements engines.Sender.
func (n noSender) Alloc([][]byte, int) (*engines.Msg, error) { return nil, n.refuse() }

// Send implements engines.Sender.
func (n noSender) Send(*engines.Msg) error { return n.refuse() }

// Flush implements engines.Sender.
func (n noSender) Flush() error { return nil }

func (n noSender) refuse() error {
	if n.c.closed.Load() {
		return n.c.errClosed("send")
	}
	return fmt.Errorf("send on %v: %w", n.c.set.kind, engines.ErrUnsupported)
}

// noReceiver is the incoming half of kinds without one.
type noReceiver struct{ c *core }

// Recv implements engines.Receiver.
func (n noReceiver) Recv([]*engines.Msg) (int, error) {
	if n.c.closed.Load() {
		return 0, n.c.errClosed("receive")
	}
	return 0, fmt.Errorf("receive on %v: %w", n.c.set.kind, engines.ErrUnsupported)
}
