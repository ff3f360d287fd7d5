package drivers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zbench/engines"
	"zbench/results"
)

// AllTopics subscribes to everything.
const AllTopics = "*"

// subscribes reports whether zbench is the subscriber of somebody else's
// publisher.
func (p *plan) subscribes() bool { return p.Cell.Subscribe != "" }

// ourSide is the side that is ours, in the words of Cell.Listen.
func (p *plan) ourSide() string {
	if p.subscribes() {
		return "load" // it stands where the load would, and the peer is theirs
	}
	return "peer"
}

// follows reports whether zbench calls the publishers that it subscribes to, so
// that it knows how many there should be.
func (p *plan) follows() bool { return p.subscribes() && p.Cell.Listen == "peer" }

// prefixes are those of a Cell.Subscribe.
func prefixes(text string) (all [][]byte) {
	for _, p := range strings.Split(text, "+") {
		if p == AllTopics {
			p = ""
		}
		all = append(all, []byte(p))
	}
	return all
}

// resolveSubscribe turns a cell of pub-sub that is to load nobody into one that
// subscribes: where prefixes are given, or an endpoint to connect to and
// nothing that only a publisher has.
func resolveSubscribe(c *results.Cell, p pattern) error {
	if c.Placement == Served {
		return nil
	}
	if c.Subscribe == "" {
		made := c.RateMsgsPerS != 0 || c.Loop != "" || c.Stages != "" || c.Arrival != "" || c.Count != 0 ||
			c.Size != "" || c.Payload != "" || c.Frames != 0 || c.Topics != 0 || c.AtHWM != ""
		if p.peer != engines.SUB || p.hasMiddle() || len(c.Endpoints) == 0 || c.Listen != "peer" || made {
			return nil
		}
		c.Subscribe = AllTopics
	}
	switch {
	case p.peer != engines.SUB || p.hasMiddle():
		return invalid("subscribe: %s has no subscriber that could be alone; use pub-sub", p.name)
	case len(c.Endpoints) == 0:
		return invalid("subscribe: to whom; add connect, or bind and let the publisher connect")
	case c.RateMsgsPerS != 0 || c.Loop != "" || c.Stages != "" || c.Window != 0:
		return invalid("subscribe: a subscriber makes no load; leave rate, stages and window out")
	case c.Topics != 0:
		return invalid("subscribe: it names the topics; leave topics out")
	}
	c.PeerEngine, c.Engine, c.Placement, c.Loop = c.Engine, results.External, Served, results.Max
	c.Peers, c.Clients = max(c.Clients, 1), 1
	return nil
}

// follow is Run for a subscriber: what comes is counted and its arrivals are
// measured, from the first message on.
func follow(ctx context.Context, s Setup, out Output) (results.Run, error) {
	wait := s.Timeout
	if wait <= 0 {
		wait = 10 * time.Second
	}
	c := s.Cell
	r, err := Serve(ctx, s, Service{Output: out, Count: c.Count, Duration: seconds(c.WarmupS + c.DurationS), Wait: wait})
	switch {
	case errors.Is(err, ErrNothingCame) && ctx.Err() == nil:
		err = fmt.Errorf("%w within %v from %s; is a publisher there, and do its messages begin with %s", err, wait,
			strings.Join(c.Endpoints, ", "), c.Subscribe)
		r.Reasons = []results.Reason{{Verdict: results.Failed, Detail: err.Error()}}
	case errors.Is(err, ErrNothingCame):
		results.Judge(&r, results.Signals{Interrupted: true})
		err = context.Canceled
	case errors.Is(err, ErrNotServed) && ctx.Err() != nil:
		err = nil // it says that it was interrupted
	}
	return r, err
}

// noteArrivals takes down when messages without a stamp came.
func (v *receiver) noteArrivals(ms []*engines.Msg, now int64) {
	if v.arrivals == nil {
		v.arrivals = results.NewArrivalMeter()
	}
	for _, m := range ms {
		v.arrivals.Note(now, wholeSize(m, v.skip))
	}
}

// arrivals sums up what the receivers took down; all loops have ended.
func (r *run) arrivals(now int64) *results.Arrivals {
	var meters []*results.ArrivalMeter
	for _, p := range r.peers {
		if m := p.recv.arrivals; m != nil {
			if r.subscribes() {
				m.End(now)
			}
			meters = append(meters, m)
		}
	}
	return results.SumArrivals(meters)
}
