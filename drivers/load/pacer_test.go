package load

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestWaitIsNeverEarly(t *testing.T) {
	for _, pacers := range []int{1, 8} {
		var wait sync.WaitGroup
		for _, p := range NewPacers(pacers, nil) {
			wait.Go(func() {
				for _, d := range []time.Duration{0, 1, time.Microsecond, 60 * time.Microsecond, 200 * time.Microsecond, 3 * time.Millisecond, 30 * time.Millisecond} {
					until := Now() + int64(d)
					now, ok := p.Wait(until)
					if !ok || now < until || now > Now() {
						t.Errorf("Wait(%v ahead) returned %d ns after it, %v", d, now-until, ok)
					}
				}
			})
		}
		wait.Wait()
	}
}

// TestPacersLeaveCores gives Go's scheduler more slots than there are cores: they
// are no more cores to spin on.
func TestPacersLeaveCores(t *testing.T) {
	cores := runtime.NumCPU()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores + 8))
	for n, spins := range map[int]bool{1: cores > 2, cores - 1: false, cores + 4: false} {
		for _, p := range NewPacers(n, nil) {
			if p.spins != spins {
				t.Errorf("%d pacers on %d cores: spins is %v", n, cores, p.spins)
			}
		}
	}
}

func TestWaitReturnsAtOnceWhenLate(t *testing.T) {
	p := NewPacers(1, nil)[0]
	before := Now()
	now, ok := p.Wait(before - int64(time.Hour))
	if !ok || now < before || now > Now() {
		t.Errorf("got %d, %v; it was %d", now, ok, before)
	}
	if n := testing.AllocsPerRun(100, func() { p.Wait(0) }); n != 0 {
		t.Errorf("%v allocations per wait", n)
	}
}

// TestStop would hang for an hour if stopping did not work.
func TestStop(t *testing.T) {
	stop := new(atomic.Bool)
	ps := NewPacers(2, stop)
	done := make(chan bool)
	go func() {
		_, ok := ps[0].Wait(Now() + int64(time.Hour))
		done <- ok
	}()
	time.Sleep(5 * time.Millisecond)
	stop.Store(true)
	if <-done {
		t.Error("a stopped wait was ok")
	}
	if _, ok := ps[1].Wait(0); ok {
		t.Error("a late wait was ok after the stop")
	}
}

// TestThreadsRunOut takes every seat, so that waiting is left to Go's timers.
func TestThreadsRunOut(t *testing.T) {
	p := NewPacers(2, nil)[0]
	p.spins = false
	for p.threads.take() {
	}
	until := Now() + int64(time.Millisecond)
	if now, ok := p.Wait(until); !ok || now < until {
		t.Errorf("returned %d ns after it, %v", now-until, ok)
	}
	p.threads.give()
	if !p.threads.take() || p.threads.take() {
		t.Error("there is not exactly one seat again")
	}
}

// TestMargin feeds overshoots whose 99.9th percentile is known.
func TestMargin(t *testing.T) {
	m := minMargin
	over, sum := 0, 0.0
	const n = 400_000
	for i := range n {
		x := int64(i*7919%10_000) * 50 // evenly up to 500 µs; 99.9 % are below 499.5
		if i >= n/2 {
			if x > int64(m) {
				over++
			}
			sum += float64(m)
		}
		m.add(x)
	}
	if share := float64(over) / (n / 2); share < 0.0005 || share > 0.002 {
		t.Errorf("%.5f of the overshoots are above the margin, want 0.001", share)
	}
	if mean := sum / (n / 2); mean < 400e3 || mean > 550e3 {
		t.Errorf("the margin is %.0f ns on average", mean)
	}
	for range 1000 {
		m.add(int64(time.Hour))
	}
	if m != maxMargin {
		t.Errorf("the margin is %d ns, want the most", m)
	}
	for range 100_000 {
		m.relax()
	}
	if m != minMargin {
		t.Errorf("the margin is %d ns, want the least", m)
	}
}

func BenchmarkWaitLate(b *testing.B) {
	p := NewPacers(1, nil)[0]
	for b.Loop() {
		p.Wait(0)
	}
}
