package drivers

import (
	"slices"

	"zbench/engines"
)

// relay sends on to a socket what has come, in order, each when it is done and
// there is room.
type relay struct {
	*run
	to    engines.Socket
	held  []relayed // that are not done yet, or for which there is no room
	dirty bool      // something is to be flushed
}

// relayed is a message to be sent on, and when it is done: a clock reading.
type relayed struct {
	m    *engines.Msg
	done int64
}

// hears implements hearer: while something is held what comes waits in the socket.
func (r *relay) hears() bool { return len(r.held) == 0 }

// fault implements hearer.
func (r *relay) fault(err error) bool { return r.goOn(err) }

// pass takes a message that is done at a clock reading.
func (r *relay) pass(m *engines.Msg, done, now int64) {
	if len(r.held) > 0 || done > now || !r.send(m) {
		r.held = append(r.held, relayed{m, done})
	}
}

// send sends one message on; false: there is no room.
func (r *relay) send(m *engines.Msg) bool {
	switch err := r.to.Send(m); {
	case err == engines.ErrWait:
		return false
	case err != nil:
		engines.Release([]*engines.Msg{m})
		r.goOn(err)
	default:
		r.dirty = true
	}
	return true
}

// step implements machine: it sends on what is done by now.
func (r *relay) step(now int64) (next int64, did bool) {
	sent := 0
	next = never
	for ; sent < len(r.held); sent++ {
		h := r.held[sent]
		if h.done > now {
			next = h.done
			break
		}
		if !r.send(h.m) {
			break
		}
	}
	r.held = slices.Delete(r.held, 0, sent)
	if r.dirty {
		did = true
		err := r.to.Flush()
		if r.dirty = err == engines.ErrWait; err != nil && !r.dirty {
			r.goOn(err)
		}
	}
	return next, did
}
