package null

import (
	"sync/atomic"

	"zbench/engines"
)

// headroom is the frames that may be put in front of a message before its
// table of frames has to grow: two identities and a delimiter.
const headroom = 3

// message is what the sockets of this engine pass on. The frames lie in store,
// with room in front, so that an envelope comes and goes without moving them.
type message struct {
	engines.Msg          // Frames is store[off:]
	pool        *pool    // nil: garbage collected
	class       int      // of the pool
	base        *message // whose bytes this one shows; it counts its refs
	refs        atomic.Int32
	next        *message // of those being freed

	body  []byte // all of it, Payload's prefix inside
	env   []byte // bytes of the other frames
	store [][]byte
	off   int // where Frames starts
	head  int // where it starts in a new message
	first [headroom + 5][]byte
}

func newMessage(p *pool, class, capacity int) *message {
	m := &message{pool: p, class: class, head: headroom}
	if p != nil {
		m.Owner = p
		m.body = make([]byte, capacity)
		copy(m.body, p.payload)
	}
	m.Ref = m
	m.store = m.first[:]
	m.off = -1
	return m
}

// shape makes it a message of env's frames, copied, and a body of size bytes.
func (m *message) shape(env [][]byte, size int) {
	if len(env) == 0 && m.off == m.head && len(m.Frames) == 1 && len(m.Frames[0]) == size {
		return // as it was: the lines of memory that hold it stay unwritten
	}
	m.env = m.env[:0]
	m.setFrames(env, m.body[:size:size])
	for i, frame := range env {
		m.Frames[i] = m.keep(frame)
	}
}

// setFrames makes it a message of these frames and a last one, not copied.
func (m *message) setFrames(frames [][]byte, last []byte) {
	n := m.head + len(frames) + 1
	if n > len(m.store) {
		m.store = make([][]byte, n)
	}
	m.off = m.head
	copy(m.store[m.off:], frames)
	m.store[n-1] = last
	m.Frames = m.store[m.off:n:n]
}

// keep copies bytes into the message.
func (m *message) keep(b []byte) []byte {
	from := len(m.env)
	m.env = append(m.env, b...)
	return m.env[from:len(m.env):len(m.env)]
}

// own makes sure that Frames, which anybody may have set, lies in store.
func (m *message) own() {
	n := len(m.Frames)
	if n > 0 && m.off >= 0 && m.off+n <= len(m.store) && &m.Frames[0] == &m.store[m.off] {
		return
	}
	frames := m.Frames
	m.store = make([][]byte, m.head+n)
	m.setFrames(frames[:n-1], frames[n-1])
}

// prepend puts a frame in front.
func (m *message) prepend(frame []byte) {
	if m.off == 0 {
		grown := make([][]byte, headroom+len(m.Frames))
		copy(grown[headroom:], m.Frames)
		m.store, m.off, m.head = grown, headroom, m.head+headroom
	}
	m.off--
	m.store[m.off] = frame
	end := m.off + len(m.Frames) + 1
	m.Frames = m.store[m.off:end:end]
}

// strip takes the first n frames away.
func (m *message) strip(n int) {
	m.off += n
	m.Frames = m.Frames[n:]
}
