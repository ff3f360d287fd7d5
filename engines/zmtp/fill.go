package zmtp

// trustBytes is how much memory a peer gets on its word alone; a larger frame
// gets more as it arrives.
const trustBytes = 1 << 20

// fill waits for more bytes of the connection.
func (r *reader) fill() error {
	if r.big != nil {
		return r.fillBig()
	}
	r.room()
	n, err := r.wire.read(r.ck.buf[r.end:], nil)
	r.end += n
	return err
}

// fillBig reads the rest of a large frame where it belongs, and what follows
// it into the chunk.
func (r *reader) fillBig() error {
	if r.bigHave == len(r.big.buf) {
		r.growBig()
	}
	dst := r.big.buf[r.bigHave:min(r.bigSize, len(r.big.buf))]
	var tail []byte
	if r.bigHave+len(dst) == r.bigSize {
		r.room()
		tail = r.ck.buf[r.end:]
	}
	n, err := r.wire.read(dst, tail)
	in := min(n, len(dst))
	r.bigHave += in
	r.end += n - in
	return err
}

// growBig gives a large frame four times the memory, up to its size.
func (r *reader) growBig() {
	c := r.pools.get(min(r.bigSize, 4*len(r.big.buf)))
	c.scribble()
	copy(c.buf, r.big.buf[:r.bigHave])
	r.big.drop()
	r.big = c
}

// large takes the large frame once it is whole.
func (r *reader) large(b *burst) (bool, error) {
	if r.bigHave < r.bigSize {
		return false, nil
	}
	if r.bigFlags&flagMore == 0 && !b.fits(len(r.cur)+2) {
		return false, nil
	}
	r.cur = append(r.cur, r.big.buf[:r.bigSize:r.bigSize])
	r.curBytes += r.bigSize
	r.held = append(r.held, r.big)
	r.big = nil
	if r.bigFlags&flagMore != 0 {
		return true, nil
	}
	if len(r.cur) > 1 {
		b.keep(r.ck)
	}
	r.emit(b)
	return true, nil
}

// room sees to it that the chunk has room for the frame under way, and for a
// good read. Where nobody refers to the chunk it is used again from its start,
// while it is still in the processor's cache.
func (r *reader) room() {
	need := max(r.need, longHeader)
	r.need = 0
	mine := r.ck.refs.Load() == 1 && len(r.cur) == 0
	left := r.end - r.pos
	busy := r.end == len(r.ck.buf) && len(r.ck.buf) < mostRead
	if mine && !busy && need <= len(r.ck.buf) {
		if r.pos > 0 && (left == 0 || r.end > len(r.ck.buf)/2) {
			r.end = copy(r.ck.buf, r.ck.buf[r.pos:r.end])
			r.pos = 0
		}
		if r.pos+need <= len(r.ck.buf) && r.end < len(r.ck.buf) {
			return
		}
		r.end = copy(r.ck.buf, r.ck.buf[r.pos:r.end])
		r.pos = 0
		return
	}
	if r.pos+need <= len(r.ck.buf) && len(r.ck.buf)-r.end >= len(r.ck.buf)/8 {
		return
	}
	size := len(r.ck.buf)
	if busy {
		size = min(4*size, mostRead)
	}
	c := r.pools.get(max(size, 2*need))
	c.scribble()
	r.end = copy(c.buf, r.ck.buf[r.pos:r.end])
	r.pos = 0
	if len(r.cur) > 0 {
		r.held = append(r.held, r.ck)
	} else {
		r.ck.drop()
	}
	r.ck = c
}
