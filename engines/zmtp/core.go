package zmtp

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"zbench/engines"
)

// core is what sockets of all kinds have in common: their peers, endpoints and
// life. It is the part that other goroutines see.
type core struct {
	engine    *Engine
	set       *settings
	stats     counters
	in        inbox
	pacer     pacer
	intake    func(*peer, *burst) // takes what pumps read
	joined    func(*peer)         // greets a new peer
	left      func(*peer)
	giveUp    func() error // says why the receiver need not wait any longer
	publisher *publish     // of PUB and XPUB

	ctx    context.Context // ends with the socket
	cancel context.CancelFunc
	closed atomic.Bool
	group  sync.WaitGroup // listeners, dialers and handshakes

	changes atomic.Uint32 // of peers
	waiting atomic.Bool   // the sender waits on room
	room    chan struct{} // one token: look again

	readable []*wire // of a hosted socket, on its host's thread

	mu      sync.Mutex
	peers   []*peer
	closers map[io.Closer]struct{} // listeners, and connections in their handshake
	nextID  uint32
}

func newCore(ctx context.Context, e *Engine, k engines.Kind, o engines.Options) *core {
	c := &core{engine: e, set: newSettings(e, k, o)}
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.room = make(chan struct{}, 1)
	c.closers = make(map[io.Closer]struct{})
	c.in.init(c, c.set.RecvHWM)
	c.pacer.init(c)
	c.intake = c.admit
	if !c.set.receives {
		c.intake = c.discard
	}
	c.joined, c.left = func(*peer) {}, func(*peer) {}
	return c
}

// start begins the socket's life, once its kind has put it together.
func (c *core) start() {
	context.AfterFunc(c.ctx, func() { _ = c.Close() }) // Close never fails
	if c.set.kind.CanSend() && c.set.Host == nil {
		go c.pacer.run() // a host flushes before every wait
	}
}

// attach makes p one of the socket's peers.
func (c *core) attach(p *peer) error {
	c.mu.Lock()
	if err := c.admissible(p); err != nil {
		c.mu.Unlock()
		return err
	}
	if len(p.id) == 0 {
		c.nextID++
		p.id = binary.BigEndian.AppendUint32([]byte{0}, c.nextID)
	}
	if p.wire != nil {
		p.wire.reader.prefix = p.prefix()
	}
	c.peers = append(c.peers[:len(c.peers):len(c.peers)], p)
	c.changes.Add(1)
	c.mu.Unlock()
	c.stats.connections.Add(1)
	if err := c.host(p); err != nil {
		c.detach(p)
		return err
	}
	c.joined(p)
	c.in.join(p)
	c.ring()
	if p.wire != nil && c.set.HeartbeatInterval > 0 && p.wire.version.major >= 3 {
		p.wire.beats.Do(func() { go p.wire.beat(c.set) })
	}
	return nil
}

// admissible says why p may not join. c.mu is held.
func (c *core) admissible(p *peer) error {
	if c.closed.Load() {
		return c.errClosed("connect")
	}
	if c.set.kind == engines.PAIR && len(c.peers) > 0 {
		return ErrSecondPeer
	}
	if c.set.kind != engines.ROUTER {
		return nil
	}
	if len(p.id) > 0 && p.id[0] == 0 {
		return fmt.Errorf("%w: an identity that begins with a zero byte", ErrMetadata)
	}
	for _, q := range c.peers {
		// A peer that comes back may find its old connection here, broken and
		// not read to its end. It takes over: the newest routes.
		if len(p.id) > 0 && bytes.Equal(p.id, q.id) && !(q.wire != nil && q.wire.io.hungUp()) {
			return fmt.Errorf("%w: %.40q", ErrIdentityTaken, p.id)
		}
	}
	return nil
}

