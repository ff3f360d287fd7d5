//go:build amd64 && !race

package zmtp

import "sync/atomic"

// mark is how far a sender has got, for those who flush in its stead. One
// goroutine sets it, after everything it stands for has been written; any may
// read it.
type mark struct{ v uint64 }

// load reads the mark and makes what it stands for visible.
func (m *mark) load() uint64 { return atomic.LoadUint64(&m.v) }

// store sets the mark before any later look at another variable.
func (m *mark) store(v uint64) { atomic.StoreUint64(&m.v, v) }

// move sets the mark as store does, but for the order with what comes later.
// An atomic store would wait here, for each message, until everything written
// so far has left for the cache, which costs more than all the rest. This
// processor makes stores visible in the order of the program, so an ordinary
// one will do.
func (m *mark) move(v uint64) { m.v = v }
