package null

import (
	"sync/atomic"
)

// A lane has as many slots as fit into laneBytes with the largest body, but at
// least minSegments and at most maxSegments segments of them. Bodies up to
// slotBytes lie in the segment.
const (
	segmentSlots = 32
	segmentBytes = 256 << 10
	slotBytes    = 4 << 10
	laneBytes    = 4 << 20
	minSegments  = 4
	maxSegments  = 512

	// Where a socket has many connections they would not fit into the caches.
	sharedSegments = 32
)

// lane is one direction of a connection. Messages are made where their receiver
// will find them, in the slots of a segment:
//
//  1. The sender lays out the next slot, which as a rule still has the shape and
//     the payload of its last message, so that nothing need be written.
//  2. It publishes its count of messages when a segment is full, and on Flush: a
//     burst then costs the two sides few cache misses.
//  3. The receiver gets pointers into the segments, in the order in which they
//     were begun.
//  4. What it frees is counted by segment. Of a segment that has come back as a
//     whole the sender makes use again; if none has, the lane is full.
//
// Segments are made as they are needed: a lane that is never full stays small
// and in the caches.
type lane struct {
	from, to *socket  // to is nil: nothing is ever sent here
	prefix   [][]byte // frames that the receiver sees in front of what is sent
	payload  []byte
	stride   int // bytes for one body in a segment
	per      int // messages in a segment
	most     int // segments
	group    *group
	bit      uint64 // in group
	closed   atomic.Bool

	_      [padBytes]byte // the sender's
	seg    *segment
	at     int // slot to fill next
	all    []*segment
	which  int    // seg in all
	begun  uint32 // segments, ever
	asked  uint32 // want, as it was set last
	sent   uint64 // messages, ever
	shown  uint64 // of those, published
	listed bool   // in the socket's list of lanes to flush

	_     [padBytes]byte
	tail  atomic.Uint64 // shown, for the receiver
	queue []*segment    // the segments begun last, by their number modulo most

	_    [padBytes]byte // the receiver's
	head uint64         // messages taken, ever
	seen uint64         // tail as it was last read
	cur  *segment       // that head is in

	_    [padBytes]byte
	done atomic.Uint32 // segments that have come back, ever
	want atomic.Uint32 // done at which a sender that waits is rung for
	_    [padBytes]byte
}

// newLane returns an empty lane whose bodies mostly begin with payload.
func newLane(from, to *socket, payload []byte) *lane {
	l := &lane{from: from, to: to, payload: payload}
	body := max(len(payload), 1)
	l.stride = (min(body, slotBytes) + 63) &^ 63
	l.per = min(max(segmentBytes/body, 1), segmentSlots)
	l.most = min(max(laneBytes/(body*l.per), minSegments), maxSegments)
	if to != nil && max(to.sources, len(from.live.Load().ends)) > 0 {
		l.most = min(l.most, sharedSegments)
	}
	if e := from.engine; e.most > 0 {
		l.per, l.most = e.per, e.most
	}
	l.at = l.per
	l.queue = make([]*segment, l.most)
	return l
}

// room reports whether there is a slot for the next message; it is the sender's.
func (l *lane) room() bool { return l.at < l.per || l.begin() }

// begin goes on to a segment that has come back, or to a new one.
func (l *lane) begin() bool {
	if l.begun-l.done.Load() >= uint32(l.most) {
		// The sender is not woken for one segment, for it would soon be back, but
		// long before the receiver has run dry.
		if ask := l.begun - uint32(l.most*3/4); ask != l.asked {
			l.asked = ask
			l.want.Store(ask)
		}
		l.show()
		return false
	}
	l.seg = l.free()
	l.seg.back.Store(0)
	l.queue[l.begun%uint32(l.most)] = l.seg
	l.begun++
	l.at = 0
	return true
}

// free is a segment that nobody holds a message of. The one after the current
// is looked at first, for it went out the longest ago.
func (l *lane) free() *segment {
	for range l.all {
		if l.which++; l.which >= len(l.all) {
			l.which = 0
		}
		if g := l.all[l.which]; g.back.Load() == int32(l.per) {
			return g
		}
	}
	g := newSegment(l)
	l.which = len(l.all)
	l.all = append(l.all, g)
	return g
}

// commit sends the message in the current slot.
func (l *lane) commit() {
	l.at++
	l.sent++
	if l.at == l.per {
		l.show()
	}
}

// show publishes what was sent.
func (l *lane) show() {
	if l.shown == l.sent {
		return
	}
	l.shown = l.sent
	l.tail.Store(l.sent)
	l.signal()
}

// signal has the receiver look into the lane.
func (l *lane) signal() {
	if l.group.ready.Load()&l.bit == 0 {
		l.group.ready.Or(l.bit)
		l.to.recvBell.ring()
	}
}

// empty reports whether everything published was taken; it is the receiver's.
func (l *lane) empty() bool {
	if l.head == l.seen {
		l.seen = l.tail.Load()
	}
	return l.head == l.seen
}

// freed counts a segment that has come back, by any goroutine.
func (l *lane) freed() {
	done := l.done.Add(1)
	if b := l.from.sendBell; b.waiting.Load() && int32(done-l.want.Load()) >= 0 {
		b.rouse()
	}
}