// detach forgets p, if it was there.
func (c *core) detach(p *peer) {
	c.mu.Lock()
	was := len(c.peers)
	kept := make([]*peer, 0, was)
	for _, q := range c.peers {
		if q != p {
			kept = append(kept, q)
		}
	}
	c.peers = kept
	c.changes.Add(1)
	c.mu.Unlock()
	if len(kept) < was {
		c.left(p)
		c.in.leave(p)
	}
	c.ring()
}

// list is the peers of now. It is not changed later.
func (c *core) list() []*peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peers
}

// refresh is the peers of now and the count of changes that they belong to.
// Those of old that left are flushed a last time, so that what they never got
// is counted. Only the sender calls it.
func (c *core) refresh(old []*peer) ([]*peer, uint32, error) {
	if c.closed.Load() {
		return nil, 0, c.errClosed("send")
	}
	seen := c.changes.Load()
	peers := c.list()
	for _, p := range old {
		if !slices.Contains(peers, p) {
			p.out.flush()
		}
	}
	return peers, seen, nil
}

// ring wakes a sender that waits for room or for a peer.
func (c *core) ring() {
	if !c.waiting.Load() {
		return
	}
	if h := c.set.Host; h != nil {
		c.waiting.Store(false)
		h.Wake()
		return
	}
	select {
	case c.room <- struct{}{}:
	default:
	}
}

// flushAll flushes every peer's outlet; the sender calls it.
func (c *core) flushAll() {
	for _, p := range c.list() {
		p.out.flush()
	}
}

// converse shakes hands on nc and serves it until it ends. It reports whether
// the handshake succeeded.
func (c *core) converse(nc net.Conn, listener bool) bool {
	tune(nc, c.set)
	if !c.track(nc) {
		_ = nc.Close() // too late
		return false
	}
	in, err := shake(nc, c.set, listener)
	c.untrack(nc)
	var p *peer
	if err == nil {
		p, err = c.newWire(nc, in)
	}
	if err == nil {
		err = c.attach(p)
	}
	if err != nil {
		if !c.closed.Load() {
			c.stats.failed(fmt.Errorf("%s: %w", nc.RemoteAddr(), err))
		}
		_ = nc.Close() // the peer has been told what there is to tell
		if p != nil {
			p.wire.io.close(c.set.Host)
		}
		return false
	}
	<-p.wire.done
	return true
}

// track has Close close x; it reports false where the socket is closed.
func (c *core) track(x io.Closer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed.Load() {
		return false
	}
	c.closers[x] = struct{}{}
	return true
}

func (c *core) untrack(x io.Closer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.closers, x)
}

// Close implements engines.Socket.
func (c *core) Close() error {
	c.mu.Lock()
	if c.closed.Swap(true) {
		c.mu.Unlock()
		return nil
	}
	for x := range c.closers {
		_ = x.Close() // a listener's or a stranger's; nothing can be done about it
	}
	peers := c.peers
	c.mu.Unlock()
	c.changes.Add(1)
	c.cancel()
	c.in.close()
	c.ring()
	c.linger(peers)
	for _, p := range peers {
		p.end(c.errClosed("use"))
	}
	c.pacer.stop()
	c.group.Wait()
	return nil
}

// linger goes on sending what was committed, for as long as it may.
func (c *core) linger(peers []*peer) {
	deadline := time.Now().Add(c.set.Linger)
	if c.publisher != nil {
		c.publisher.push()
	}
	for _, p := range peers {
		p.out.push()
		for p.out.pending() > 0 && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
			if p.wire != nil {
				p.wire.out.resume() // where a host did, which has ended
			}
		}
	}
}

// Peers implements engines.Attended.
func (c *core) Peers() int {
	peers := c.list()
	if c.publisher == nil {
		return len(peers)
	}
	return c.publisher.registry.subscribers(peers)
}

// LastFailure implements engines.Forthcoming.
func (c *core) LastFailure() error { return c.stats.snapshot().LastFailure }

// Stats implements Reporter.
func (c *core) Stats() Stats { return c.stats.snapshot() }
