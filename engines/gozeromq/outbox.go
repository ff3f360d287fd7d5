package gozeromq

import "zbench/engines"

// quarantine is how many messages later an inproc body is used again. A body
// is two chunks at least, and once nine more chunks were put into a channel of
// eight the reader has copied it; more than one peer reads the same body, each
// from a channel of its own.
const quarantine = 16

// outbox makes the messages that Alloc gives.
type outbox struct {
	payload []byte
	// fresh: the library keeps the slices (PUB, XPUB and REP hand them to a
	// writing goroutine), so that every message has its own.
	fresh bool
	// answered: a REQ's slices are free again when the reply is there.
	answered bool
	req      bool
	slots    []slot
	at       int
}

// slot is a message and its memory. body and lead are apart, so that a body
// holds the payload's prefix whatever goes before it.
type slot struct {
	msg        engines.Msg
	body, lead []byte
	frames     [][]byte
}

func newOutbox(k engines.Kind, payload []byte) outbox {
	return outbox{
		payload: payload,
		fresh:   k == engines.PUB || k == engines.XPUB || k == engines.REP,
		slots:   make([]slot, 1),
	}
}

// meetInproc prepares for a transport that passes slices on without copying.
func (o *outbox) meetInproc(k engines.Kind) {
	switch k {
	case engines.PUSH, engines.DEALER, engines.PAIR:
		if len(o.slots) == 1 {
			o.slots = make([]slot, quarantine+1)
		}
	case engines.REQ:
		o.req, o.answered = true, true
	default: // a ROUTER's next message may go another way
		o.fresh = true
	}
}

// alloc is Alloc, once there is somebody to send to.
func (o *outbox) alloc(env [][]byte, size int) *engines.Msg {
	lead := 0
	for _, f := range env {
		lead += len(f)
	}
	s := &o.slots[o.at]
	switch {
	case o.fresh:
		chunk := make([]byte, lead+size)
		s.lead, s.body, s.frames = chunk[:0:lead], chunk[lead:], make([][]byte, 0, len(env)+1)
		copy(s.body, o.payload)
	case o.req && !o.answered:
		o.forget()
		fallthrough
	default:
		s.grow(lead, size, o.payload)
	}
	s.lead, s.frames = s.lead[:0], s.frames[:0]
	for _, f := range env {
		from := len(s.lead)
		s.lead = append(s.lead, f...)
		s.frames = append(s.frames, s.lead[from:len(s.lead):len(s.lead)])
	}
	s.frames = append(s.frames, s.body[:size:size])
	s.msg.Frames = s.frames
	return &s.msg
}

func (s *slot) grow(lead, size int, payload []byte) {
	if len(s.body) < size {
		s.body = make([]byte, max(size, len(payload)))
		copy(s.body, payload)
	}
	if cap(s.lead) < lead {
		s.lead = make([]byte, 0, lead)
	}
}

// current reports whether m is the message that alloc gave last.
func (o *outbox) current(m *engines.Msg) bool { return m == &o.slots[o.at].msg }

// sent goes on to the slot that was used longest ago.
func (o *outbox) sent() {
	o.answered = false
	if o.fresh {
		// The library has them; its queue should be all that holds them.
		o.slots[o.at] = slot{}
	}
	if o.at++; o.at == len(o.slots) {
		o.at = 0
	}
}

// forget leaves all memory to whoever may still read it.
func (o *outbox) forget() {
	for i := range o.slots {
		o.slots[i].body, o.slots[i].lead = nil, nil
	}
}
