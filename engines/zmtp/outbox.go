package zmtp

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"zbench/engines"
)

const (
	defaultBatch = 64 << 10 // bytes that one write gathers
	firstChunk   = 4 << 10  // bytes of a connection's first outgoing chunk
	largeBody    = 32 << 10 // bytes from which a body is written from where it lies
)

// outbox is the outlet of a connection. The sender writes messages into the
// chunk, in wire format; what was committed is written by whoever flushes: the
// sender as a rule, the pacer if it does not, and a goroutine of its own while
// the kernel takes no more.
type outbox struct {
	wire    *wire
	pools   *pools
	payload []byte
	batch   int
	hwm     uint32

	// The sender's alone.
	ck     *chunk
	buf    []byte // ck's memory, as much of it as a batch may have
	w      int    // bytes committed
	end    int    // end of the reservation
	sent   uint32 // messages committed
	dirty  bool   // committed since the last flush
	big    *chunk // that the reservation's body lies in, where it is
	large  []byte // large
	msg    engines.Msg
	frames [][]byte
	ret    returns

	// published is sent<<32 | w, for those who flush.
	published mark
	written   atomic.Uint32 // messages that the kernel has taken

	mu     sync.Mutex
	staged uint32 // messages handed to q
	done   int    // bytes of ck handed to q
	queue  queue
}

func (o *outbox) init(w *wire, opt *settings) {
	o.wire, o.pools = w, opt.pools
	o.payload, o.batch, o.hwm = opt.Payload, opt.BatchBytes, uint32(opt.SendHWM)
	o.msg.Owner = abandoned{}
	o.frames = make([][]byte, 4)
	o.queue.init(w, &o.written)
}

// abandoned owns messages of Alloc that were never sent: there is nothing to
// give back.
type abandoned struct{}

func (abandoned) Free([]*engines.Msg) {}

// full reports whether the peer is at its HWM, even after a flush.
func (o *outbox) full() bool {
	if o.sent-o.written.Load() < o.hwm {
		return false
	}
	o.dirty = true
	o.flush()
	return o.sent-o.written.Load() >= o.hwm
}

func (o *outbox) alloc(pre, env [][]byte, size int) *engines.Msg {
	if o.sent-o.written.Load() >= o.hwm && o.full() {
		return nil
	}
	if len(pre)+len(env) > 0 || size > maxShort {
		return o.reserve(pre, env, size)
	}
	o.dropBig()
	need := shortHeader + size
	if len(o.buf)-o.w < need {
		o.next(need)
	}
	return o.short(need, size)
}

// short reserves need bytes, for which there is room, for a short body alone.
func (o *outbox) short(need, size int) *engines.Msg {
	start := o.w
	end := start + need
	body := o.buf[start+shortHeader : end : end]
	if !o.ck.has(start, need, shortHeader, size, unsafe.SliceData(o.payload)) {
		o.buf[start], o.buf[start+1] = 0, byte(size)
		o.ck.fill(start, need, shortHeader, body, o.payload)
	}
	o.end = end
	o.frames[0] = body
	o.msg.Frames = o.frames[:1:1]
	return &o.msg
}

// reserve is alloc for messages of several frames or of long ones.
func (o *outbox) reserve(pre, env [][]byte, size int) *engines.Msg {
	o.dropBig()
	large := size >= largeBody
	need := framesLen(pre) + framesLen(env) + headerLen(size)
	if !large {
		need += size
	}
	if len(o.buf)-o.w < need {
		o.next(need)
	}
	if len(o.frames) <= len(env) {
		o.frames = make([][]byte, 2*len(env))
	}
	at := o.w
	for _, f := range pre {
		at, _ = o.put(at, flagMore, f)
	}
	for i, f := range env {
		at, o.frames[i] = o.put(at, flagMore, f)
	}
	at += putHeader(o.buf[at:], 0, size)
	var body []byte
	if large {
		o.big = o.pools.get(size)
		body = o.big.buf[:size:size]
		o.big.fill(0, size, 0, body, o.payload)
		o.ck.scribble() // with headers alone
		o.large = body
	} else {
		body = o.buf[at : at+size : at+size]
		at += size
		o.ck.fill(o.w, at-o.w, at-size-o.w, body, o.payload)
	}
	o.end = at
	o.frames[len(env)] = body
	o.msg.Frames = o.frames[: len(env)+1 : len(env)+1]
	return &o.msg
}

// put writes a frame at offset at of the chunk.
func (o *outbox) put(at int, flags byte, body []byte) (next int, in []byte) {
	at += putHeader(o.buf[at:], flags, len(body))
	next = at + copy(o.buf[at:], body)
	return next, o.buf[at:next:next]
}

func (o *outbox) commit() {
	if o.big != nil {
		o.commitLarge()
		return
	}
	o.advance(o.end)
}

// advance publishes one more message, which ends at offset w.
func (o *outbox) advance(w int) {
	o.w = w
	o.sent++
	o.dirty = true
	o.published.move(uint64(o.sent)<<32 | uint64(w))
	o.wire.core.pacer.rouse()
}

// commitLarge sends the reserved message whose body lies outside the chunk.
func (o *outbox) commitLarge() {
	o.mu.Lock()
	o.w = o.end
	o.stage(o.w, o.sent)
	o.sent++
	o.staged++
	o.published.store(uint64(o.sent)<<32 | uint64(o.w))
	o.queue.add(span{b: o.large, ck: o.big, msgs: 1})
	o.big, o.large = nil, nil
	o.queue.kick()
	o.rewind()
	o.mu.Unlock()
}

func (o *outbox) dropBig() {
	if o.big != nil {
		o.big.drop()
		o.big = nil
	}
}

func (o *outbox) flush() {
	o.ret.flush()
	if !o.dirty {
		return
	}
	o.dirty = false
	o.mu.Lock()
	o.stage(o.w, o.sent)
	o.queue.kick()
	o.rewind()
	o.mu.Unlock()
}

func (o *outbox) push() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	p := o.published.load()
	sent, w := uint32(p>>32), int(uint32(p))
	if w == o.done && sent == o.staged {
		return false
	}
	o.stage(w, sent)
	o.queue.kick()
	return true
}

func (o *outbox) pending() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.len()
}

// stage queues the chunk's bytes up to w, which end with message number sent.
// o.mu is held.
func (o *outbox) stage(w int, sent uint32) {
	if w == o.done {
		return
	}
	o.queue.addChunk(o.ck, o.done, w, sent-o.staged)
	o.done, o.staged = w, sent
}

// rewind starts the chunk again where the kernel has all of it. o.mu is held,
// by the sender.
func (o *outbox) rewind() bool {
	if o.queue.len() > 0 || o.done != o.w || o.end > o.w {
		return false
	}
	o.w, o.end, o.done = 0, 0, 0
	o.published.store(uint64(o.sent) << 32)
	return true
}

// next makes room for a message of need bytes: it flushes, and takes a new
// chunk where the old one is still being written or was too small.
func (o *outbox) next(need int) {
	o.end = o.w
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ck != nil {
		o.dirty = false
		o.stage(o.w, o.sent)
		o.queue.kick()
		if o.rewind() && need <= len(o.buf) && len(o.buf) >= o.batch {
			return
		}
		o.ck.drop()
	}
	size := max(firstChunk, need, min(o.batch, 4*len(o.buf)))
	o.ck = o.pools.get(size)
	o.buf = o.ck.buf[:max(need, min(len(o.ck.buf), o.batch))]
	o.w, o.end, o.done = 0, 0, 0
	o.published.store(uint64(o.sent) << 32)
}
