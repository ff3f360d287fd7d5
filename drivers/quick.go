package drivers

import "zbench/engines"

// quick is what the usual message of a view looks like: one part of one size,
// with a stamp. Such a message takes few comparisons; any other is looked at
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

// usual reports whether m has the shape of the usual message.
func (q *quick) usual(m *engines.Msg, body []byte) bool {
	return q.set && len(body) == q.size && len(m.Frames) == q.frames
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
	if v.owner >= 0 {
		v.first, v.flows = uint32(v.owner*v.flowsEach), uint32(v.flowsEach)
	}
}
