package results

import (
	"math"
	"sync/atomic"
)

// Recorder takes the measurements of one goroutine, without a lock or an
// allocation per message. Every Record… call lies between Begin and End; only
// Sent and Received may be called from elsewhere. Times are readings of one
// clock in ns. A flow has one sender, and its sequences start at 0 and follow
// one another in the order of RecordSend.
type Recorder struct {
	gate  gate
	fresh *interval                // set by the collector, taken at the swap
	taken atomic.Pointer[interval] // the swapped one, for the collector

	iv        *interval
	send      cursor
	recv      cursor
	ends      []int64 // of the phases, clock readings; the last is endless
	latency   bool
	scheduled bool
	rated     [2]int64 // what arrives between them makes the rate
	tracks    []*track // by flow; nil until seen
	live      []*track // those that are not nil

	sent, received uint64 // received without the duplicates seen here

	liveSent, liveReceived atomic.Uint64
	duplicates             atomic.Uint64 // found when receivers were joined

	peer string
}

// cursor is the phase that the latest message was of.
type cursor struct {
	from, to int64 // from included, to not: equal before the first message
	phase    int
	part     *part // nil before the first message
}

// Begin opens a burst of one or more records. It never waits longer than the
// collector takes to exchange two pointers.
func (r *Recorder) Begin() { r.gate.enter() }

// End closes the burst and publishes Sent and Received. Wait for messages,
// credit or time outside of Begin and End.
func (r *Recorder) End() {
	if r.sent != r.liveSent.Load() {
		r.liveSent.Store(r.sent)
	}
	if r.received != r.liveReceived.Load() {
		r.liveReceived.Store(r.received)
	}
	if r.gate.leave() {
		r.swap()
		r.gate.free()
	}
}

// RecordSend counts one sent message of flow. due is the sent time where
// nothing is due. lag is wake − ready in ns, below zero where there is none.
func (r *Recorder) RecordSend(flow uint32, due, sent, lagNS int64) {
	r.RecordSends(flow, 1, due, sent, lagNS)
}

// RecordSends counts n messages of flow that one clock reading served.
func (r *Recorder) RecordSends(flow uint32, n uint64, due, sent, lagNS int64) {
	if due < r.send.from || due >= r.send.to {
		r.turnSend(due)
	}
	p := r.send.part
	if p.sent == 0 {
		p.firstDue, p.firstSent = due, sent
	}
	p.sent += n
	p.lastDue, p.lastSent = due, sent
	if lagNS >= 0 && r.scheduled {
		if lagNS > longestNS || p.h[lag].RecordValues(lagNS, int64(n)) != nil {
			p.beyond[lag] += n
		}
	}
	t := r.trackOf(flow)
	if t == nil {
		r.iv.errors++
		return
	}
	if t.sent == 0 {
		r.iv.bounds = append(r.iv.bounds, bound{flow, r.send.phase, 0})
	}
	t.sent += n
	r.sent += n
}

// RecordBlocked adds ns spent in Alloc, Send and Flush to the phase of the
// message sent last.
func (r *Recorder) RecordBlocked(ns int64) {
	if r.send.part == nil {
		r.turnSend(math.MinInt64)
	}
	r.send.part.blockedNS += ns
}

// RecordReceive counts one received message: its flow and sequence, the path
// it came on (connection or worker, 0 if there is one), its due and sent
// times, its arrival, how late it was sent and how late it was read here, both
// in ns, and the bytes of its body frames. A lag below zero is not known.
func (r *Recorder) RecordReceive(flow, path uint32, seq uint64, due, sent, now, lagNS, receiveLagNS int64, bytes int) {
	r.RecordReceives(flow, path, seq, 1, due, sent, now, lagNS, receiveLagNS, bytes)
}

