package null

import (
	"math/bits"
	"sync"

	"zbench/engines"
)

// Messages are kept by the size of their bodies, in powers of two; class 0 has
// none. A small body fills a cache line, lest two messages share one.
const (
	classes  = 48
	minClass = 7 // 64 bytes
)

func classOf(size int) int {
	if size == 0 {
		return 0
	}
	return max(bits.Len(uint(size-1))+1, minClass)
}

// pool keeps one sender's messages. The sender takes from local without a lock;
// receivers give back to returned, a batch at a time, and the sender swaps the
// two when local has run out.
type pool struct {
	payload []byte
	local   [classes][]*message

	_        [128]byte
	mu       sync.Mutex
	returned [classes][]*message
}

// get returns a message with a body of at least size bytes, in no shape yet.
// It is the sender's.
func (p *pool) get(size int) *message {
	class := classOf(size)
	if len(p.local[class]) == 0 {
		p.mu.Lock()
		p.local[class], p.returned[class] = p.returned[class], p.local[class]
		p.mu.Unlock()
	}
	if n := len(p.local[class]); n > 0 {
		m := p.local[class][n-1]
		p.local[class] = p.local[class][:n-1]
		return m
	}
	capacity := 0
	if class > 0 {
		capacity = 1 << (class - 1)
	}
	return newMessage(p, class, capacity)
}

// putBack takes an unsent message; it is the sender's.
func (p *pool) putBack(m *message) {
	p.local[m.class] = append(p.local[m.class], m)
}

// Free takes messages of this pool back.
func (p *pool) Free(ms []*engines.Msg) {
	var others *message
	p.mu.Lock()
	for _, m := range ms {
		others = p.take(m.Ref.(*message), others)
	}
	p.mu.Unlock()
	free(others)
}

// take returns m to the pool, and the messages whose last user it was. Those of
// other pools join the list others; the caller holds p.mu.
func (p *pool) take(m, others *message) *message {
	for m.pool == p {
		base := m.base
		m.base = nil
		p.returned[m.class] = append(p.returned[m.class], m)
		if base == nil || base.refs.Add(-1) > 0 {
			return others
		}
		m = base
	}
	if m.pool == nil {
		return others
	}
	m.next = others
	return m
}

// free gives a list of messages back to their pools.
func free(list *message) {
	for list != nil {
		m := list
		list, m.next = m.next, nil
		if m.pool != nil {
			m.pool.mu.Lock()
			list = m.pool.take(m, list)
			m.pool.mu.Unlock()
		}
	}
}

// release gives one message of any engine back.
func release(m *engines.Msg) {
	if own, ok := m.Ref.(*message); ok {
		free(own)
	} else if m.Owner != nil {
		m.Owner.Free([]*engines.Msg{m})
	}
}
