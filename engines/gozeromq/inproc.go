package gozeromq

import (
	"context"
	"io"
	"log"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"

	"zbench/engines"
)

// An inproc connection of the library is two channels of chunks. Closing an
// end wakes no reader: the library's goroutines stay for ever, a REQ stays in
// Recv, and chunks that were not read yet are lost. So an end that closes
// parts from the other one first. An empty chunk is harmless at any place of
// the stream; a reader that it wakes looks again whether an end has closed.
const (
	pipeChunks = 8 // capacity of a channel
	// partingTime bounds how long Close waits for peers to read what was sent.
	partingTime = 100 * time.Millisecond
	// replyTime is left to a reply that is being written when its REP closes.
	replyTime = time.Millisecond
	// settleTime lets readers fall asleep, so that one chunk wakes them.
	settleTime = 200 * time.Microsecond
	lookTime   = 50 * time.Microsecond
)

// part parts from all inproc peers and closes the connections to them.
func (s *socket) part(all []*peer) {
	var parting sync.WaitGroup
	for _, p := range all {
		if p.link != "" && !p.conn.Closed() {
			parting.Go(func() { s.partFrom(p) })
		}
	}
	parting.Wait()
}

func (s *socket) partFrom(p *peer) {
	far := s.links.find(p.far)
	patience, chunks := time.Duration(0), 1
	switch {
	case s.kind == engines.REQ && far.conn != nil:
		s.free(s, far.conn)
	case p.kind == engines.REQ && far.s != nil:
		s.free(far.s, p.conn)
	case s.kind.CanSend() && readsAlways(p.kind):
		// One more than the channel holds: what went before was read.
		patience, chunks = partingTime, pipeChunks+1
	}
	there, here := put(p.conn, chunks), put(far.conn, 1)
	select {
	case <-there:
	case <-time.After(patience):
	}
	time.Sleep(settleTime)
	// Where a channel is full its reader does not sleep, and a write would stay.
	late := time.AfterFunc(settleTime, func() { _ = p.conn.Close() })
	defer late.Stop()
	wake(far.conn, here)
	wake(p.conn, there)
	_ = p.conn.Close()
}

// put writes empty chunks and closes done when they are in the channel.
func put(c *zmq4.Conn, chunks int) (done chan struct{}) {
	done = make(chan struct{})
	if c == nil {
		return done
	}
	go func() {
		defer close(done)
		for range chunks {
			if _, err := c.Write(nil); err != nil {
				return
			}
		}
	}()
	return done
}

// wake has the reader look again, if what was put before is in the channel.
func wake(c *zmq4.Conn, done <-chan struct{}) {
	select {
	case <-done:
		_, _ = c.Write(nil)
	default:
	}
}

// free ends a REQ's Recv by an empty message, written to the other end. What
// it means is told beside it, since an empty reply looks the same.
func (s *socket) free(req *socket, end *zmq4.Conn) {
	if !req.receiving.Load() {
		return
	}
	time.Sleep(replyTime)
	if !req.receiving.Load() {
		return
	}
	req.freed.Store(true)
	go func() { _, _ = end.Write([]byte{0, 0}) }()
	deadline := time.Now().Add(partingTime / 2)
	for s == req && req.receiving.Load() && time.Now().Before(deadline) {
		time.Sleep(lookTime)
	}
}

// readsAlways is true for kinds whose connections the library reads all the
// time: PUSH never reads, and REQ only when it waits for a reply.
func readsAlways(k engines.Kind) bool { return k != engines.PUSH && k != engines.REQ }

// wakeAcceptor ends the goroutine that has an inproc pipe on offer, by taking
// the pipe; the socket is closed and refuses the handshake.
func wakeAcceptor(endpoint string) {
	caller := zmq4.NewPull(context.Background(),
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
		zmq4.WithSecurity(hangUp{null.Security()}),
		zmq4.WithDialerMaxRetries(0))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = caller.Dial(endpoint)
		_ = caller.Close()
	}()
	select {
	case <-done:
	case <-time.After(partingTime):
	}
}

// hangUp ends a connection after the greeting.
type hangUp struct{ zmq4.Security }

func (hangUp) Handshake(*zmq4.Conn, bool) error { return engines.ErrClosed }
