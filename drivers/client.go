package drivers

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// client is one load socket: its sending goroutine, which in a lockstep loop
// receives as well, and in the window and open loops a receiver beside it.
type client struct {
	seat
	*run
	index int
	end   end
	recv  *receiver // nil where nothing comes back or the loop takes turns
	rec   *results.Recorder
	pacer *load.Pacer

	arrivals load.Arrivals
	phases   []load.PhaseSpec
	sizes    sizer
	env      [][][]byte // by flow: the frames before the body
	parts    int        // how many of them are leading parts
	seq      []uint64   // by flow: the next sequence
	flow     int        // whose turn it is, from 0
	alike    bool       // messages differ in their sequence alone
	number   uint64     // of the next body of a template
	text     []byte     // that body
	served   int        // how many messages the next clock reading serves
	base     uint32     // id of flow 0
	flags    uint32     // of every stamp

	// What was due, by phase; read when the loop has ended.
	offered  []uint64
	phase    int   // of the last message that was due
	phaseEnd int64 // clock reading

	mu      sync.Mutex               // sock, which a timed-out REQ replaces
	ids     []atomic.Pointer[[]byte] // by flow: identities that were announced
	waiting atomic.Int64             // clock reading since when a reply is awaited
	credit
	batch
	service // of somebody else
}

func newClient(r *run, e end, s engines.Socket) *client {
	c := &client{
		seat: seat{sock: s}, run: r, index: e.index, end: e,
		arrivals: r.spec.Client(e.index, r.Cell.Clients),
		phases:   r.spec.Phases(),
		sizes:    newSizer(r.sizes, r.Seed, uint64(e.index)),
		parts:    r.Cell.Frames - 1,
		seq:      make([]uint64, r.flowsEach),
		base:     uint32(e.index * r.flowsEach),
	}
	if r.Cell.Loop.Scheduled() {
		c.flags = flagScheduled
	}
	c.offered = make([]uint64, len(c.phases))
	c.credit.init(r, c.fire)
	c.makeEnv()
	if r.foreign() {
		c.asks = newAsks()
	}
	c.alike = c.stamped && len(c.env) == 1 && len(c.env[0]) == 0 && len(c.sizes.mix) == 1
	if r.use(roleLoad) == engines.Duplex {
		c.recv = newReceiver(r, s, roleLoad)
		c.recv.client, c.recv.owner = c, c.index
	}
	return c
}

// makeEnv lays out the frames that come before the body, by flow.
func (c *client) makeEnv() {
	c.env = make([][][]byte, c.flowsEach)
	for f := range c.env {
		var env [][]byte
		switch {
		case c.addressed:
			env = append(env, nil) // the identity, once it is announced
		case c.Cell.Topics > 0:
			env = append(env, topicName(f))
		case c.delimiter:
			env = append(env, []byte{})
		}
		c.env[f] = append(env, make([][]byte, c.parts)...)
	}
	if c.addressed {
		c.ids = make([]atomic.Pointer[[]byte], c.flowsEach)
	}
}

func (c *client) socket() engines.Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sock
}

// loop opens the paths of this client, waits for the start and sends.
func (c *client) loop() {
	lockstep := c.end.need.Options.Use == engines.Turns
	probe := c.probe
	if lockstep {
		probe = c.probeInTurn
	}
	if c.asks != nil {
		probe = c.probeService
	}
	if err := probe(); err != nil {
		c.fatal(fmt.Errorf("probe of %s: %w", c.end, err))
		return
	}
	select {
	case <-c.began:
	case <-c.halt:
		return
	}
	switch {
	case lockstep:
		c.lockstep()
	case c.Cell.Loop.Scheduled():
		c.pump()
	default:
		c.rush()
	}
	if c.external() && !c.roundTrip && !lockstep {
		c.tellEnd()
	}
	c.countUnsent()
}

// account is the flow that a message counts for. Bodies without a stamp cannot
// tell whose they are: they count together, by topic where there are topics.
func (c *client) account(flow int) uint32 {
	switch {
	case c.numbered():
		return c.base + uint32(flow)
	case c.Cell.Topics > 0:
		return uint32(flow)
	}
	return 0
}

// due counts one message as offered. Due times never decrease.
func (c *client) due(at int64) { c.dueAgain(at, 1) }

// dueAgain counts n messages that were due at once.
func (c *client) dueAgain(at int64, n uint64) {
	if at >= c.phaseEnd {
		c.turnPhase(at)
	}
	c.offered[c.phase] += n
}

// turnPhase finds the phase of an instant that is not in the one before.
func (c *client) turnPhase(at int64) {
	start, last := c.start.Load(), len(c.phases)-1
	for c.phase < last && at-start >= int64(c.phases[c.phase].To) {
		c.phase++
	}
	c.phaseEnd = noEnd
	if c.phase < last {
		c.phaseEnd = start + int64(c.phases[c.phase].To)
	}
}

// countUnsent counts what the schedule still had due when sending was ended.
func (c *client) countUnsent() {
	if !c.Cell.Loop.Scheduled() || !c.stop.Load() {
		return
	}
	start, now := c.start.Load(), load.Now()
	for {
		due, ok := c.arrivals.Next()
		if !ok || start+int64(due) > now {
			return
		}
		c.due(start + int64(due))
	}
}

// nextFlow takes the flows in turn, those of its own peers alone.
func (c *client) nextFlow() int {
	for {
		f := c.flow
		if c.flow++; c.flow == c.flowsEach {
			c.flow = 0
		}
		if !c.addressed || c.linked(c.index, f) {
			return f
		}
	}
}

// alloc asks for a message of that flow with a body of size bytes.
func (c *client) alloc(flow, size int) (*engines.Msg, error) {
	env := c.env[flow]
	if len(env) == 0 {
		return c.sock.Alloc(nil, size)
	}
	for i := len(env) - c.parts; i < len(env); i++ {
		env[i] = c.payload[:size]
	}
	if c.addressed {
		id := c.ids[flow].Load()
		if id == nil {
			return nil, engines.ErrNoRoute
		}
		env[0] = *id
	}
	return c.sock.Alloc(env, size)
}

// dispatch stamps a message and gives it to the socket. On error nothing was sent.
func (c *client) dispatch(m *engines.Msg, flow int, due, sent int64) error {
	switch {
	case c.stamped:
		putStamp(m.Body(), stampHead(c.plan.run, c.flags|(c.base+uint32(flow))), c.seq[flow], 0, due, sent)
	case c.template != nil:
		copy(m.Body(), c.text)
	default:
		copy(m.Body(), c.payload[:StampSize]) // a probe may have written here
	}
	shared := c.asks != nil && c.recv != nil // a reply may come before Send returns
	if shared {
		c.asks.push(due, sent, sent)
	}
	if err := c.sock.Send(m); err != nil {
		if shared {
			c.asks.retract()
		}
		engines.Release([]*engines.Msg{m})
		return err
	}
	c.seq[flow]++
	c.sent++
	return nil
}

// reopen replaces a socket that the supervisor closed because no reply came.
func (c *client) reopen() error {
	s, err := c.Load.Open(context.Background(), c.end.need.Kind, c.end.need.Options)
	if err != nil {
		return err
	}
	c.thrown += discardedBy(c.sock)
	c.mu.Lock()
	c.sock = s
	c.mu.Unlock()
	c.opened.Store(load.Now())
	if c.stop.Load() {
		return s.Close()
	}
	if c.end.need.Binds > 0 {
		_, err = s.Bind(c.seat.endpoint)
		return err
	}
	return c.connect(s, c.targets)
}
