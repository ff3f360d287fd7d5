package ring

import (
	"fmt"
	"sync"
	"testing"
)

func TestCapacityIsRoundedUp(t *testing.T) {
	for _, c := range []struct{ ask, want int }{{-1, 1}, {0, 1}, {1, 1}, {2, 2}, {3, 4}, {4096, 4096}, {4097, 8192}} {
		if got := newRing[int](c.ask).Cap(); got != c.want {
			t.Errorf("New(%d).Cap() = %d, want %d", c.ask, got, c.want)
		}
	}
}

func TestStagedIsHiddenUntilPublished(t *testing.T) {
	r := newRing[int](4)
	dst := make([]int, 4)
	r.Stage(1)
	r.Stage(2)
	if n := r.PopInto(dst); n != 0 {
		t.Fatalf("popped %d values before Publish", n)
	}
	r.Publish()
	if n := r.PopInto(dst); n != 2 || dst[0] != 1 || dst[1] != 2 {
		t.Fatalf("popped %v after Publish", dst[:n])
	}
}

func TestFullRingPublishesWhatWasStaged(t *testing.T) {
	r := newRing[int](2)
	r.Stage(1)
	r.Stage(2)
	if r.Stage(3) {
		t.Fatal("a third value fitted into two slots")
	}
	if n := r.PopInto(make([]int, 2)); n != 2 {
		t.Fatalf("popped %d values from a full ring, want 2", n)
	}
}

func TestPoppedSlotsKeepNoReference(t *testing.T) {
	r := newRing[*int](2)
	r.TryPush(new(int))
	r.PopInto(make([]*int, 1))
	for i, p := range r.buf {
		if p != nil {
			t.Errorf("slot %d still holds a pointer", i)
		}
	}
}

// One producer and one consumer, small rings so that both sides park and wrap
// often.
func TestOrderAcrossGoroutines(t *testing.T) {
	const total = 200_000
	for _, size := range []int{1, 2, 64, 4096} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			r := newRing[int](size)
			go func() {
				for i := range total {
					if !r.Push(i) {
						break
					}
				}
				r.Close()
			}()
			want := 0
			dst := make([]int, 17)
			for {
				n := r.Pop(dst)
				if n == 0 {
					break
				}
				for _, v := range dst[:n] {
					if v != want {
						t.Fatalf("popped %d, want %d", v, want)
					}
					want++
				}
			}
			if want != total {
				t.Fatalf("popped %d values, want %d", want, total)
			}
		})
	}
}

// The consumer of several rings waits at one bell for all of them.
func TestOneBellForSeveralRings(t *testing.T) {
	const producers, each = 5, 20_000
	bell := NewBell()
	rings := make([]*Ring[int], producers)
	var wg sync.WaitGroup
	for i := range rings {
		rings[i] = NewWithBells[int](8, bell, NewBell())
		wg.Go(func() {
			for v := range each {
				rings[i].Push(v)
			}
		})
	}
	next := make([]int, producers)
	dst := make([]int, 3)
	for got := 0; got < producers*each; {
		bell.Wait(func() bool {
			for _, r := range rings {
				if !r.Empty() {
					return true
				}
			}
			return false
		})
		for i, r := range rings {
			n := r.PopInto(dst)
			for _, v := range dst[:n] {
				if v != next[i] {
					t.Fatalf("ring %d: popped %d, want %d", i, v, next[i])
				}
				next[i]++
			}
			got += n
		}
	}
	wg.Wait()
}

func TestCloseUnblocks(t *testing.T) {
	full := newRing[int](1)
	full.Push(1)
	empty := newRing[int](1)
	var wg sync.WaitGroup
	wg.Go(func() {
		if full.Push(2) {
			t.Error("Push found room in a full ring")
		}
	})
	wg.Go(func() {
		if n := empty.Pop(make([]int, 1)); n != 0 {
			t.Errorf("Pop returned %d values of an empty ring", n)
		}
	})
	full.Close()
	empty.Close()
	wg.Wait()
	dst := make([]int, 2)
	if n := full.Pop(dst); n != 1 || dst[0] != 1 {
		t.Errorf("Pop after Close = %v, want what was pushed before", dst[:n])
	}
	if n := full.Pop(dst); n != 0 {
		t.Errorf("Pop of a closed, empty ring = %d", n)
	}
}

func TestNoAllocations(t *testing.T) {
	r := newRing[*int](64)
	v := new(int)
	dst := make([]*int, 64)
	if a := testing.AllocsPerRun(100, func() {
		for range 32 {
			r.Push(v)
		}
		for got := 0; got < 32; {
			got += r.Pop(dst)
		}
	}); a != 0 {
		t.Errorf("%v allocations a burst", a)
	}
}

// FuzzAgainstSlice replays any sequence of calls on a ring and on a slice.
func FuzzAgainstSlice(f *testing.F) {
	f.Add(uint8(4), []byte{0, 0, 0, 3, 1, 2, 0, 0, 9, 255})
	f.Add(uint8(1), []byte{0, 0, 3, 3, 0})
	f.Add(uint8(7), []byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 7, 7})
	f.Fuzz(func(t *testing.T, capacity uint8, calls []byte) {
		r := newRing[int](int(capacity))
		var staged, queue []int // not yet, and already shown to the consumer
		for i, c := range calls {
			switch c % 4 {
			case 0, 1:
				fits := len(staged)+len(queue) < r.Cap()
				push := r.Stage
				if c%4 == 0 {
					push = r.TryPush
				}
				if push(i) != fits {
					t.Fatalf("call %d: push says %v with %d of %d slots taken", i, !fits, len(staged)+len(queue), r.Cap())
				}
				if fits {
					staged = append(staged, i)
				}
				if c%4 == 0 || !fits {
					queue, staged = append(queue, staged...), nil
				}
			case 2:
				r.Publish()
				queue, staged = append(queue, staged...), nil
			case 3:
				dst := make([]int, c/4)
				n := r.PopInto(dst)
				if n == 0 && len(dst) > 0 && len(queue) > 0 {
					t.Fatalf("call %d: popped nothing of %d values", i, len(queue))
				}
				if n > len(queue) {
					t.Fatalf("call %d: popped %d of %d values", i, n, len(queue))
				}
				for k, v := range dst[:n] {
					if v != queue[k] {
						t.Fatalf("call %d: popped %v, want %v", i, dst[:n], queue[:n])
					}
				}
				queue = queue[n:]
			}
			if r.Empty() != (len(queue) == 0) {
				t.Fatalf("call %d: Empty() = %v with %d values", i, r.Empty(), len(queue))
			}
		}
	})
}

func BenchmarkPushPop(b *testing.B) {
	r := newRing[*int](4096)
	v := new(int)
	b.ReportAllocs()
	go func() {
		for range b.N {
			r.Push(v)
		}
		r.Close()
	}()
	dst := make([]*int, 64)
	for r.Pop(dst) > 0 {
	}
}

func BenchmarkStagedBursts(b *testing.B) {
	r := newRing[*int](4096)
	v := new(int)
	b.ReportAllocs()
	go func() {
		for i := range b.N {
			for !r.Stage(v) {
				r.popped.Wait(r.Room)
			}
			if i%16 == 15 {
				r.Publish()
			}
		}
		r.Publish()
		r.Close()
	}()
	dst := make([]*int, 64)
	for r.Pop(dst) > 0 {
	}
}

func newRing[T any](capacity int) *Ring[T] {
	return NewWithBells[T](capacity, NewBell(), NewBell())
}
