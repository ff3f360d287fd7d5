package drivers

import (
	"context"
	"fmt"
	"time"

	"zbench/drivers/load"
)

const (
	superviseEvery    = 5 * time.Millisecond
	leastReplyTimeout = 5 * time.Second
	mostReplyTimeout  = time.Minute
	// idleTimeout ends a run by count in which nothing moves any more.
	idleTimeout = 30 * time.Second
	minDrain    = 5 * time.Second
	// stuckSend is how long a send may block after all sending was ended.
	stuckSend = 2 * time.Second
	// forcedDrain is how long nothing must come where duplicates are expected,
	// for those look like what is missing until receivers are compared.
	forcedDrain = 500 * time.Millisecond
)

// supervise waits until all is sent and nothing is missing, or until a
// deadline or ctx says that it is enough.
func (r *run) supervise(ctx context.Context) (interrupted bool) {
	sent := make(chan struct{})
	go func() { r.loads.Wait(); close(sent) }()
	tick := time.NewTicker(superviseEvery)
	defer tick.Stop()
	idle := idleWatch{at: time.Now()}
	var drainUntil int64
	for {
		select {
		case <-ctx.Done():
			if !interrupted {
				interrupted = true
				r.noSend()
			}
			ctx = context.WithoutCancel(ctx)
		case <-tick.C:
		}
		now := load.Now()
		if r.failure() != nil {
			return interrupted
		}
		allSent := closed(sent)
		r.watch(now, allSent)
		switch {
		case allSent:
			if drainUntil == 0 {
				drainUntil = now + r.drainLimit()
				if interrupted {
					drainUntil = min(drainUntil, now+int64(interruptDrain))
				}
			}
			if now >= drainUntil || r.delivered() >= r.expected() && (!r.Force || idle.since(r) > forcedDrain) {
				return interrupted
			}
		default:
			r.timeOutReplies(now)
			switch {
			case r.stop.Load() && now-r.haltedAt > r.lastWait(interrupted):
				return interrupted // a send is still blocked, or a reply does not come
			case now > r.end && now-r.end > r.drainLimit():
				r.noSend()
			case r.end == noEnd && idle.since(r) > idleTimeout:
				r.fatal(fmt.Errorf("%s: nothing was sent or received for %v; is the peer still there?", r.pattern.name, idleTimeout))
			}
		}
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// lastWait is how long, in ns, loops may take to end once nothing more is to be
// sent. A REQ whose request is on its way waits for the reply as others drain.
func (r *run) lastWait(interrupted bool) int64 {
	for _, c := range r.clients {
		if c.awaited.Load() > 0 && !interrupted {
			return max(r.drainLimit(), int64(stuckSend))
		}
	}
	return int64(stuckSend)
}

// interruptDrain is how long an interrupted run waits for what is in flight.
const interruptDrain = 2 * time.Second

// idleWatch tells how long no message was sent or received.
type idleWatch struct {
	total uint64
	at    time.Time
}

func (w *idleWatch) since(r *run) time.Duration {
	if total := r.moved(); total != w.total {
		w.total, w.at = total, time.Now()
	}
	return time.Since(w.at)
}

func (r *run) moved() uint64 { return r.sentSoFar() + r.delivered() }

// drainLimit is how long, in ns, to wait for what is missing.
func (r *run) drainLimit() int64 {
	limit := max(int64(minDrain), 2*r.longest.Load())
	if d := int64(seconds(r.Cell.DurationS)); d > 0 {
		limit = min(limit, d)
	}
	return limit
}

// expected counts the deliveries that are due for what was sent; all clients
// have ended.
func (r *run) expected() (n uint64) {
	if r.external() && !r.roundTrip {
		return 0
	}
	for _, c := range r.clients {
		for flow, sent := range c.seq {
			n += sent * uint64(r.copies(flow))
		}
		if c.asks != nil {
			n -= min(n, c.asks.gaveUp.Load())
		}
	}
	return n
}

// copies is how many receivers get each message of a client's flow.
func (r *run) copies(flow int) int {
	if !r.fanOut {
		return 1
	}
	n := 0
	for i := range r.Cell.Peers {
		if r.wants(i, flow) {
			n++
		}
	}
	return n
}

// timeOutReplies has every REQ given up that has waited too long.
func (r *run) timeOutReplies(now int64) {
	for _, c := range r.clients {
		if since := c.awaited.Load(); since > 0 && c.asks == nil && now-since > int64(r.replyTimeout()) {
			c.interrupt(since)
		}
	}
}

// replyTimeout is how long a request waits for its reply: without one by then
// it is lost, and a REQ is closed and opened anew.
func (r *run) replyTimeout() time.Duration {
	if r.Cell.TimeoutS > 0 {
		return seconds(r.Cell.TimeoutS)
	}
	return min(max(seconds(r.Cell.DurationS)/2, leastReplyTimeout), mostReplyTimeout)
}
