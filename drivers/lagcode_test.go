package drivers

import (
	"math"
	"testing"
	"time"
)

func TestLagCode(t *testing.T) {
	const longest = 15 << 30 << lagUnitBits // ns
	for _, tt := range []struct{ ns, want int64 }{
		{-1, 0}, {0, 0}, {3, 0}, {4, 8}, {64, 64}, {120, 120}, {124, 128}, {1000, 1024}, {1 << 20, 1 << 20},
		{longest, longest}, {longest + 1, longest}, {int64(time.Hour), longest}, {math.MaxInt64, longest},
	} {
		if got := lagOf(uint8(lagCode(tt.ns))); got != tt.want {
			t.Errorf("%d ns becomes %d, want %d", tt.ns, got, tt.want)
		}
	}
	if longest < 10*int64(time.Second) {
		t.Errorf("the longest lag is %v", time.Duration(longest))
	}
}

// TestLagCodeOfItself: every code has a lag of its own, in order.
func TestLagCodeOfItself(t *testing.T) {
	for code := range uint64(lagMost + 1) {
		if again := lagCode(lagOf(uint8(code))); again != code {
			t.Errorf("code %d, %d ns, becomes %d", code, lagOf(uint8(code)), again)
		}
		if code > 0 && lagOf(uint8(code)) <= lagOf(uint8(code-1)) {
			t.Errorf("code %d is not above the one before", code)
		}
	}
}

func FuzzLagCode(f *testing.F) {
	f.Add(int64(0), int64(63))
	f.Add(int64(64), int64(135))
	f.Add(int64(time.Second), int64(10*time.Second))
	f.Fuzz(func(t *testing.T, a, b int64) {
		a, b = max(min(a, b), 0), max(a, b, 0)
		if lagCode(a) > lagCode(b) {
			t.Fatalf("%d has a higher code than %d", a, b)
		}
		longest := lagOf(lagMost)
		for _, ns := range []int64{a, b} {
			code := lagCode(ns)
			if code > lagMost {
				t.Fatalf("%d has code %d", ns, code)
			}
			off := math.Abs(float64(lagOf(uint8(code)) - min(ns, longest)))
			if off > max(4, float64(ns)/16) {
				t.Fatalf("%d becomes %d", ns, lagOf(uint8(code)))
			}
		}
	})
}
