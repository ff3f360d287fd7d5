package drivers

import (
	"sync/atomic"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// burst is the most messages that one Recv brings.
const burst = 256

// receiver is a goroutine that collects: a peer of a one-way pattern, or the
// half of a client that takes the replies.
type receiver struct {
	view
	sock   engines.Socket
	rec    atomic.Pointer[results.Recorder] // set when the run begins
	client *client                          // whose replies these are, or nil
	server *server                          // a slow consumer, or nil
	pacer  *load.Pacer
	// arrivals of messages without a stamp, of a sink
	arrivals *results.ArrivalMeter
}

func newReceiver(r *run, s engines.Socket, side role) *receiver {
	return &receiver{view: newView(r, side), sock: s}
}

func (v *receiver) loop() {
	ms := make([]*engines.Msg, burst)
	var rec *results.Recorder
	for {
		n, err := v.sock.Recv(ms)
		now := load.Now()
		if err != nil {
			if !v.goOn(err) {
				return
			}
			continue
		}
		if rec == nil {
			if rec = v.begun(ms[:n]); rec == nil && v.serving() {
				engines.Release(ms[:n])
				continue
			}
		}
		if rec != nil && !v.stamped && v.serving() {
			v.noteArrivals(ms[:n], now)
		}
		taken := 0
		if v.client != nil && v.client.asks != nil {
			taken = v.takeReplies(rec, ms[:n], now)
		} else if v.server != nil && rec != nil {
			taken = v.takeSlowly(rec, ms[:n])
		} else {
			taken = v.takeBurst(rec, ms[:n], now)
		}
		engines.Release(ms[:n])
		if v.client != nil && taken > 0 {
			v.client.grant(taken)
		}
	}
}

// begun gives the recorder once the run has begun. A sink that serves begins it
// with the first message of load.
func (v *receiver) begun(ms []*engines.Msg) *results.Recorder {
	if v.serving() && !v.run.adopt(ms) {
		return nil
	}
	if v.rec.Load() != nil {
		v.bytes = v.payload
		v.learn()
	}
	return v.rec.Load()
}

// takeBurst records messages that arrived together: one clock reading serves
// thirty-two.
func (v *receiver) takeBurst(rec *results.Recorder, ms []*engines.Msg, now int64) (taken int) {
	if rec != nil {
		rec.Begin()
		defer rec.End()
	}
	for i := 0; i < len(ms); {
		if i > 0 && i%batchSize == 0 {
			now = load.Now()
		}
		if n := v.takeUsual(rec, ms[i:min(len(ms), i-i%batchSize+batchSize)], now); n > 0 {
			taken, i = taken+n, i+n
			continue
		}
		if _, ok := v.take(rec, ms[i], now); ok {
			taken++
		}
		i++
	}
	return taken
}

// takeSlowly gives every message the time that a slow consumer takes for it;
// the next is received when it turns to it.
func (v *receiver) takeSlowly(rec *results.Recorder, ms []*engines.Msg) (taken int) {
	v.server.origin = v.start.Load()
	if now := load.Now(); v.server.delay.Mean == 0 && v.server.awake(now) == now {
		return v.takeBurst(rec, ms, now)
	}
	for _, m := range ms {
		now, _ := v.pacer.Wait(v.server.awake(load.Now()))
		rec.Begin()
		_, ok := v.take(rec, m, now)
		rec.End()
		if ok {
			taken++
			v.pacer.Wait(v.server.depart(v.server.arrival(m.Body(), v.plan.run, now)))
		}
	}
	return taken
}
