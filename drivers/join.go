package drivers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"zbench/engines"
)

const (
	// probeInterval is how long a client waits for its probe before it sends
	// another, where there are few of them; many wait for longer, so that all
	// together send at most probesPerSecond.
	probeInterval   = 5 * time.Millisecond
	probesPerSecond = 10_000
	// probePause is how long a client that takes turns waits at most.
	probePause    = 200 * time.Microsecond
	subscribeTime = 500 * time.Millisecond
)

// joining is a client that opens its paths.
type joining struct {
	probeAt int64 // when the next probe is to go
	jitter  *rand.Rand

	// Of somebody else's service: what came when, in clock readings.
	seen        uint64 // replies
	last, quiet int64  // the latest of them or a probe; until when nothing is sent
	patience    int64  // ns for a reply
}

// join sends probes until every path of this client is open; its receiver, or
// the peers', sees them come through.
func (c *client) join(now int64) (next int64, did bool) {
	if c.stop.Load() {
		c.stage = waiting
		return now, true
	}
	ask := c.probe
	switch {
	case c.asks != nil:
		ask = c.probeService
	case c.inTurn():
		ask = c.probeInTurn
	}
	next, err := ask(now)
	switch {
	case err == nil, errors.Is(err, engines.ErrNoRoute):
	case err == engines.ErrWait:
		next = never
	case !c.stop.Load() || !errors.Is(err, engines.ErrClosed):
		c.fatal(fmt.Errorf("probe of %s: %w", c.end, err))
		next = never
	}
	return next, true
}

// nowOpen goes on to wait for the start.
func (c *client) nowOpen() (next int64, err error) {
	c.stage, c.flow = waiting, 0
	return never, nil
}

// probe sends a probe on every flow, or connection, from time to time.
func (c *client) probe(now int64) (next int64, err error) {
	if c.barrier.clientOpen(c.index) {
		return c.nowOpen()
	}
	interval := max(int64(probeInterval), int64(len(c.clients))*int64(time.Second)/probesPerSecond)
	if !c.joined() { // nobody would get it
		return now + interval, nil
	}
	if now < c.probeAt {
		return c.probeAt, nil
	}
	for range max(c.flowsEach, c.Cell.Middles, c.probesEach()) {
		if err = c.sendProbe(c.nextFlow()); err != nil && !errors.Is(err, engines.ErrNoRoute) {
			return never, err
		}
	}
	// At a random instant: where clients took turns in step with the sockets that
	// deal their probes out, each would see the same peer for ever.
	c.probeAt = now + interval/2 + c.jitter.Int64N(interval)
	return c.probeAt, c.flushProbes()
}

// probeInTurn sends a probe some time after the one before has come back.
func (c *client) probeInTurn(now int64) (next int64, err error) {
	switch {
	case c.asked:
		return never, nil
	case c.barrier.clientOpen(c.index):
		return c.nowOpen()
	case now < c.probeAt:
		return c.probeAt, nil
	}
	if err = c.sendProbe(0); err != nil {
		return never, err
	}
	c.asked = true
	c.probeAt = now + c.jitter.Int64N(int64(probePause))
	return never, c.flushProbes()
}

func (c *client) flushProbes() error {
	err := c.sock.Flush()
	if err == engines.ErrWait {
		c.unflushed, err = true, nil
	}
	return err
}

const (
	// probeAgain is how long nothing must come before another probe is sent.
	probeAgain = 3 * time.Second
	// probeQuiet is how long to wait for replies that nobody asked for.
	probeQuiet = 50 * time.Millisecond
	// probeLook is how often a client looks at what has come.
	probeLook = time.Millisecond
)

// probeService sends a probe on every connection and waits for as many
// replies, whatever they are, so that the first reply to the load is the first
// of all.
func (c *client) probeService(now int64) (next int64, err error) {
	want, n := uint64(c.barrier.want), c.replied.Load()
	switch {
	case c.quiet != 0:
		if now < c.quiet {
			return c.quiet, nil
		}
		c.ready.Store(true)
		return c.nowOpen()
	case !c.joined():
		return now + int64(probeLook), nil
	case c.patience == 0:
		c.patience, c.last = int64(probeAgain), now
	}
	if n > c.seen {
		c.patience = max(c.patience, 2*(now-c.last))
		c.seen, c.last = n, now
	}
	silent := now-c.last > c.patience
	switch {
	case c.asked: // a REQ
	case n >= want && (n >= c.probed || silent):
		if c.quiet = now; !c.echoed.Load() {
			c.quiet += int64(probeQuiet)
		}
		return c.quiet, nil
	case c.probed < want || n < want && (silent || n >= c.probed):
		if err = c.sendProbe(0); err != nil {
			return never, err
		}
		c.probed++
		c.asked = c.inTurn()
		c.last = c.clock()
		return now, c.flushProbes()
	}
	return now + int64(probeLook), nil
}

// answered ends the turn of a REQ's probe.
func (c *client) answered() {
	if c.inTurn() {
		c.asked = false
	}
}

// probeReply notes a message that came before the start.
func (c *client) probeReply(m *engines.Msg) {
	var st stamp
	if st.find(m, c.plan.run) {
		c.echoed.Store(true)
	}
	c.replied.Add(1)
	c.barrier.pass(c.index, &stamp{})
}

// attended reports whether the peers of somebody else are there, as far as
// anybody can tell after that time: an engine that does not know its peers
// gives subscribers subscribeTime, for nothing comes back from them that would
// say so.
func (c *client) attended(waited time.Duration) bool {
	if !c.external() {
		return true
	}
	if c.asks != nil {
		return c.ready.Load()
	}
	if _, ok := c.socket().(engines.Attended); ok {
		return c.joined()
	}
	return !c.fanOut || waited >= subscribeTime
}

// tellEnd tells a sink of another process that every flow is over.
func (c *client) tellEnd() (next int64, did bool) {
	each := c.probesEach()
	for ; c.told < c.flowsEach*each; c.told++ {
		if err := c.sendControl(c.told/each, flagEnd); err == engines.ErrWait {
			c.flush()
			return never, true
		} else if err != nil {
			break
		}
	}
	c.flush()
	c.conclude()
	return never, true
}

// probesEach is how many probes reach every peer of a socket that takes its
// connections in turn.
func (c *client) probesEach() int {
	if c.addressed || c.fanOut {
		return 1
	}
	return c.end.need.Peers
}

func (c *client) sendProbe(flow int) error { return c.sendControl(flow, flagProbe) }

// usualSize is that of a body, and room for a stamp: some peers take no other.
func (c *client) usualSize() int { return max(StampSize, c.sizes.mix[0].Bytes) }

// sendControl sends a message that is none of the load's.
func (c *client) sendControl(flow int, flag uint32) error {
	if c.template != nil {
		return c.sendPlain(flow, flag)
	}
	m, err := c.alloc(flow, c.usualSize())
	if err != nil {
		return err
	}
	s := stamp{run: c.plan.run, flags: flag, flow: c.base + uint32(flow), seq: c.seq[flow]}
	s.put(m.Body())
	if err := c.sock.Send(m); err != nil {
		engines.Release([]*engines.Msg{m})
		return err
	}
	return nil
}
