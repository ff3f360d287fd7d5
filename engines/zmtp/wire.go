package zmtp

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// wire is one connection after its handshake: how to read, how to write, and
// how it ends.
type wire struct {
	core    *core
	peer    *peer
	version version
	io      rawIO
	reader  reader
	out     outbox
	remote  net.Addr
	hosted  hosted
	reads   atomic.Uint32 // reads begun and ended; odd while one waits
	beats   sync.Once
	ended   atomic.Bool
	done    chan struct{} // closed when ended
	cause   error         // why, once done is closed
}

// newWire makes the peer of a connection that shook hands.
func (c *core) newWire(nc net.Conn, in introduction) (*peer, error) {
	w := &wire{core: c, version: in.version, remote: nc.RemoteAddr(), done: make(chan struct{})}
	if err := w.io.init(nc, c.set.Host != nil); err != nil {
		return nil, err
	}
	w.peer = &peer{core: c, kind: in.kind, id: in.identity, wire: w, out: &w.out}
	w.reader.start(w, c.set, in.rest)
	w.out.init(w, c.set)
	return w.peer, nil
}

// fail ends the connection, counted under err's name unless the socket itself
// is closing. Only the first call counts.
func (w *wire) fail(err error) {
	if w.ended.Swap(true) {
		return
	}
	w.cause = named(err)
	if !w.core.closed.Load() {
		w.core.stats.failed(fmt.Errorf("%s: %w", w.remote, w.cause))
	}
	w.core.detach(w.peer)
	w.io.close(w.core.set.Host)
	w.out.resume() // what waits for room is given up
	close(w.done)
}

// obey acts on a command that came after the handshake.
func (w *wire) obey(b []byte) error {
	name, data, err := splitCommand(b)
	if err != nil {
		return err
	}
	switch string(name) {
	case cmdPing:
		return w.answer(data)
	case cmdPong:
		return nil // that it was heard is enough
	case cmdSubscribe:
		return w.core.subscribed(w.peer, data, true)
	case cmdCancel:
		return w.core.subscribed(w.peer, data, false)
	case cmdError:
		return parseError(data)
	case cmdReady, cmdHello, cmdWelcome, cmdInitiate:
		return fmt.Errorf("%w: %s after the handshake", ErrCommand, name)
	}
	return nil // a later version's; RFC 37 has receivers pass over what they do not know
}

// answer sends a PONG and heeds the TTL of a PING.
func (w *wire) answer(data []byte) error {
	ttl, context, err := parsePing(data)
	if err != nil {
		return err
	}
	w.control(appendCommand(nil, cmdPong, context))
	w.core.in.demotePumped(&w.reader)
	if ttl > 0 {
		w.beats.Do(func() { go w.watch(ttl) })
	}
	return nil
}

// control sends bytes that are no message of the sender's, from any
// goroutine.
func (w *wire) control(b []byte) {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	w.out.queue.add(span{b: b})
	w.out.queue.kick()
}

// silence tells how long a connection has been listened to in vain. Time in
// which nobody read is not the peer's fault.
type silence struct {
	last   uint32
	length time.Duration
}

func (s *silence) after(d time.Duration, reads uint32) time.Duration {
	if reads&1 == 1 && reads == s.last {
		s.length += d
	} else {
		s.length = 0
	}
	s.last = reads
	return s.length
}

// beat sends a PING every interval and ends the connection when nothing has
// been heard for the timeout.
func (w *wire) beat(set *settings) {
	ping := appendPing(nil, set.HeartbeatTTL)
	w.every(set.HeartbeatInterval, set.HeartbeatTimeout, func() { w.control(ping) })
}

// watch ends the connection when nothing is heard for ttl, as its peer asked.
func (w *wire) watch(ttl time.Duration) { w.every(ttl/2, ttl, func() {}) }

func (w *wire) every(interval, timeout time.Duration, do func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var s silence
	for {
		do()
		select {
		case <-w.done:
			return
		case <-tick.C:
		}
		if d := s.after(interval, w.reads.Load()); d >= timeout {
			w.fail(fmt.Errorf("%w: silent for %v", ErrHeartbeat, d))
			return
		}
	}
}

// read waits for bytes, so that silence can tell. A hosted socket always waits
// for them: its count is odd from the start.
func (w *wire) read(a, b []byte) (int, error) {
	if w.core.set.Host != nil {
		n, err := w.io.read(a, b)
		if n > 0 {
			w.reads.Add(2)
		}
		return n, err
	}
	w.reads.Add(1)
	n, err := w.io.read(a, b)
	w.reads.Add(1)
	return n, err
}
