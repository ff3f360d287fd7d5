package results

import "math"

// turn points c at the phase of due. The first phase reaches back for ever
// and the last one forward.
func (r *Recorder) turn(c *cursor, due int64) {
	phase := 0
	for phase < len(r.ends)-1 && due >= r.ends[phase] {
		phase++
	}
	c.from, c.to = math.MinInt64, math.MaxInt64
	if phase > 0 {
		c.from = r.ends[phase-1]
	}
	if phase < len(r.ends)-1 {
		c.to = r.ends[phase]
	}
	c.phase = phase
	c.part = &r.iv.parts[phase]
}

// turnSend also notes which sequence of each flow is the phase's first.
func (r *Recorder) turnSend(due int64) {
	was := r.send.phase
	r.turn(&r.send, due)
	r.needSend()
	if r.send.phase <= was {
		return
	}
	for _, t := range r.live {
		if t.sent > 0 {
			r.iv.bounds = append(r.iv.bounds, bound{t.flow, r.send.phase, t.sent})
		}
	}
}

func (r *Recorder) turnRecv(due int64) {
	r.turn(&r.recv, due)
	r.needRecv()
}

// swap exchanges the interval for the fresh one.
func (r *Recorder) swap() {
	old := r.iv
	for _, t := range r.live {
		t.handOver(old)
	}
	r.iv, r.fresh = r.fresh, nil
	if r.send.part != nil {
		r.send.part = &r.iv.parts[r.send.phase]
		r.needSend()
	}
	if r.recv.part != nil {
		r.recv.part = &r.iv.parts[r.recv.phase]
		r.needRecv()
	}
	r.taken.Store(old)
}

func (r *Recorder) needSend() {
	if r.scheduled {
		r.need(r.send.part, lag)
	}
}

func (r *Recorder) needRecv() {
	if !r.latency {
		return
	}
	r.need(r.recv.part, service)
	if r.scheduled {
		r.need(r.recv.part, response)
	}
}

// need makes sure that p has the histogram.
func (r *Recorder) need(p *part, kind int) {
	if p.h[kind] != nil {
		return
	}
	g := grainOf(kind)
	if free := r.iv.freeHists[g]; len(free) > 0 {
		p.h[kind], r.iv.freeHists[g] = free[len(free)-1], free[:len(free)-1]
		return
	}
	p.h[kind] = g.new()
}
