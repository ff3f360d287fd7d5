package drivers

import (
	"sync/atomic"

	"zbench/engines"
	"zbench/results"
)

// matching says how the receiving side finds out which message one was.
type matching uint8

const (
	byStamp   matching = iota
	byOrder            // reply k of a connection belongs to its request k
	byNothing          // messages are counted
)

// foreign reports whether the peers are somebody else's, and answer.
func (p *plan) foreign() bool { return p.external() && p.roundTrip }

// numbered reports whether what comes is known by its sequence.
func (p *plan) numbered() bool { return p.matching != byNothing }

// ordered reports whether replies come in the order of the requests: in
// lockstep, or over one connection.
func (p *plan) ordered() bool {
	return p.use(roleLoad) == engines.Turns || p.facing(roleLoad, 0)*p.Cell.Connections == 1
}

// lookAround notes whether a client that listens to somebody else has more
// than one peer, or may have: they share its load, and then nothing promises
// an order of the replies.
func (r *run) lookAround() {
	if !r.external() || r.Cell.Listen != "load" {
		return
	}
	for _, c := range r.clients {
		if s, ok := c.socket().(engines.Attended); !ok || s.Peers() > 1 {
			r.shared.Store(true)
		}
	}
}

// unordered reports whether messages may overtake each other on their way, for
// there is not surely a single one.
func (r *run) unordered() bool {
	several := r.foreign() && r.facing(roleLoad, 0) > 1
	return r.Cell.Connections > 1 || several || r.shared.Load()
}

// service is what a client knows of somebody else's peers that answer it.
type service struct {
	asks    *asks         // nil where the peers are ours, or answer nothing
	probed  uint64        // probes sent
	replied atomic.Uint64 // replies to them
	echoed  atomic.Bool   // one of them had the probe's stamp
	ready   atomic.Bool   // no reply to a probe is on its way any more

	late, unmatched atomic.Uint64
	timeouts        uint64 // the supervisor's
	thrown          uint64 // messages that sockets replaced by others had discarded
	early           uint64 // of those, and of the present one's, that came before the start
	vigil
}

// discarded counts messages that no request had asked for and the sockets threw
// away by themselves; the loop has ended.
func (c *client) discarded() uint64 { return c.thrown + discardedBy(c.sock) - c.early }

func discardedBy(s engines.Socket) uint64 {
	if d, ok := s.(engines.Discarding); ok {
		return d.Discarded()
	}
	return 0
}

// decide chooses how replies are matched, by those to the probes.
func (r *run) decide() {
	if !r.foreign() {
		return
	}
	r.lookAround()
	r.matching = byNothing
	for _, c := range r.clients {
		c.early = discardedBy(c.socket())
	}
	for _, c := range r.clients {
		if r.stamped && c.echoed.Load() {
			r.matching = byStamp
			break
		}
		if r.ordered() && (r.use(roleLoad) == engines.Turns || !r.shared.Load()) {
			r.matching = byOrder
		}
	}
	r.latencies = results.RoundTrip
	if r.matching == byNothing {
		r.latencies = results.NoLatency
	}
}

// takeReplies records a burst of somebody else's replies and returns how many
// requests they end.
func (v *receiver) takeReplies(rec *results.Recorder, ms []*engines.Msg, now int64) (taken int) {
	c := v.client
	rec.Begin()
	defer rec.End()
	c.asks.mu.Lock()
	defer c.asks.mu.Unlock()
	for i, m := range ms {
		if i > 0 && i%batchSize == 0 {
			now = v.reread(now)
		}
		if c.takeReply(&v.view, rec, m, now) == fitting {
			taken++
		}
	}
	return taken
}

// takeReply records one reply. asks.mu is held.
func (c *client) takeReply(v *view, rec *results.Recorder, m *engines.Msg, now int64) answer {
	var st stamp
	mine := st.find(m, c.plan.run)
	if mine && st.flags&flagControl != 0 {
		return again // of a probe
	}
	k, q, is := st.seq, ask{due: st.due, sent: st.sent, lag: st.lag}, unmatched
	switch {
	case c.matching != byStamp:
		k, q, is = c.asks.takeNext()
	case mine && st.flow == c.base:
		is = c.asks.takeThat(k)
	}
	if is == unmatched {
		c.unmatched.Add(1)
		return is
	}
	c.heard(now, q.sent)
	if is == belated {
		c.late.Add(1)
		return is
	}
	size, sound := wholeSize(m, v.skip), true
	if c.matching == byStamp {
		size, sound = v.check(m, m.Body()) // a stamp in another part is unsound by the number of parts
	}
	if c.matching == byNothing {
		rec.RecordUnstamped(0, now, v.receiveLag, size)
	} else {
		rec.RecordReceive(c.base, 0, k, q.due, q.sent, now, q.lag, v.receiveLag, size)
	}
	if !sound {
		rec.RecordCorrupt()
	}
	return is
}

// wholeSize is the size of all frames behind the envelope.
func wholeSize(m *engines.Msg, skip int) (n int) {
	for _, f := range m.Frames[min(skip, len(m.Frames)):] {
		n += len(f)
	}
	return n
}
