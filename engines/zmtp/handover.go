package zmtp

import (
	"sync"
	"unsafe"

	"zbench/engines"
)

// handover is the outlet to a socket of this process: messages are made in a
// burst as its receiver will see them, and flushing queues the burst there.
// Nothing is serialised.
type handover struct {
	core    *core
	far     *peer // ourselves, as the receiving socket sees us
	pools   *pools
	payload []byte
	hwm     uint32 // of both sides together
	prefix  [][]byte

	// The sender's alone.
	b      *burst
	ck     *chunk // that bodies lie in
	w      int
	need   int // bytes of the reservation
	frames int // and its frames
	sent   uint32
	dirty  bool
	large  bool // the reservation's body has a chunk of its own
	msg    engines.Msg
	ret    returns

	published mark // messages of b that are committed

	mu   sync.Mutex
	done uint32 // of those, handed over
}

const (
	inprocChunk = 64 << 10 // bytes
	inprocLarge = 16 << 10 // bytes from which a body has its own chunk
)

func newHandover(c *core, far *peer) *handover {
	h := &handover{core: c, far: far, pools: c.set.pools, payload: c.set.Payload}
	h.hwm = uint32(min(c.set.SendHWM+far.core.set.RecvHWM, 1<<31))
	h.msg.Owner = abandoned{}
	return h
}

func (h *handover) full() bool {
	if h.sent-h.far.fed.taken.Load() < h.hwm {
		return false
	}
	h.flush()
	return h.sent-h.far.fed.taken.Load() >= h.hwm
}

func (h *handover) alloc(pre, env [][]byte, size int) *engines.Msg {
	if h.sent-h.far.fed.taken.Load() >= h.hwm && h.full() {
		return nil
	}
	if len(pre)+len(env) == 0 {
		if m := h.another(size); m != nil {
			return m
		}
	}
	total := size
	for _, f := range pre {
		total += len(f)
	}
	for _, f := range env {
		total += len(f)
	}
	at := h.reserve(len(pre)+len(env)+1, total)
	body := at + copyFrames(h.b.frames[h.b.nf:], h.ck.buf, at, h.prefix, pre, env)
	k := h.b.nf + h.frames - 1
	b := h.ck.buf[body : body+size : body+size]
	h.ck.fill(at, h.need, body-at, b, h.payload)
	h.b.frames[k] = b
	h.msg.Frames = h.b.frames[k-len(env) : k+1 : k+1]
	return &h.msg
}

// another is alloc for a small body alone that follows another message; nil
// says that there is more to it.
func (h *handover) another(size int) *engines.Msg {
	b, need, n := h.b, (size+7)&^7, len(h.prefix)+1
	if !h.dirty || size >= inprocLarge || h.ck == nil || len(h.ck.buf)-h.w < need || b.n == len(b.msgs) || b.nf+n > len(b.frames) {
		return nil
	}
	if n > 1 {
		b.frames[b.nf] = h.prefix[0]
	}
	at := h.w
	body := h.ck.buf[at : at+size : at+size]
	if !h.ck.has(at, need, 0, size, unsafe.SliceData(h.payload)) {
		h.ck.fill(at, need, 0, body, h.payload)
	}
	h.frames, h.need, h.large = n, need, false
	k := b.nf + n
	b.frames[k-1] = body
	h.msg.Frames = b.frames[k-1 : k : k]
	return &h.msg
}

// copyFrames puts prefix as it is, and copies of the frames of pre and env
// that lie in buf from at on, into dst. It returns the copied bytes.
func copyFrames(dst [][]byte, buf []byte, at int, prefix, pre, env [][]byte) int {
	n, start := copy(dst, prefix), at
	for _, list := range [2][][]byte{pre, env} {
		for _, f := range list {
			end := at + copy(buf[at:], f)
			dst[n] = buf[at:end:end]
			at = end
			n++
		}
	}
	return at - start
}

// reserve makes room for a message of so many frames, the prefix not counted,
// and bytes, and returns where the bytes begin in the chunk.
func (h *handover) reserve(frames, bytes int) int {
	if id := h.far.prefix(); h.b == nil && id != nil {
		h.prefix = [][]byte{id}
	}
	h.frames = frames + len(h.prefix)
	h.need = (bytes + 7) &^ 7
	h.large = bytes >= inprocLarge
	if h.b == nil || h.b.n > 0 && !h.dirty && h.b.idle() || !h.b.fits(h.frames) {
		h.next()
		h.b.fits(h.frames)
	}
	if h.large {
		h.need = bytes
	}
	if h.ck == nil || h.large || len(h.ck.buf)-h.w < h.need {
		if h.ck != nil {
			h.ck.drop()
		}
		h.ck, h.w = h.pools.get(max(h.need, inprocChunk)), 0
	}
	return h.w
}

// next begins a burst: the same one if all of it has come back.
func (h *handover) next() {
	h.flush()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.b == nil:
		h.b = h.pools.newBurst(h.far)
	case h.b.idle():
		h.b.reset()
		if h.ck != nil && h.ck.refs.Load() == 1 {
			h.w = 0
		}
	default:
		h.b.letGo()
		h.b = h.pools.newBurst(h.far)
	}
	h.published.store(0)
	h.done = 0
}

func (h *handover) commit() {
	h.b.keep(h.ck)
	h.b.add(h.frames)
	h.w += h.need
	h.sent++
	h.dirty = true
	h.published.move(uint64(h.b.n))
	h.core.pacer.rouse()
	if h.large {
		// Its memory is not to wait for the rest of a burst.
		h.flush()
		h.next()
		h.ck.drop()
		h.ck = nil
	}
}

// pass copies: the receiver's memory is then the same kind as ever, and m goes
// back at once.
func (h *handover) pass(pre, frames [][]byte, m *engines.Msg) bool {
	last := len(frames) - 1
	out := h.alloc(pre, frames[:last], len(frames[last]))
	if out == nil {
		return false
	}
	h.ck.scribble()
	copy(out.Body(), frames[last])
	h.commit()
	h.ret.give(m)
	return true
}

func (h *handover) flush() {
	h.ret.flush()
	if !h.dirty {
		return
	}
	h.dirty = false
	h.push()
}

func (h *handover) push() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := uint32(h.published.load())
	if n == h.done {
		return false
	}
	if to := h.far.core; to.set.receives {
		h.b.out.Add(int32(n - h.done))
		to.in.put(h.far, h.b, int(h.done), int(n))
	} else {
		h.far.fed.taken.Add(n - h.done)
	}
	h.done = n
	return true
}

func (h *handover) pending() int { return 0 }
