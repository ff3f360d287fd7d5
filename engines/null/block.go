package null

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"

	"zbench/engines"
)

// block is the memory of a body that is too large for a slot. Those who pass
// such a message on share it.
type block struct {
	bytes   []byte
	refs    atomic.Int32
	payload *byte // what it begins with, but for what a driver wrote there
	filled  int   // bytes of that
	pool    *sync.Pool
}

// blocks keeps those that nobody uses, by size in powers of two.
type blocks [bits.UintSize]sync.Pool

// get returns a block of at least size bytes with one reference.
func (p *blocks) get(size int) *block {
	class := bits.Len(uint(size - 1))
	b, _ := p[class].Get().(*block)
	if b == nil {
		b = &block{bytes: make([]byte, 1<<class), pool: &p[class]}
	}
	b.refs.Store(1)
	return b
}

// drop gives up a reference.
func (b *block) drop() {
	if b.refs.Add(-1) == 0 {
		b.pool.Put(b)
	}
}

// begin makes the first size bytes those of payload.
func (b *block) begin(payload []byte, size int) {
	if p := unsafe.SliceData(payload); b.payload != p {
		b.payload, b.filled = p, 0
	}
	if b.filled < size {
		b.filled += copy(b.bytes[b.filled:size], payload[min(b.filled, len(payload)):])
	}
}

// blockOf is the block that a message's body lies in, nil if it does in none.
func blockOf(m *engines.Msg) *block {
	if b, ok := m.Ref.(*block); ok && unsafe.SliceData(m.Body()) == unsafe.SliceData(b.bytes) {
		return b
	}
	return nil
}
