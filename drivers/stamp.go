package drivers

import (
	"encoding/binary"
	"time"

	"zbench/engines"
)

// StampSize is the number of bytes that a stamp takes at the front of a body.
// Shorter bodies travel without one: they are counted, not timed.
const StampSize = 32

const (
	flagProbe     = 1 << 31 // opens a path before counting starts
	flagAnnounce  = 1 << 30 // a peer tells a ROUTER that it is there
	flagEnd       = 1 << 29 // the flow is over; the sequence is how many were sent
	flagScheduled = 1 << 28 // the due time comes from a schedule

	flagControl = flagProbe | flagAnnounce | flagEnd // not one of the load's messages
	flagAll     = flagControl | flagScheduled
	maxFlows    = 1 << 28
	mask48      = 1<<48 - 1
	mask40      = 1<<40 - 1
	stampMark   = 0x5a // first byte of every stamp
)

// stamp is what a message says of itself: four little-endian words,
//
//	run 32 | flags and flow 32
//	sequence 40 | lag 8, as lagCode writes it | middle 16
//	due 64, ns of CLOCK_MONOTONIC
//	sent − due 48, ns | peer 16
//
// Middle and peer are one more than the index of the socket that the message
// went through, zero if it has none. The lag is how late the sender woke: the
// side that measures adds its own to it.
type stamp struct {
	run          uint32
	flags, flow  uint32
	seq          uint64
	lag          int64 // ns, as near as a lag code comes
	middle, peer uint16
	due, sent    int64
}

func (s *stamp) put(b []byte) {
	putStamp(b, stampHead(s.run, s.flags|s.flow), s.seq, lagCode(s.lag), s.due, s.sent)
	binary.LittleEndian.PutUint16(b[14:], s.middle)
	binary.LittleEndian.PutUint16(b[30:], s.peer)
}

// stampHead is the first word of the stamps of one flow.
func stampHead(run, flow uint32) uint64 { return uint64(run) | uint64(flow)<<32 }

// putStamp writes a stamp without middle and peer; lag is a lag code. It takes words, because a
// struct that was just put together is slow to copy: the processor must wait
// for its narrow stores before it can load them as wide ones.
func putStamp(b []byte, head, seq, lag uint64, due, sent int64) {
	_ = b[StampSize-1]
	binary.LittleEndian.PutUint64(b, head)
	binary.LittleEndian.PutUint64(b[8:], seq&mask40|lag<<40)
	binary.LittleEndian.PutUint64(b[16:], uint64(due))
	binary.LittleEndian.PutUint64(b[24:], uint64(sent-due)&mask48)
}

// read reports false where b carries no stamp of that run.
func (s *stamp) read(b []byte, run uint32) bool {
	if len(b) < StampSize {
		return false
	}
	w0 := binary.LittleEndian.Uint64(b)
	w1 := binary.LittleEndian.Uint64(b[8:])
	w3 := binary.LittleEndian.Uint64(b[24:])
	s.run = uint32(w0)
	s.flags = uint32(w0>>32) & flagAll
	s.flow = uint32(w0>>32) &^ flagAll
	s.seq, s.lag, s.middle = w1&mask40, lagOf(uint8(w1>>40)), uint16(w1>>48)
	s.due = int64(binary.LittleEndian.Uint64(b[16:]))
	s.sent, s.peer = s.due+int64(w3&mask48), uint16(w3>>48)
	return s.run == run
}

// find reads the stamp of that run from whatever part of m has one, the body
// first: what answers may have put parts around it.
func (s *stamp) find(m *engines.Msg, run uint32) bool {
	for i := len(m.Frames) - 1; i >= 0; i-- {
		if s.read(m.Frames[i], run) {
			return true
		}
	}
	return false
}

// runID makes the id that a run's stamps carry: 24 bits of h and a mark by
// which a sink knows a stamp when it sees one.
func runID(h uint32) uint32 { return h&^0xff | stampMark }

// plausible reports whether b looks like a stamp of some run at that clock
// reading: the mark, and a due time in the hour before.
func plausible(b []byte, now int64) (s stamp, ok bool) {
	if len(b) < StampSize || b[0] != stampMark || !s.read(b, binary.LittleEndian.Uint32(b)) {
		return s, false
	}
	return s, s.flags&flagControl == 0 && s.due <= now && now-s.due < int64(time.Hour)
}

// isControl reports whether b is a control message of whatever run, which has
// no times.
func isControl(b []byte, s *stamp) bool {
	return len(b) >= StampSize && b[0] == stampMark && s.read(b, binary.LittleEndian.Uint32(b)) &&
		s.flags&flagControl != 0 && s.due == 0 && s.sent == 0
}

// carries reports whether b has a stamp of that run.
func carries(b []byte, run uint32) bool {
	return len(b) >= StampSize && binary.LittleEndian.Uint32(b) == run
}

// markMiddle and markPeer write the index of a socket into a stamped body.
func markMiddle(b []byte, i int) { binary.LittleEndian.PutUint16(b[14:], uint16(i+1)) }
func markPeer(b []byte, i int)   { binary.LittleEndian.PutUint16(b[30:], uint16(i+1)) }
