package zmtp

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// switchboard is the inproc endpoints of an engine. As with other transports
// either side may come first.
type switchboard struct {
	mu      sync.Mutex
	bound   map[string]*core
	waiting map[string][]*core
}

// inproc is the connection of a peer in this process.
type inproc struct {
	name   string
	self   *peer
	twin   *peer // ourselves, as the other socket sees us
	sender *core // the other socket, which waits for room here
	dialed bool  // we connected
	ended  atomic.Bool
}

func (c *core) bindInproc(endpoint, name string) error {
	b := &c.engine.inproc
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bound == nil {
		b.bound, b.waiting = make(map[string]*core), make(map[string][]*core)
	}
	if b.bound[name] != nil {
		return fmt.Errorf("bind %s: another socket has that name; choose a different one", endpoint)
	}
	if !c.track(&listing{b, name, c}) {
		return c.errClosed("bind " + endpoint)
	}
	b.bound[name] = c
	for _, d := range b.waiting[name] {
		join(name, c, d)
	}
	delete(b.waiting, name)
	return nil
}

// listing takes a name off the board again.
type listing struct {
	board *switchboard
	name  string
	core  *core
}

// Close implements io.Closer.
func (l *listing) Close() error {
	l.board.mu.Lock()
	defer l.board.mu.Unlock()
	if l.board.bound[l.name] == l.core {
		delete(l.board.bound, l.name)
	}
	return nil
}

func (c *core) connectInproc(name string) error {
	b := &c.engine.inproc
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.bound[name]; l != nil {
		join(name, l, c)
		return nil
	}
	if b.bound == nil {
		b.bound, b.waiting = make(map[string]*core), make(map[string][]*core)
	}
	kept := b.waiting[name][:0]
	for _, d := range b.waiting[name] {
		if !d.closed.Load() {
			kept = append(kept, d)
		}
	}
	b.waiting[name] = append(kept, c)
	return nil
}

// join makes two sockets each other's peers. What speaks against it is counted
// as a failed handshake at the listener.
func join(name string, listener, dialer *core) {
	if listener.closed.Load() || dialer.closed.Load() {
		return
	}
	at, to := &peer{core: listener}, &peer{core: dialer}
	link(name, at, to, dialer)
	link(name, to, at, listener)
	to.inproc.dialed = true
	err := checkKinds(listener.set.kind, dialer.set.kind)
	if err == nil {
		err = listener.attach(at)
	}
	if err == nil {
		if err = dialer.attach(to); err != nil {
			at.inproc.end()
		}
	}
	if err != nil {
		listener.stats.failed(fmt.Errorf("inproc://%s: %w", name, err))
	}
}

// link makes p the view of the socket other; twin is its view of ours.
func link(name string, p, twin *peer, other *core) {
	p.kind, p.id = other.set.kind, other.set.Identity
	p.inproc = &inproc{name: name, self: p, twin: twin, sender: other}
	p.out = newHandover(p.core, twin)
}

// end parts the two sockets. The one that connected waits for the name to be
// bound again.
func (i *inproc) end() {
	if i.ended.Swap(true) {
		return
	}
	c := i.self.core
	if !c.closed.Load() {
		c.stats.failed(fmt.Errorf("inproc://%s: %w", i.name, ErrPeerClosed))
	}
	c.detach(i.self)
	i.twin.inproc.end()
	if i.dialed && !c.closed.Load() {
		go func() { _ = c.connectInproc(i.name) }() // never fails
	}
}

// tell hands the publisher a subscription or its end.
func (i *inproc) tell(topic []byte, on bool) {
	if err := i.sender.subscribed(i.twin, topic, on); err != nil {
		go i.end()
	}
}
