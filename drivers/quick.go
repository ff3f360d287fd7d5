package drivers

import (
	"bytes"
	"encoding/binary"

	"zbench/engines"
	"zbench/results"
)

// quick is what the usual message of a view looks like: one part of one size,
// with a stamp. Such messages take few comparisons, and those that one clock
// reading of their sender served are recorded together; any other is looked at
// closely.
type quick struct {
	set    bool
	frames int
	size   int
	id     uint32 // of the run
	first  uint32 // flow
	flows  uint32 // how many from there on
	rest   []byte // of the body, after the stamp
}

// learn fixes the usual message once the run has begun.
func (v *view) learn() {
	size := v.sizes.Max()
	if v.serving() {
		size = int(v.Cell.MeanSizeBytes) // of the first message that came
	}
	if !v.stamped || v.Cell.Frames != 1 || size > len(v.bytes) || size < StampSize {
		return
	}
	v.quick = quick{
		set: true, frames: v.skip + 1, size: size, id: v.plan.run,
		flows: uint32(v.flowCount()), rest: v.bytes[StampSize:size],
	}
	if v.serving() {
		v.flows = ownFlows
	}
	if v.owner >= 0 {
		v.first, v.flows = uint32(v.owner*v.flowsEach), uint32(v.flowsEach)
	}
}

// usual reports whether m has the shape of the usual message, stamp aside.
func (q *quick) usual(m *engines.Msg) bool {
	last := len(m.Frames) - 1
	return last == q.frames-1 && len(m.Frames[last]) == q.size && bytes.Equal(m.Frames[last][StampSize:], q.rest)
}

// takeUsual records the usual messages at the head of ms that differ in their
// sequences alone, each one more than the last, and returns how many they are;
// 0: the first is none.
func (v *view) takeUsual(rec *results.Recorder, ms []*engines.Msg, now int64) (n int) {
	var st stamp
	if !v.set || !v.usual(ms[0]) {
		return 0
	}
	head := ms[0].Body()
	if !st.read(head, v.id) || st.flags&flagControl != 0 || st.flow-v.first >= v.flows {
		return 0
	}
	w0, w1, w2, w3 := words(head)
	for n = 1; n < len(ms) && v.usual(ms[n]); n++ {
		if b0, b1, b2, b3 := words(ms[n].Body()); b1 != w1+uint64(n) || b0 != w0 || b2 != w2 || b3 != w3 {
			break
		}
	}
	if v.mark >= 0 {
		v.complete(&st)
	}
	rec.RecordReceives(st.flow, v.path(&st), st.seq, uint64(n), st.due, st.sent, now, st.lag, v.receiveLag, v.size)
	return n
}

// words are those of a stamp; the second of them counts up with the sequence.
func words(b []byte) (w0, w1, w2, w3 uint64) {
	_ = b[StampSize-1]
	word := binary.LittleEndian
	return word.Uint64(b), word.Uint64(b[8:]), word.Uint64(b[16:]), word.Uint64(b[24:])
}
