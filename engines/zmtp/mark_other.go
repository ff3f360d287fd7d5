//go:build !amd64 || race

package zmtp

import "sync/atomic"

// mark is how far a sender has got, for those who flush in its stead. One
// goroutine sets it, after everything it stands for has been written; any may
// read it.
type mark struct{ v atomic.Uint64 }

// load reads the mark and makes what it stands for visible.
func (m *mark) load() uint64 { return m.v.Load() }

// store sets the mark before any later look at another variable.
func (m *mark) store(v uint64) { m.v.Store(v) }

// move sets the mark as store does; elsewhere it has less to wait for.
func (m *mark) move(v uint64) { m.v.Store(v) }
