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

// serveFlows is the most flows that a sink tells apart.
const serveFlows = 1 << 10

// adoption is the load of somebody else: a sink takes the run for its own whose
// message it sees first.
type adoption struct {
	out     Output
	mu      sync.Mutex
	begun   bool
	begins  int64 // clock reading
	endedAt int64 // clock reading of the latest end that was told; 0: none
}

// end notes that a flow of the load is over.
func (a *adoption) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.endedAt = load.Now()
}

// times are clock readings, 0 where it has not come to that.
func (a *adoption) times() (begun, ended int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.begins, a.endedAt
}

// adopt begins the run with the first message of load; false: none of these is.
func (r *run) adopt(ms []*engines.Msg) bool {
	r.sink.mu.Lock()
	defer r.sink.mu.Unlock()
	if r.sink.begun {
		return true
	}
	now := load.Now()
	for _, m := range ms {
		body := m.Body()
		st, stamped := plausible(body, now)
		if len(body) >= StampSize && body[0] == stampMark && !stamped {
			continue // a probe
		}
		if err := r.adoptFrom(body, &st, stamped, now); err != nil {
			r.fatal(err)
			return false
		}
		return true
	}
	return false
}

func (r *run) adoptFrom(body []byte, st *stamp, stamped bool, now int64) (err error) {
	p := r.plan
	p.stamped, p.latencies = stamped, results.NoLatency
	p.Cell.Loop, p.Cell.Size, p.Cell.MeanSizeBytes = results.Max, strconv.Itoa(len(body)), float64(len(body))
	start := now
	if stamped {
		p.run, start = st.run, st.due-int64(time.Millisecond)
		p.latencies = results.OneWay
		if st.flags&flagScheduled != 0 {
			p.Cell.Loop, p.Cell.Arrival = results.Open, ""
		}
	}
	if p.payload, err = newPayload(p.Cell.Payload, max(len(body), 1<<16), p.run); err != nil {
		return err
	}
	r.start.Store(start)
	if err := r.collect(start, time.Now().Add(time.Duration(start-now)), r.sink.out); err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	r.sink.begun, r.sink.begins = true, start
	return nil
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
