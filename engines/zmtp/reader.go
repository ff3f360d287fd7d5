package zmtp

import (
	"fmt"

	"zbench/engines"
)

const (
	firstRead = 8 << 10   // bytes of a connection's first incoming chunk
	mostRead  = 256 << 10 // and of the chunks of one that is busy
	maxFrames = 1 << 16   // frames of one message
)

// reader turns the bytes of a connection into messages. One goroutine at a
// time uses it: the socket's receiver, or the pump of the connection.
type reader struct {
	wire     *wire
	pools    *pools
	limit    int    // bytes of one message
	prefix   []byte // frame put before each message; nil: none
	commands bool   // the peer may send commands (ZMTP 3)

	ck       *chunk
	pos, end int // unread bytes of ck
	need     int // bytes from pos on that the next frame has, as far as known

	// The message under way, where it is not whole yet.
	cur      [][]byte
	curBytes int
	held     []*chunk // that frames of cur lie in, a reference each
	big      *chunk   // a large frame being read, with
	bigFlags byte     // its flags,
	bigSize  int      // its size and
	bigHave  int      // how much of it is there
}

// start gives the reader what the handshake had read too much.
func (r *reader) start(w *wire, opt *settings, rest []byte) {
	r.wire, r.pools, r.limit = w, opt.pools, opt.MaxMessageBytes
	r.commands = w.version.major >= 3
	r.ck = r.pools.get(max(firstRead, len(rest)))
	r.ck.scribble()
	r.end = copy(r.ck.buf, rest)
}

// parse adds to b up to most messages that are whole in memory.
func (r *reader) parse(b *burst, most int) error {
	for b.n < most && b.n < burstMsgs {
		if !r.short(b, most) {
			return nil
		}
		if more, err := r.frame(b); err != nil || !more {
			return err
		}
	}
	return nil
}

// short is parse for messages of short frames that came in one read, which are
// what a benchmark is made of. It reports whether frame should look at what is
// next.
func (r *reader) short(b *burst, most int) bool {
	if len(r.cur) > 0 || r.big != nil || r.end-r.pos < shortHeader || r.ck.buf[r.pos] > flagMore {
		return true
	}
	most = min(most, len(b.msgs))
	b.keep(r.ck)
	for b.n < most {
		n := 0
		if r.prefix != nil && b.nf < len(b.frames) {
			b.frames[b.nf] = r.prefix
			n = 1
		}
		n, next := shortFrames(b.frames[b.nf:], n, r.ck.buf[:r.end], r.pos)
		if next == 0 {
			return true
		}
		b.add(n)
		r.pos = next
	}
	return false
}

// shortFrames puts the frames of the message at buf[pos:] into frames from n
// on and returns how many there are then and where the message ends; an end of
// 0 is a message that is not all there, does not fit, or has other frames.
func shortFrames(frames [][]byte, n int, buf []byte, pos int) (frameCount, end int) {
	for n < len(frames) && len(buf)-pos >= shortHeader {
		flags := buf[pos]
		body := pos + shortHeader
		next := body + int(buf[pos+1])
		if flags > flagMore || next > len(buf) {
			break
		}
		frames[n] = buf[body:next:next]
		n++
		if flags == 0 {
			return n, next
		}
		pos = next
	}
	return 0, 0
}

// frame takes the next frame, whatever it is. It reports false where more
// bytes are needed, or where b has no room for the message.
func (r *reader) frame(b *burst) (bool, error) {
	if r.big != nil {
		return r.large(b)
	}
	rest := r.ck.buf[r.pos:r.end]
	h, err := parseHeader(rest, r.limit-r.curBytes)
	switch {
	case err != nil:
		return false, err
	case h.len == 0:
		r.need = longHeader
		return false, nil
	case h.command():
		return r.command(h, rest)
	}
	if len(r.cur) >= maxFrames {
		return false, fmt.Errorf("%w: more than %d", ErrTooManyFrames, maxFrames)
	}
	if !h.more() && !b.fits(len(r.cur)+2) {
		return false, nil
	}
	if len(rest)-h.len >= h.size {
		r.pos += h.len + h.size
		return true, r.take(b, h.flags, rest[h.len:h.len+h.size:h.len+h.size])
	}
	if h.size < largeBody {
		r.need = h.len + h.size
		return false, nil
	}
	r.big, r.bigFlags, r.bigSize = r.pools.get(min(h.size, trustBytes)), h.flags, h.size
	r.big.scribble()
	r.bigHave = copy(r.big.buf, rest[h.len:])
	r.pos = r.end
	return false, nil
}

// take adds a frame of the chunk to the message under way.
func (r *reader) take(b *burst, flags byte, body []byte) error {
	r.cur = append(r.cur, body)
	r.curBytes += len(body)
	if flags&flagMore != 0 {
		return nil
	}
	b.keep(r.ck)
	r.emit(b)
	return nil
}

// emit makes a message of the frames of cur.
func (r *reader) emit(b *burst) *engines.Msg {
	n := 0
	if r.prefix != nil {
		b.frames[b.nf] = r.prefix
		n = 1
	}
	n += copy(b.frames[b.nf+n:], r.cur)
	clear(r.cur)
	r.cur, r.curBytes = r.cur[:0], 0
	for i, c := range r.held {
		b.adopt(c)
		r.held[i] = nil
	}
	r.held = r.held[:0]
	return b.add(n)
}

// command takes a whole command and acts on it.
func (r *reader) command(h header, rest []byte) (bool, error) {
	switch {
	case !r.commands:
		return false, fmt.Errorf("%w: ZMTP 2.0 has none", ErrCommand)
	case len(rest)-h.len < h.size:
		r.need = h.len + h.size
		return false, nil
	case len(r.cur) > 0:
		return false, fmt.Errorf("%w: within a message", ErrCommand)
	}
	r.pos += h.len + h.size
	return true, r.wire.obey(rest[h.len : h.len+h.size])
}

// close drops what the reader refers to.
func (r *reader) close() {
	for _, c := range r.held {
		c.drop()
	}
	if r.big != nil {
		r.big.drop()
	}
	r.ck.drop()
	r.held, r.big, r.ck, r.cur = nil, nil, nil, nil
}
