//go:build libzmq

package libzmq

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
	"unsafe"

	"zbench/engines"
)

// message is one that was received. Its frames lie in memory of the library.
type message struct {
	engines.Msg // Ref is the message itself
	in          *C.struct_zb_in
	pool        *pool
	few         [C.ZB_PARTS][]byte
	frames      [][]byte // few, or more once a message had them; Msg's lie here
}

// show makes Frames what C has received.
func (m *message) show() {
	n := int(m.in.count)
	spans := unsafe.Slice(m.in.spans, n)
	if n > len(m.frames) {
		m.frames = make([][]byte, n)
	}
	m.Frames = m.frames[:n]
	for i := range spans {
		m.Frames[i] = unsafe.Slice((*byte)(spans[i].data), int(spans[i].size))
	}
}

// intact reports whether nobody has changed which frames there are.
func (m *message) intact() bool {
	n := int(m.in.count)
	if len(m.Frames) != n {
		return false
	}
	for i, span := range unsafe.Slice(m.in.spans, n) {
		f := m.Frames[i]
		if len(f) != int(span.size) || unsafe.Pointer(unsafe.SliceData(f)) != span.data {
			return false
		}
	}
	return true
}

// Contents longer than this, or in more frames, are given up when they come
// back; others when their place is used again.
const keptBytes = 4096

// slabSize is how many messages are made at once. A hosted socket, which is one
// of thousands, starts with few and doubles.
const (
	slabSize       = 64
	hostedSlabSize = 4
)

// pool keeps the messages of one receiver. The receiver takes from local
// without a lock; whoever is done gives back to returned, many at a time.
type pool struct {
	local []*message
	slab  int // messages that are made next

	_        [128]byte
	mu       sync.Mutex
	returned []*message
	dropped  bool // the socket is closed: contents are given up at once
}

// get returns a message without content; it is the receiver's.
func (p *pool) get() *message {
	if len(p.local) == 0 {
		p.mu.Lock()
		p.local, p.returned = p.returned, p.local
		p.mu.Unlock()
	}
	if len(p.local) == 0 {
		p.grow()
	}
	m := p.local[len(p.local)-1]
	p.local = p.local[:len(p.local)-1]
	return m
}

func (p *pool) grow() {
	size := p.slab
	p.slab = min(2*size, slabSize)
	slab := C.zb_slab(C.int(size))
	if slab == nil {
		panic("libzmq: out of memory")
	}
	// Every message has the pool, so that a slab goes after all of them.
	runtime.AddCleanup(p, func(slab *C.struct_zb_in) { C.zb_free_slab(slab, C.int(size)) }, slab)
	all := unsafe.Slice(slab, size)
	made := make([]message, size)
	for i := range made {
		m := &made[i]
		m.in, m.pool = &all[i], p
		m.Owner, m.Ref = p, m
		m.frames = m.few[:]
		p.local = append(p.local, m)
	}
}

// Free implements engines.Owner.
func (p *pool) Free(ms []*engines.Msg) {
	p.mu.Lock()
	for _, m := range ms {
		p.take(m.Ref.(*message))
	}
	p.mu.Unlock()
}

// put takes messages back that a sender has passed on.
func (p *pool) put(ms []*message) {
	p.mu.Lock()
	for _, m := range ms {
		p.take(m)
	}
	p.mu.Unlock()
}

// take is for who holds the mutex.
func (p *pool) take(m *message) {
	if n := m.in.count; p.dropped || n > C.ZB_PARTS || n > 0 && len(m.Body()) > keptBytes {
		C.zb_drop(m.in)
	}
	p.returned = append(p.returned, m)
}

// drop gives up the contents of all messages that nobody holds, from now on.
func (p *pool) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped = true
	for _, m := range p.returned {
		C.zb_drop(m.in)
	}
}
