package drivers

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// A sink tells serveFlows flows apart: those of the load that it adopts, then
// those of other loads that come as well.
const (
	ownFlows   = 1 << 10
	serveFlows = ownFlows + 1<<8
)

// adoption is the load of somebody else: a sink takes the run for its own whose
// message it sees first. Other runs are its guests.
type adoption struct {
	out    Output
	mu     sync.Mutex
	begun  bool
	begins int64 // clock reading
	guests map[guestFlow]*guest
	going  map[uint32]bool // stamped runs whose end was not told
	ended  bool            // an end was told
}

// guestFlow is a flow of a run that was not the first to come.
type guestFlow struct{ run, flow uint32 }

// guest is how such a flow is counted.
type guest struct {
	guestFlow
	as    uint32 // the flow of ours
	bytes []byte // what its bodies hold
}

// end notes that a flow of a run is over.
func (a *adoption) end(run uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.going, run)
	a.ended = true
}

// times are the clock reading of the begin, 0 before it, and whether every run
// that came has told its end.
func (a *adoption) times() (begun int64, over bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.begins, a.ended && len(a.going) == 0
}

// others counts the runs that were not the first.
func (a *adoption) others() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	runs := map[uint32]bool{}
	for key := range a.guests {
		runs[key.run] = true
	}
	return len(runs)
}

// adopt begins the run with the first message of load; false: none of these is.
func (r *run) adopt(ms []*engines.Msg) bool {
	r.sink.mu.Lock()
	defer r.sink.mu.Unlock()
	if r.sink.begun {
		return true
	}
	now := load.Now()
	var control stamp
	for _, m := range ms {
		body := m.Body()
		if isControl(body, &control) {
			continue
		}
		st, stamped := plausible(body, now)
		if err := r.adoptFrom(body, &st, stamped, now); err != nil {
			r.fatal(err)
			return false
		}
		return true
	}
	return false
}

func (r *run) adoptFrom(body []byte, st *stamp, stamped bool, now int64) (err error) {
	p, a := r.plan, r.sink
	p.stamped, p.latencies = stamped, results.NoLatency
	p.Cell.Loop, p.Cell.Size, p.Cell.MeanSizeBytes = results.Max, strconv.Itoa(len(body)), float64(len(body))
	start := now
	a.going = map[uint32]bool{}
	if stamped {
		p.run, start = st.run, st.due-int64(time.Millisecond)
		p.latencies = results.OneWay
		a.going[st.run] = true
		if st.flags&flagScheduled != 0 {
			p.Cell.Loop, p.Cell.Arrival = results.Open, ""
		}
	}
	if p.payload, err = newPayload(p.Cell.Payload, max(len(body), 1<<16), p.run); err != nil {
		return err
	}
	r.start.Store(start)
	if err := r.collect(start, time.Now().Add(time.Duration(start-now)), a.out); err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	a.begun, a.begins = true, start
	return nil
}

// takeGuest records a message of another run than the sink's own. One that is
// of none, or for which there is no room, counts as damaged.
func (v *view) takeGuest(rec *results.Recorder, m *engines.Msg, now int64) (ofLoad bool) {
	body := m.Body()
	st, ok := plausible(body, now)
	var g *guest
	if ok {
		g = v.welcome(guestFlow{st.run, st.flow})
	}
	if g == nil {
		rec.RecordCorrupt()
		return true
	}
	if v.mark >= 0 {
		v.complete(&st)
	}
	if len(body) > len(g.bytes) {
		if grown, err := newPayload(v.Cell.Payload, 2*len(body), st.run); err == nil {
			g.bytes = grown
		}
	}
	own := v.bytes
	v.bytes = g.bytes
	size, sound := v.check(m, body)
	v.bytes = own
	rec.RecordReceive(g.as, v.path(&st), st.seq, st.due, st.sent, now, st.lag, v.receiveLag, size)
	if !sound {
		rec.RecordCorrupt()
	}
	return true
}

// welcome is the guest of that flow, nil where there is no room for more. Each
// receiver keeps those that it has met.
func (v *view) welcome(key guestFlow) *guest {
	for _, g := range v.guests {
		if g.guestFlow == key {
			return g
		}
	}
	g := v.sink.invite(key, v.Cell.Payload)
	if g != nil {
		g = &guest{g.guestFlow, g.as, g.bytes} // of this receiver alone
		v.guests = append(v.guests, g)
	}
	return g
}

// invite gives a flow of another run one of ours.
func (a *adoption) invite(key guestFlow, payload string) *guest {
	a.mu.Lock()
	defer a.mu.Unlock()
	if g := a.guests[key]; g != nil {
		return g
	}
	bytes, err := newPayload(payload, 1<<16, key.run)
	if err != nil || len(a.guests) == serveFlows-ownFlows {
		return nil
	}
	if a.guests == nil {
		a.guests = map[guestFlow]*guest{}
	}
	g := &guest{key, uint32(ownFlows + len(a.guests)), bytes}
	a.guests[key], a.going[key.run] = g, true
	return g
}

// expect adjusts a sink's view to a message of a load that it knows nothing of.
func (v *view) expect(m *engines.Msg, body []byte) {
	v.parts = len(m.Frames) - v.skip
	if len(body) > len(v.bytes) {
		if grown, err := newPayload(v.Cell.Payload, 2*len(body), v.plan.run); err == nil {
			v.bytes = grown
		}
	}
}
