package results

// track is one recorder's view of one flow: what it sent and which sequences
// it received. The sequences that follow one another make a run [from, next),
// always the highest seen; all others go into bitmaps.
type track struct {
	flow                     uint32
	sent, stamped, unstamped uint64
	from, next               uint64
	tops                     []uint64 // highest sequence + 1 of each path but path 0
	top                      uint64   // of path 0
	page                     *page    // of pages, the one marked last
	pages                    []*page  // marked since the last swap
}

const (
	// A run of at least this length is handed over as two numbers, a shorter
	// one as bits.
	shortRun = 4096
	// A sequence that leaps further ahead than this cannot be true.
	longestLeap = 1 << 32
	// Paths are small numbers: connections, workers.
	maxPaths = 1 << 20
)

// topOf gives the place of the highest sequence + 1 seen on path.
func (t *track) topOf(path uint32) *uint64 {
	if path == 0 {
		return &t.top
	}
	if int(path) > len(t.tops) {
		t.tops = append(t.tops, make([]uint64, int(path)-len(t.tops))...)
	}
	return &t.tops[path-1]
}

// trackOf finds or makes the track of flow; nil where there is no such flow.
func (r *Recorder) trackOf(flow uint32) *track {
	if int(flow) >= len(r.tracks) {
		return nil
	}
	if t := r.tracks[flow]; t != nil {
		return t
	}
	return r.newTrack(flow)
}

func (r *Recorder) newTrack(flow uint32) *track {
	t := &track{flow: flow}
	r.tracks[flow] = t
	r.live = append(r.live, t)
	return t
}

// arrive enters n sequences from seq on and returns how many are here for the
// first time, as far as is known before the receivers of a flow are joined.
func (r *Recorder) arrive(t *track, path uint32, seq, n uint64) (first uint64) {
	top := &t.top
	if path != 0 {
		top = t.topOf(path)
	}
	if seq == t.next && seq >= *top {
		t.next += n
		*top = t.next
		return n
	}
	for end := seq + n; seq < end; seq++ {
		if r.arriveOdd(t, top, seq) {
			first++
		}
	}
	return first
}

// arriveOdd is arrive for one sequence that need not be the next.
func (r *Recorder) arriveOdd(t *track, top *uint64, seq uint64) bool {
	if seq >= *top {
		*top = seq + 1
	} else if seq+1 < *top {
		r.iv.reordered++
	}
	switch {
	case seq == t.next:
		t.next++
		return true
	case seq > t.next:
		r.closeRun(t)
		t.from, t.next = seq, seq+1
		return true
	case seq >= t.from:
		return false
	}
	return r.pageOf(t, seq>>pageShift).set(seq % pageLen)
}

// closeRun writes down the run of t, if any.
func (r *Recorder) closeRun(t *track) {
	if t.next-t.from >= shortRun {
		r.iv.spans = append(r.iv.spans, span{t.flow, t.from, t.next})
		return
	}
	for from := t.from; from < t.next; {
		no := from >> pageShift
		to := min(t.next, (no+1)<<pageShift)
		r.pageOf(t, no).fill(int(from-no<<pageShift), int(to-no<<pageShift))
		from = to
	}
}

// pageOf finds the page no of t, the latest first, or adds it.
func (r *Recorder) pageOf(t *track, no uint64) *page {
	if t.page != nil && t.page.no == no {
		return t.page
	}
	for i := len(t.pages) - 1; i >= 0; i-- {
		if t.pages[i].no == no {
			t.page = t.pages[i]
			return t.page
		}
	}
	t.page = r.newPage(no)
	t.pages = append(t.pages, t.page)
	return t.page
}

func (r *Recorder) newPage(no uint64) *page {
	n := len(r.iv.freePages)
	if n == 0 {
		return &page{no: no}
	}
	p := r.iv.freePages[n-1]
	r.iv.freePages = r.iv.freePages[:n-1]
	p.reset(no)
	return p
}

// handOver moves what t knows into iv and begins anew after it.
func (t *track) handOver(iv *interval) {
	iv.shots = append(iv.shots, shot{t.flow, t.sent, t.stamped, t.unstamped, t.from, t.next})
	t.from = t.next
	for _, p := range t.pages {
		iv.pages = append(iv.pages, flowPage{t.flow, p})
	}
	clear(t.pages)
	t.pages, t.page = t.pages[:0], nil
}
