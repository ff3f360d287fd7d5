package results

import (
	"math/rand/v2"
	"testing"
)

func TestPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	p, q := &page{no: 3}, &page{no: 3}
	var in, and [pageLen]bool
	for range 200 {
		from := rng.IntN(pageLen)
		to := min(pageLen, from+1+rng.IntN(300))
		want := 0
		for i := from; i < to; i++ {
			if !in[i] {
				want++
			}
			in[i] = true
		}
		if got := p.fill(from, to); got != want {
			t.Fatalf("fill(%d, %d) added %d, want %d", from, to, got, want)
		}
		i := rng.IntN(pageLen)
		if q.set(uint64(i)) == and[i] {
			t.Fatalf("set(%d)", i)
		}
		and[i] = true
	}
	added := 0
	for i := range in {
		if and[i] && !in[i] {
			added++
			in[i] = true
		}
	}
	if got := p.or(q); got != added {
		t.Errorf("or added %d, want %d", got, added)
	}
	for range 200 {
		from, to := rng.IntN(pageLen), rng.IntN(pageLen+1)
		want := 0
		for i := from; i < to; i++ {
			if in[i] {
				want++
			}
		}
		if got := p.within(from, to); got != want {
			t.Errorf("within(%d, %d) is %d, want %d", from, to, got, want)
		}
	}
}

// TestHourStaysFlat enters an hour at 3 M/s in order, with a message lost every
// second: one page a second stays in detail until the budget is used up.
func TestHourStaysFlat(t *testing.T) {
	const rate, length = 3_000_000, 3600
	f := newFlow(1)
	l := newLedger(f, 1, newPagePool(4))
	most := 0
	for s := uint64(0); s < length; s++ {
		again := l.addSpan(s*rate, s*rate+1000) + l.addSpan(s*rate+1001, (s+1)*rate)
		if again != 0 {
			t.Fatalf("second %d: %d duplicates", s, again)
		}
		f.sent = (s + 1) * rate
		l.settle()
		most = max(most, len(l.open)+len(l.holes))
	}
	if most > l.pool.holes+2*openPages {
		t.Errorf("%d pages were kept, the budget is %d", most, l.pool.holes)
	}
	if lost := l.missing(f.sent)[0]; lost != length {
		t.Errorf("%d lost, want %d", lost, length)
	}
	// A late message still counts where the detail is there, and is a
	// duplicate where it is not.
	late := uint64(length-100)*rate + 1000
	if again := l.addSpan(late, late+1); again != 0 || l.missing(f.sent)[0] != length-1 {
		t.Errorf("the late message is not taken: %d, %d", again, l.missing(f.sent)[0])
	}
	if again := l.addSpan(1000, 1001); again != 1 {
		t.Error("the forgotten one is not a duplicate")
	}
}
