package load

import "testing"

// TestNowIsShared brackets: the shared clock, read in between, may not be
// outside by more than the offset can be wrong.
func TestNowIsShared(t *testing.T) {
	if _, ok := sharedNow(); !ok {
		t.Log("this system has no clock that processes share")
		return
	}
	const wrong = 5_000 // ns
	for range 1000 {
		before := Now()
		shared, _ := sharedNow()
		after := Now()
		if after < before {
			t.Fatalf("the clock went back by %d ns", before-after)
		}
		if shared < before-wrong || shared > after+wrong {
			t.Fatalf("the shared clock says %d, ours %d to %d", shared, before, after)
		}
	}
	a, b := newClock(), newClock()
	if d := a.offset - int64(a.base.Sub(b.base)) - b.offset; d < -wrong || d > wrong {
		t.Errorf("two clocks differ by %d ns", d)
	}
}

func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now()
	}
}
