package drivers

import (
	"errors"
	"sync/atomic"

	"zbench/engines"
	"zbench/results"
)

// receiver records what comes: the messages of a one-way pattern, or the replies
// to a client.
type receiver struct {
	view
	rec    atomic.Pointer[results.Recorder] // set when the run begins
	client *client                          // whose replies these are, or nil
	slow   *slowly                          // a slow consumer, or nil
	// arrivals of messages without a stamp, of a sink
	arrivals *results.ArrivalMeter
	begun    bool
}

func newReceiver(r *run, side role) *receiver { return &receiver{view: newView(r, side)} }

// hears implements hearer.
func (v *receiver) hears() bool {
	switch c := v.client; {
	case c != nil && c.inTurn():
		return c.asked
	case v.slow != nil:
		return v.slow.idle()
	}
	return true
}

// hear implements hearer.
func (v *receiver) hear(ms []*engines.Msg, now, late int64) {
	rec := v.recorder(ms)
	c := v.client
	v.receiveLag = late
	switch {
	case rec == nil && v.serving():
	case rec == nil && c != nil && c.asks != nil:
		for _, m := range ms {
			c.probeReply(m)
		}
		c.answered()
	case c != nil && c.inTurn() && rec != nil:
		c.reply(rec, ms[0], now, late)
	case c != nil && c.asks != nil:
		if n := v.takeReplies(rec, ms, now); n > 0 {
			c.grant(n)
		}
	case v.slow != nil && rec != nil:
		v.slow.queue(ms, now-max(late, 0))
		return
	default:
		if rec != nil && !v.stamped && v.serving() {
			v.noteArrivals(ms, now)
		}
		n := v.takeBurst(rec, ms, now)
		if c != nil && n > 0 {
			c.grant(n)
		}
		if c != nil && rec == nil {
			c.answered()
		}
	}
	engines.Release(ms)
}

// fault implements hearer.
func (v *receiver) fault(err error) bool {
	if c := v.client; c != nil && c.inTurn() && c.stage == loading && !c.closing.Load() {
		c.giveUp(err, !errors.Is(err, engines.ErrClosed))
		return true
	}
	return v.goOn(err)
}

// recorder is where to record, nil before the run has begun. A sink that serves
// begins it with the first message of load.
func (v *receiver) recorder(ms []*engines.Msg) *results.Recorder {
	if v.begun {
		return v.rec.Load()
	}
	if v.serving() && !v.run.adopt(ms) {
		return nil
	}
	rec := v.rec.Load()
	if v.begun = rec != nil; v.begun {
		v.bytes = v.payload
		v.learn()
	}
	return rec
}

// takeBurst records messages that arrived together: one clock reading serves
// thirty-two.
func (v *receiver) takeBurst(rec *results.Recorder, ms []*engines.Msg, now int64) (taken int) {
	if rec != nil {
		rec.Begin()
		defer rec.End()
	}
	for i := 0; i < len(ms); {
		if i > 0 && i%batchSize == 0 {
			now = v.reread(now)
		}
		if n := v.takeUsual(rec, ms[i:min(len(ms), i-i%batchSize+batchSize)], now); n > 0 {
			taken, i = taken+n, i+n
			continue
		}
		if _, ok := v.take(rec, ms[i], now); ok {
			taken++
		}
		i++
	}
	return taken
}

// reread reads the clock anew amid messages that were read at now: those that
// are taken from here on have waited for longer.
func (v *view) reread(now int64) int64 {
	read := v.clock()
	if v.receiveLag >= 0 {
		v.receiveLag += read - now
	}
	return read
}
