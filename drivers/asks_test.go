package drivers

import "testing"

func askMany(n int) *asks {
	a := newAsks()
	for i := range n {
		a.push(int64(i), int64(i), int64(i), 0)
	}
	return a
}

func TestAsksByOrder(t *testing.T) {
	a := askMany(3000)
	for want := range uint64(2000) {
		if k, q, is := a.takeNext(); k != want || q.sent != int64(want) || is != fitting {
			t.Fatalf("reply %d: request %d %+v, %d", want, k, q, is)
		}
	}
	var lost []int64
	note := func(sent int64) { lost = append(lost, sent) }
	if n := a.expire(2009, true, note); n != 10 || len(lost) != 10 || lost[0] != 2000 || a.gaveUp.Load() != 10 {
		t.Fatalf("%d expired: %v", n, lost)
	}
	if k, _, is := a.takeNext(); k != 2000 || is != belated {
		t.Errorf("reply of request %d is %d, want belated", k, is)
	}
	if n := a.cut(3000, true, note); n != 990 || a.gaveUp.Load() != 1000 {
		t.Errorf("%d cut, %d given up", n, a.gaveUp.Load())
	}
	if _, _, is := a.takeNext(); is != unmatched {
		t.Errorf("a reply to nothing is %d", is)
	}
	a.push(7, 7, 7, 0)
	if k, _, is := a.takeNext(); k != 3000 || is != fitting {
		t.Errorf("after the cut: request %d is %d", k, is)
	}
}

func TestAsksWhereAllTimedOut(t *testing.T) {
	a := askMany(2)
	a.expire(5, true, func(int64) {})
	a.push(10, 10, 10, 0)
	if k, _, is := a.takeNext(); k != 2 || is != fitting {
		t.Errorf("request %d is %d", k, is)
	}
	for _, want := range []answer{belated, belated, unmatched} {
		if _, _, is := a.takeNext(); is != want {
			t.Errorf("answer %d, want %d", is, want)
		}
	}
}

func TestAsksByStamp(t *testing.T) {
	a := askMany(5000)
	for _, c := range []struct {
		k    uint64
		want answer
	}{{4999, fitting}, {4999, again}, {0, fitting}, {0, again}, {5000, unmatched}, {2, fitting}, {2, again}} {
		if is := a.takeThat(c.k); is != c.want {
			t.Errorf("request %d: %d, want %d", c.k, is, c.want)
		}
	}
	if n := a.expire(9, false, func(int64) {}); n != 8 || a.oldest() != 10 { // 1 and 3 to 9
		t.Errorf("%d expired, the oldest is of %d", n, a.oldest())
	}
	if is := a.takeThat(3); is != belated {
		t.Errorf("late reply: %d", is)
	}
	if is := a.takeThat(2); is != again {
		t.Errorf("second reply: %d", is)
	}
	left := 0
	a.leftover(func(int64) { left++ })
	if n := a.cut(5000, false, func(int64) {}); n != 4989 || left != n || a.gaveUp.Load() != 4997 {
		t.Errorf("%d cut, %d left, %d given up", n, left, a.gaveUp.Load())
	}
	if is := a.takeThat(4000); is != belated {
		t.Errorf("a reply after the cut: %d", is)
	}
}
