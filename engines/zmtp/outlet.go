package zmtp

import "zbench/engines"

// outlet is the sending half of a peer. One goroutine, the socket's sender,
// calls it, but for push and close, which any goroutine may call.
type outlet interface {
	// alloc reserves a message of the frames pre and env and a body of size
	// bytes; Msg.Frames has env and the body. It is nil where the peer is at
	// its HWM. A reservation lasts until the next call of any method but
	// flush.
	alloc(pre, env [][]byte, size int) *engines.Msg
	// commit makes the reserved message one to send.
	commit()
	// pass sends pre and frames, which belong to m, and owns m if it is true;
	// false is a peer at its HWM.
	pass(pre, frames [][]byte, m *engines.Msg) bool
	// flush hands what was committed to the kernel or to the receiver.
	flush()
	// push is flush for goroutines other than the sender. It reports whether
	// there was anything.
	push() bool
	// pending is how many messages wait, for Close to linger on.
	pending() int
}

// returns gives messages back to their owners, a run at a time.
type returns struct {
	owner engines.Owner
	n     int
	ms    [64]*engines.Msg
}

func (r *returns) give(m *engines.Msg) {
	if m.Owner == nil {
		return
	}
	if r.n > 0 && m.Owner != r.owner || r.n == len(r.ms) {
		r.flush()
	}
	r.owner = m.Owner
	r.ms[r.n] = m
	r.n++
}

func (r *returns) flush() {
	if r.n == 0 {
		return
	}
	r.owner.Free(r.ms[:r.n])
	clear(r.ms[:r.n])
	r.owner, r.n = nil, 0
}
