package results

import "math"

// flow is one sequence of messages as its sender counted it.
type flow struct {
	senders map[*Recorder]uint64
	sent    uint64
	before  uint64   // sent as of the interval before
	starts  []uint64 // by phase, the first sequence of it; one more at the end
}

func newFlow(phases int) *flow {
	f := &flow{senders: map[*Recorder]uint64{}, starts: make([]uint64, phases+1)}
	for i := range f.starts[1:] {
		f.starts[i+1] = math.MaxUint64
	}
	return f
}

// begin notes that the sequence is the first that was due in phase or later.
func (f *flow) begin(phase int, seq uint64) {
	for p := 1; p <= phase; p++ {
		f.starts[p] = min(f.starts[p], seq)
	}
}

// count notes how many messages r has sent since the start.
func (f *flow) count(r *Recorder, sent uint64) {
	f.sent += sent - f.senders[r]
	f.senders[r] = sent
}

// of is how many of the first n messages belong to phase.
func (f *flow) of(phase int, n uint64) uint64 {
	return min(f.starts[phase+1], n) - min(f.starts[phase], n)
}

// pagePool recycles bitmaps, and says what all ledgers share.
type pagePool struct {
	free  []*page
	full  *page // stands for every complete page
	holes int   // a ledger keeps at most so many incomplete pages in detail
}

const (
	// Incomplete pages kept in detail by all ledgers together: 64 MiB. A
	// message later than that, 500 million sequences for a single flow, is
	// counted as duplicated.
	detailPages = 8192
	// Idle pages kept: 8 MiB.
	idlePages = 1024
)

func newPagePool(ledgers int) *pagePool {
	return &pagePool{full: &page{count: pageLen}, holes: max(detailPages/max(ledgers, 1), 64)}
}

func (pool *pagePool) get(no uint64) *page {
	n := len(pool.free)
	if n == 0 {
		return &page{no: no}
	}
	p := pool.free[n-1]
	pool.free = pool.free[:n-1]
	p.reset(no)
	return p
}

func (pool *pagePool) put(p *page) {
	if len(pool.free) < idlePages {
		pool.free = append(pool.free, p)
	}
}
