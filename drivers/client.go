package drivers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// client is one load socket: it opens its paths, waits for the start, sends, and
// where replies come takes them.
type client struct {
	seat
	*run
	index   int
	end     end
	host    host
	port    *port     // nil where nothing comes back
	replies *receiver // what takes the replies; nil where nothing comes back
	rec     *results.Recorder
	played  bool // by a worker, on one thread
	stage   stage
	joining

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
	base     uint32     // id of flow 0
	flags    uint32     // of every stamp

	// Of the loop.
	nextDue int64 // clock reading at which the next message is due, of a schedule
	pending bool  // there is one
	// free is when this client could have been through with its latest send, or
	// have heard what it waited for, had it never been late itself: its own
	// lateness delays all that becomes due meanwhile, and is the lag of each.
	free      int64
	blocked   int64 // since when a send waits for room; 0: none does
	unflushed bool  // a flush waits for room
	served    int   // how many messages the next clock reading serves
	errs      int   // failed sends
	sent      uint64
	told      int // ends of flows
	batch
	window
	turn
	exchange

	// What was due, by phase; read when the loop has ended.
	offered  []uint64
	phase    int   // of the last message that was due
	phaseEnd int64 // clock reading

	mu      sync.Mutex               // sock, which a timed-out REQ replaces
	ids     []atomic.Pointer[[]byte] // by flow: identities that were announced
	service                          // of somebody else
}

// stage is how far a client has got.
type stage uint8

const (
	opening stage = iota // its paths are not open yet
	waiting              // for the start
	loading
	ending // the other side is still to be told that it is over
	over
)

func newClient(r *run, e end, s engines.Socket, h host) *client {
	c := &client{
		seat: seat{sock: s}, run: r, index: e.index, end: e, host: h,
		arrivals: r.spec.Client(e.index, r.Cell.Clients),
		phases:   r.spec.Phases(),
		sizes:    newSizer(r.sizes, r.Seed, uint64(e.index)),
		parts:    r.Cell.Frames - 1,
		seq:      make([]uint64, r.flowsEach),
		base:     uint32(e.index * r.flowsEach),
		joining:  joining{jitter: rand.New(rand.NewPCG(r.Seed, ^uint64(e.index)))},
		played:   e.need.Options.Host != nil,
	}
	c.waits = !c.played
	if r.Cell.Loop.Scheduled() {
		c.flags = flagScheduled
	}
	c.offered = make([]uint64, len(c.phases))
	c.window.init(r)
	c.makeEnv()
	if r.foreign() {
		c.asks = newAsks()
	}
	c.alike = c.stamped && len(c.env) == 1 && len(c.env[0]) == 0 && len(c.sizes.mix) == 1
	if r.roundTrip {
		c.replies = newReceiver(r, roleLoad)
		c.replies.client, c.replies.owner = c, c.index
		c.port = newPort(s, c.replies)
	}
	return c
}

// ports implements machine.
func (c *client) ports() []*port {
	if c.port == nil {
		return nil
	}
	return c.port.alone[:]
}

// close ends whatever this client has not ended by itself; nobody steps it any
// more.
func (c *client) close() {
	for c.stage != over {
		c.conclude()
	}
}

// inTurn reports whether this client waits for the reply to each request.
func (c *client) inTurn() bool { return c.end.need.Options.Use == engines.Turns }

// step implements machine.
func (c *client) step(now int64) (next int64, did bool) {
	if c.unflushed {
		// A REQ sees for itself that its request is given up.
		if c.flush(); !c.unflushed {
			c.endBlocked(now)
		} else if !c.asked {
			return never, false
		}
	}
	if c.stage == opening {
		if next, did = c.join(now); c.stage == opening {
			return next, did
		}
	}
	if c.stage == waiting {
		if c.stop.Load() {
			c.conclude()
			return never, true
		}
		start := c.start.Load()
		if start == 0 {
			return never, false
		}
		c.stage, c.free = loading, start
	}
	if c.stage == loading {
		next, did = c.load(now)
	}
	if c.stage == ending {
		next, did = c.tellEnd()
	}
	if c.stage == over {
		next = never
	}
	return next, did
}

func (c *client) load(now int64) (next int64, did bool) {
	if start := c.start.Load(); now < start {
		return start, false
	}
	switch {
	case c.inTurn():
		return c.lockstep(now)
	case c.Cell.Loop.Scheduled():
		return c.open(now)
	}
	return c.closed(now)
}

// conclude ends the load of this client.
func (c *client) conclude() {
	switch c.stage {
	case over:
		return
	case loading:
		c.endBlocked(c.clock())
		c.countUnsent()
		if c.external() && !c.roundTrip && c.stage == loading {
			c.stage = ending
			return
		}
	}
	c.stage = over
	c.loads.Done()
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
	start, now := c.start.Load(), min(c.clock(), c.haltedAt) // which stands since stop does
	if c.pending && c.nextDue <= now {
		c.due(c.nextDue)
	}
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
func (c *client) dispatch(m *engines.Msg, flow int, due, sent, lag int64) error {
	switch {
	case c.stamped:
		putStamp(m.Body(), stampHead(c.plan.run, c.flags|(c.base+uint32(flow))), c.seq[flow], lagCode(lag), due, sent)
	case c.template != nil:
		copy(m.Body(), c.text)
	default:
		copy(m.Body(), c.payload[:StampSize]) // a probe may have written here
	}
	shared := c.asks != nil && !c.inTurn() // a reply may come before Send returns
	if shared {
		c.asks.push(due, sent, sent, lag)
	}
	if err := c.sock.Send(m); err != nil {
		if shared {
			c.asks.retract()
		}
		engines.Release([]*engines.Msg{m})
		return err // ErrWait among them: the message is made anew when there is room
	}
	c.seq[flow]++
	c.sent++
	return nil
}

// interrupt ends the wait for the reply to the request that has waited since
// that clock reading. Any goroutine may call it.
func (c *client) interrupt(since int64) {
	if since == 0 {
		return
	}
	c.abandoned.Store(since)
	if c.waits {
		c.opened.Store(c.clock())
		c.socket().Close() // ends its Recv, and another takes its place
	}
	c.host.Wake()
}

// reopen replaces a socket that is of no more use. Whoever closes the old one may
// have to wait for that. The new one takes its place first, so that a socket
// without peers that is still in place has lost them (attend).
func (c *client) reopen() error {
	s, err := c.Load.Open(context.Background(), c.end.need.Kind, c.end.need.Options)
	if err != nil {
		return err
	}
	old := c.sock
	c.thrown += discardedBy(old)
	c.unflushed = false
	c.mu.Lock()
	c.sock = s
	c.opened.Store(c.clock())
	c.mu.Unlock()
	c.port.sock = s
	go old.Close()
	if c.closing.Load() { // whoever closes all sockets may have seen the one before
		return s.Close()
	}
	if c.end.need.Binds > 0 {
		_, err = s.Bind(c.seat.endpoint)
		return err
	}
	return c.connect(s, c.targets)
}

// maxErrors is how many failed sends of one client end a run: a socket that
// fails this often is not coming back.
const maxErrors = 1000

// bear reports whether to go on after a failed send.
func (c *client) bear(err error) bool {
	if c.errs++; c.errs < maxErrors {
		return true
	}
	c.fatal(fmt.Errorf("%s: %d sends failed, the last: %w", c.end, c.errs, err))
	return false
}
