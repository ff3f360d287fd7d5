package zmtp

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// chunk is a block of memory that several may refer to: messages that were
// read into it, writes that have yet to take it. Whoever drops the last
// reference gives it back to its pool.
type chunk struct {
	buf    []byte
	refs   atomic.Int32
	pool   *sync.Pool
	filled filling
}

// filling is what an outgoing chunk is known to hold from its last use:
// records of one shape from offset 0 on, whose bodies begin with payload.
// Where the next round has the same shape nothing need be copied, because the
// driver writes its stamp over the last one. Whoever writes anything into an
// outgoing chunk says so, with fill or with scribble.
type filling struct {
	payload *byte
	n       int // bytes of payload in each body
	stride  int // bytes from one record to the next; 0: mixed
	lead    int // bytes of a record before its body
	end     int // records lie in [0, end)
}

// has reports whether the record [off, off+stride) of c, whose body of n bytes
// lies lead bytes into it, still holds its header and payload.
func (c *chunk) has(off, stride, lead, n int, payload *byte) bool {
	f := &c.filled
	return repeats && f.stride == stride && f.lead == lead && f.n == n && off+stride <= f.end && f.payload == payload
}

// fill makes body, which lies lead bytes into the record [off, off+stride) of
// c, begin with payload.
func (c *chunk) fill(off, stride, lead int, body, payload []byte) {
	n := min(len(body), len(payload))
	if n == 0 {
		c.scribble()
		return
	}
	f := &c.filled
	if f.stride == stride && f.lead == lead && f.n == n && f.payload == &payload[0] && repeats {
		if off+stride <= f.end {
			return
		}
		if off == f.end {
			f.end += stride
			copy(body, payload)
			return
		}
	}
	if off == 0 {
		*f = filling{&payload[0], n, stride, lead, stride}
	} else {
		c.scribble()
	}
	copy(body, payload)
}

// scribble says that something else than records of one shape is written: what
// the chunk held is not to be relied on.
func (c *chunk) scribble() { c.filled.stride = 0 }

// hold adds a reference.
func (c *chunk) hold() { c.refs.Add(1) }

// drop gives up a reference.
func (c *chunk) drop() {
	if c.refs.Add(-1) == 0 && c.pool != nil {
		c.pool.Put(c)
	}
}

const (
	minChunkBits = 12 // 4 KiB
	maxChunkBits = 26 // 64 MiB; what is larger is left to the garbage collector
)

// pools holds chunks by size, in powers of two, and bursts. The sockets of an
// engine share it.
type pools struct {
	chunks [maxChunkBits - minChunkBits + 1]sync.Pool
	bursts sync.Pool
}

// get returns a chunk of at least size bytes with one reference.
func (p *pools) get(size int) *chunk {
	class := max(bits.Len(uint(max(size, 1)-1)), minChunkBits) - minChunkBits
	if class >= len(p.chunks) {
		c := &chunk{buf: make([]byte, size)}
		c.refs.Store(1)
		return c
	}
	pool := &p.chunks[class]
	c, _ := pool.Get().(*chunk)
	if c == nil {
		c = &chunk{buf: make([]byte, 1<<(class+minChunkBits)), pool: pool}
	}
	c.refs.Store(1)
	return c
}
