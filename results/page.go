package results

import "math/bits"

// A page is a bitmap of 64 Ki consecutive sequences of one flow.
const (
	pageShift = 16
	pageLen   = 1 << pageShift
)

type page struct {
	no    uint64 // sequence >> pageShift
	count int    // bits set
	bits  [pageLen / 64]uint64
}

func (p *page) reset(no uint64) { *p = page{no: no} }

// set marks sequence no<<pageShift + i and reports whether it was not yet.
func (p *page) set(i uint64) bool {
	w, bit := &p.bits[i/64%(pageLen/64)], uint64(1)<<(i%64)
	if *w&bit != 0 {
		return false
	}
	*w |= bit
	p.count++
	return true
}

// fill marks [from, to) and returns how many were not yet.
func (p *page) fill(from, to int) (added int) {
	for w := from / 64; w*64 < to; w++ {
		mask := window(w*64, from, to)
		added += bits.OnesCount64(mask &^ p.bits[w])
		p.bits[w] |= mask
	}
	p.count += added
	return added
}

// or marks all of q and returns how many were not yet.
func (p *page) or(q *page) (added int) {
	for w, b := range &q.bits {
		added += bits.OnesCount64(b &^ p.bits[w])
		p.bits[w] |= b
	}
	p.count += added
	return added
}

// within counts the marks in [from, to).
func (p *page) within(from, to int) (n int) {
	if from <= 0 && to >= pageLen {
		return p.count
	}
	for w := max(from, 0) / 64; w*64 < min(to, pageLen); w++ {
		n += bits.OnesCount64(p.bits[w] & window(w*64, from, to))
	}
	return n
}

// window is the mask of the bits base … base+63 that lie in [from, to).
func window(base, from, to int) uint64 {
	mask := ^uint64(0)
	if from > base {
		mask <<= uint(from - base)
	}
	if to < base+64 {
		mask &= ^uint64(0) >> uint(base+64-to)
	}
	return mask
}
