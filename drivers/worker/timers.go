package worker

// timers are seats by their time, the soonest first: a binary heap in which each
// seat knows its place.
type timers struct{ heap []*Seat }

// first is the soonest time, Never where there is none.
func (t *timers) first() int64 {
	if len(t.heap) == 0 {
		return Never
	}
	return t.heap[0].at
}

// pop takes the soonest seat out.
func (t *timers) pop() *Seat {
	s := t.heap[0]
	t.set(s, Never)
	return s
}

// set changes the time of a seat; Never takes it out.
func (t *timers) set(s *Seat, at int64) {
	switch {
	case at != Never && s.index == 0:
		t.heap = append(t.heap, s)
		s.index = len(t.heap)
	case at == Never && s.index == 0:
		return
	case at == Never:
		i, last := s.index-1, len(t.heap)-1
		t.swap(i, last)
		t.heap[last] = nil
		t.heap = t.heap[:last]
		s.index = 0
		if i < last {
			t.down(t.up(i))
		}
		return
	case at == s.at:
		return
	}
	s.at = at
	t.down(t.up(s.index - 1))
}

func (t *timers) swap(i, j int) {
	h := t.heap
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i+1, j+1
}

func (t *timers) up(i int) int {
	for i > 0 {
		parent := (i - 1) / 2
		if t.heap[parent].at <= t.heap[i].at {
			break
		}
		t.swap(i, parent)
		i = parent
	}
	return i
}

func (t *timers) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(t.heap) {
			return
		}
		if right := child + 1; right < len(t.heap) && t.heap[right].at < t.heap[child].at {
			child = right
		}
		if t.heap[i].at <= t.heap[child].at {
			return
		}
		t.swap(i, child)
		i = child
	}
}
