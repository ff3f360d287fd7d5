package drivers

import (
	"bytes"

	"zbench/engines"
	"zbench/results"
)

// view is how a side that measures looks at messages: it checks stamp, flow,
// number of parts, size and payload of each, and records it.
type view struct {
	*run
	skip  int // frames before the parts
	parts int
	quick
	mark  int    // index of the peer that collects; -1: the stamp has the mark
	owner int    // index of the client whose replies these are; -1: any flow may come
	bytes []byte // what bodies hold
	wide  uint32 // peers + 1, the stride of paths

	// receiveLag is how late, in ns, the messages taken next were read at most;
	// below zero it is not known. The loop that reads them sets it.
	receiveLag int64

	guests []*guest // of a sink: flows of other runs than its own
}

func newView(r *run, side role) view {
	return view{run: r, skip: r.plan.skip(side), parts: r.Cell.Frames, mark: -1, owner: -1, bytes: r.payload, wide: uint32(r.Cell.Peers) + 1, receiveLag: -1}
}

// take records one message at that clock reading. It reports whether this is
// one of the load's, whole or damaged, and not a probe. rec is nil before the
// run has begun.
func (v *view) take(rec *results.Recorder, m *engines.Msg, now int64) (st stamp, ofLoad bool) {
	body := m.Body()
	mine := st.read(body, v.plan.run) || v.serving() && isControl(body, &st)
	if v.mark >= 0 {
		v.complete(&st)
	}
	if mine && st.flags&flagControl != 0 {
		v.note(m, &st)
		return st, false
	}
	if rec == nil {
		return st, false
	}
	if !mine && v.stamped && v.serving() {
		return stamp{}, v.takeGuest(rec, m, now)
	}
	size, sound := v.check(m, body)
	switch {
	case !v.stamped && sound:
		rec.RecordUnstamped(v.pooled(), now, v.receiveLag, size)
		return stamp{}, true
	case !v.stamped || !mine || !v.knows(st.flow):
		rec.RecordCorrupt()
		return stamp{}, true
	}
	rec.RecordReceive(st.flow, v.path(&st), st.seq, st.due, st.sent, now, st.lag, v.receiveLag, size)
	if !sound {
		rec.RecordCorrupt()
	}
	return st, true
}

// path is the number of the way that a message came.
func (v *view) path(st *stamp) uint32 { return uint32(st.middle)*v.wide + uint32(st.peer) }

// pooled is the flow that bodies without a stamp count for: that of the one
// topic that this peer gets, if there are topics.
func (v *view) pooled() uint32 {
	if v.mark >= 0 && v.Cell.Topics > 0 {
		return uint32(v.mark % v.Cell.Topics)
	}
	return 0
}

// knows reports whether messages of that flow may come here.
func (v *view) knows(flow uint32) bool {
	if v.serving() {
		return flow < ownFlows
	}
	client := int(flow) / v.flowsEach
	return client < v.Cell.Clients && (v.owner < 0 || client == v.owner)
}

// complete names the path of a message that this peer collects: nothing on
// the way could mark what other subscribers may share.
func (v *view) complete(st *stamp) {
	st.peer = uint16(v.mark + 1)
	if v.fanOut && v.hasMiddle() {
		st.middle = uint16(v.mark%v.Cell.Middles + 1)
	}
}

// check reports whether a message has the parts that were sent, and how many
// bytes they are together.
func (v *view) check(m *engines.Msg, body []byte) (size int, sound bool) {
	if v.serving() && !v.stamped { // it may be anything
		for _, part := range m.Frames[min(v.skip, len(m.Frames)):] {
			size += len(part)
		}
		return size, true
	}
	if v.serving() {
		if len(m.Frames) <= v.skip {
			return len(body), false
		}
		v.expect(m, body)
	} else if !v.sizes.has(len(body)) {
		return len(body), false
	}
	if len(m.Frames) != v.skip+v.parts {
		return len(body), false
	}
	from := 0
	if v.stamped {
		from = StampSize
	}
	if !bytes.Equal(body[from:], v.bytes[from:len(body)]) {
		return len(body), false
	}
	for _, part := range m.Frames[v.skip : len(m.Frames)-1] {
		if !bytes.Equal(part, v.bytes[:len(body)]) {
			return len(body), false
		}
	}
	return len(body) * v.parts, true
}

// note passes a probe to the barrier and an announcement to its ROUTER.
func (v *view) note(m *engines.Msg, st *stamp) {
	if v.serving() {
		if st.flags&flagEnd != 0 {
			v.sink.end(st.run)
		}
		return
	}
	client := int(st.flow) / v.flowsEach
	if client >= v.Cell.Clients {
		return
	}
	if st.flags&flagAnnounce == 0 {
		v.barrier.pass(client, st)
		return
	}
	if v.addressed && len(m.Frames) > 1 {
		id := bytes.Clone(m.Frames[0])
		v.clients[client].ids[int(st.flow)%v.flowsEach].Store(&id)
	}
}