// RecordReceives counts n messages of bytes each, with the sequences from seq
// on, that came on one path and that one clock reading served at both ends.
func (r *Recorder) RecordReceives(flow, path uint32, seq, n uint64, due, sent, now, lagNS, receiveLagNS int64, bytes int) {
	t := r.trackOf(flow)
	if t == nil || path >= maxPaths || seq >= t.next+longestLeap {
		r.iv.corrupted += n
		return
	}
	if due < r.recv.from || due >= r.recv.to {
		r.turnRecv(due)
	}
	p := r.recv.part
	if p.received == 0 {
		p.first = now
	}
	if p.received == p.unstamped {
		p.dueFrom, p.leftFrom = due, sent
	}
	p.dueTo = due
	p.received += n
	p.bytes += n * uint64(bytes)
	if now >= r.rated[0] && now < r.rated[1] {
		p.inWindow += n
	}
	if now > p.last {
		p.last = now
	}
	if r.latency {
		if v := now - sent; uint64(v) > uint64(longestNS) || p.h[service].RecordValues(v, int64(n)) != nil {
			r.odd(p, service, v, n)
		}
		if r.scheduled {
			if v := now - due; uint64(v) > uint64(longestNS) || p.h[response].RecordValues(v, int64(n)) != nil {
				r.odd(p, response, v, n)
			}
		}
		// None has waited here for longer than since it was sent.
		receiveLagNS = min(receiveLagNS, max(now-sent, 0))
	}
	if receiveLagNS >= 0 {
		r.recordLate(p, receiveLag, receiveLagNS, n)
		if r.scheduled && r.latency {
			// Stamps hold lags coarsely: none was later than it took.
			r.recordLate(p, lateness, min(max(lagNS, 0)+receiveLagNS, max(now-due, 0)), n)
		}
	}
	t.stamped += n
	r.received += r.arrive(t, path, seq, n)
}

// RecordUnstamped counts one received message that carries no stamp: no
// latency, no sequence, no lag but that of its reading, and the phase by its
// arrival.
func (r *Recorder) RecordUnstamped(flow uint32, now, receiveLagNS int64, bytes int) {
	t := r.trackOf(flow)
	if t == nil {
		r.iv.corrupted++
		return
	}
	if now < r.recv.from || now >= r.recv.to {
		r.turnRecv(now)
	}
	p := r.recv.part
	if p.received == 0 {
		p.first = now
	}
	p.received++
	p.unstamped++
	if now >= r.rated[0] && now < r.rated[1] {
		p.inWindow++
	}
	p.bytes += uint64(bytes)
	if now > p.last {
		p.last = now
	}
	if receiveLagNS >= 0 {
		r.recordLate(p, receiveLag, receiveLagNS, 1)
	}
	t.unstamped++
	r.received++
}

// RecordCorrupt counts a message that was damaged or belongs elsewhere.
func (r *Recorder) RecordCorrupt() { r.iv.corrupted++ }

// Sent is the number of messages sent, as of the last End.
func (r *Recorder) Sent() uint64 { return r.liveSent.Load() }

// Received is the number of messages received as of the last End, without the
// duplicates known so far: at once those this recorder saw twice, after an
// interval those that two receivers saw.
func (r *Recorder) Received() uint64 {
	n, d := r.liveReceived.Load(), r.duplicates.Load()
	return n - min(n, d)
}

// recordLate records n equal latenesses of the generator itself.
func (r *Recorder) recordLate(p *part, kind int, ns int64, n uint64) {
	if p.h[kind] == nil {
		r.need(p, kind)
	}
	if ns > longestNS || p.h[kind].RecordValues(ns, int64(n)) != nil {
		p.beyond[kind] += n
	}
}

// odd keeps n equal latencies that the plain histogram cannot hold.
func (r *Recorder) odd(p *part, kind int, v int64, n uint64) {
	if v < 0 && kind == service {
		p.negative += n
	}
	mirror := negativeService
	if kind == response {
		mirror = negativeResponse
	}
	if v > longestNS || v < -longestNS {
		p.beyond[kind] += n
		return
	}
	r.need(p, mirror)
	if p.h[mirror].RecordValues(-v, int64(n)) != nil {
		p.beyond[kind] += n
	}
}
