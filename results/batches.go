package results

// batchCount is into how many parts of time a run is cut to see how much its
// percentiles differ from one to the next.
const batchCount = 40

// batches keep the distributions of a phase by time, in twice batchCount parts
// at most: when there are more, neighbours are joined.
type batches struct {
	parts []*sums
	each  int // collections in a part
	open  int // in the last one
}

// push adds what one collection found, and keeps it.
func (b *batches) push(s *sums) {
	if n := len(b.parts); n > 0 && b.open < b.each {
		b.parts[n-1].add(s)
		b.open++
		return
	}
	if len(b.parts) == 2*batchCount {
		b.halve()
	}
	b.parts = append(b.parts, s)
	b.open = 1
	b.each = max(b.each, 1)
}

func (b *batches) halve() {
	for i := range batchCount {
		b.parts[2*i].add(b.parts[2*i+1])
		b.parts[i] = b.parts[2*i]
	}
	clear(b.parts[batchCount:])
	b.parts = b.parts[:batchCount]
	b.each *= 2
}

// of gives the distributions of one kind by time, mirror with their values
// below zero, or equal to kind where there are none.
func (b *batches) of(kind, mirror int) []distribution {
	var all []distribution
	for _, s := range b.parts {
		d := distribution{values: s.h[kind], beyond: s.beyond[kind]}
		if mirror != kind {
			d.mirrored = s.h[mirror]
		}
		if d.count()+d.beyond > 0 {
			all = append(all, d)
		}
	}
	return all
}

// join puts the batches of phases that follow one another together.
func join(phases []*batches) *batches {
	all := &batches{}
	for _, b := range phases {
		all.parts = append(all.parts, b.parts...)
	}
	return all
}
