package zmtp

import (
	"bytes"
	"cmp"
	"fmt"
	"time"

	"zbench/engines"
)

// patience is how long a ROUTER or REP waits for a peer at its HWM. RFC 28 lets
// it drop at once, and libzmq told to report that (ZMQ_ROUTER_MANDATORY) waits
// without end; but load has to be pushed back rather than dropped, and one
// stalled peer must not stop what the socket has for the others.
const patience = 2 * time.Second

// route is the sender of ROUTER: the first frame names the peer (RFC 28).
type route struct {
	c    *core
	seen uint32
	all  []*peer
	byID map[string]*peer
	last *peer
	to   *peer
	msg  *engines.Msg // reserved at to
	view [][]byte     // its frames, with the identity
	slow pardon
}

// Alloc implements engines.Sender. env begins with the peer's identity.
func (s *route) Alloc(env [][]byte, size int) (*engines.Msg, error) {
	if len(env) == 0 {
		return nil, fmt.Errorf("send on ROUTER: no identity; make it the first frame: %w", engines.ErrNoRoute)
	}
	to, err := s.find(env[0])
	if err != nil {
		return nil, err
	}
	m := to.out.alloc(nil, env[1:], size)
	if m == nil {
		err := s.slow.wait(s.c, to, func() bool { m = to.out.alloc(nil, env[1:], size); return m != nil })
		if err != nil {
			return nil, s.stalled(err, env[0])
		}
	}
	s.slow.passed(to)
	s.to, s.msg = to, m
	s.view = append(append(s.view[:0], to.id), m.Frames...)
	m.Frames = s.view
	return m, nil
}

// find is the peer of that identity.
func (s *route) find(id []byte) (*peer, error) {
	if s.c.changes.Load() != s.seen {
		if err := s.refresh(); err != nil {
			return nil, err
		}
	}
	if s.last != nil && bytes.Equal(s.last.id, id) {
		return s.last, nil
	}
	p := s.byID[string(id)]
	if p == nil {
		return nil, s.noRoute("is not connected", id)
	}
	s.last = p
	return p, nil
}

func (s *route) noRoute(why string, id []byte) error {
	return fmt.Errorf("send on ROUTER: peer %.40q %s: %w", id, why, engines.ErrNoRoute)
}

// stalled is err where the host is to wait for the peer, else that there is no
// way to it.
func (s *route) stalled(err error, id []byte) error {
	if err == engines.ErrWait {
		return err
	}
	return s.noRoute(whyStalled, id)
}

func (s *route) refresh() (err error) {
	s.all, s.seen, err = s.c.refresh(s.all)
	s.last, s.slow.stalled, s.slow.asked = nil, nil, nil
	s.byID = make(map[string]*peer, len(s.all))
	for _, p := range s.all {
		s.byID[string(p.id)] = p
	}
	return err
}

// Send implements engines.Sender.
func (s *route) Send(m *engines.Msg) error {
	if m == s.msg {
		s.msg = nil
		s.to.out.commit()
		return nil
	}
	if err := sendable(m); err != nil {
		return err
	}
	if len(m.Frames) < 2 {
		return fmt.Errorf("send on ROUTER: no frame after the identity: %w", ErrState)
	}
	s.msg = nil
	to, err := s.find(m.Frames[0])
	if err != nil {
		return err
	}
	pass := func() bool { return to.out.pass(nil, m.Frames[1:], m) }
	if !pass() {
		if err := s.slow.wait(s.c, to, pass); err != nil {
			return s.stalled(err, m.Frames[0])
		}
	}
	s.slow.passed(to)
	return nil
}

// Flush implements engines.Sender.
func (s *route) Flush() error {
	for _, p := range s.all {
		p.out.flush()
	}
	return nil
}

const whyStalled = "is at its HWM and makes no room; raise the HWM, or see why it does not read"

// grudge is for how many times its patience a socket that waited for a peer in
// vain does not wait for it again. What the peer has room for reaches it still.
const grudge = 10

// pardon waits for peers at their HWM. One that has stalled costs little of
// everybody else's time.
type pardon struct {
	stalled  map[*peer]time.Time
	asked    map[*peer]time.Time // by a host: since when there was no room
	patience time.Duration       // 0: as above
}

// wait tries until it succeeds or patience ends.
func (w *pardon) wait(c *core, to *peer, try func() bool) error {
	patience := cmp.Or(w.patience, patience)
	if at, ok := w.stalled[to]; ok && time.Since(at) < grudge*patience {
		return engines.ErrNoRoute
	}
	if c.set.Host != nil {
		return w.ask(c, to, patience, try)
	}
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	defer c.waiting.Store(false)
	for {
		c.waiting.Store(true)
		if try() {
			delete(w.stalled, to)
			return nil
		}
		select {
		case <-c.room:
			if c.closed.Load() {
				return c.errClosed("send")
			}
		case <-deadline.C:
			w.giveUp(to)
			return engines.ErrNoRoute
		}
	}
}

func (w *pardon) giveUp(to *peer) {
	if w.stalled == nil {
		w.stalled = make(map[*peer]time.Time)
	}
	w.stalled[to] = time.Now()
}

// passed notes that there was room.
func (w *pardon) passed(to *peer) {
	if len(w.asked) > 0 {
		delete(w.asked, to)
	}
}

// ask is wait for a host, which asks again when there is room or patience ends.
func (w *pardon) ask(c *core, to *peer, patience time.Duration, try func() bool) error {
	if c.once(try) == nil {
		delete(w.stalled, to)
		return nil
	}
	since, ok := w.asked[to]
	switch {
	case !ok:
		if w.asked == nil {
			w.asked = make(map[*peer]time.Time)
		}
		w.asked[to] = time.Now()
		time.AfterFunc(patience, c.set.Host.Wake)
	case time.Since(since) >= patience:
		delete(w.asked, to)
		w.giveUp(to)
		return engines.ErrNoRoute
	}
	return engines.ErrWait
}
