package load

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestLag prints how late the pacer wakes, in µs: go test -run Lag -v. It
// asserts no time. Short runs keep the suite quick; -v makes them longer.
func TestLag(t *testing.T) {
	rounds, length := 1, 50*time.Millisecond
	if testing.Verbose() {
		rounds, length = 5, time.Second
	}
	for _, c := range []struct {
		receiver string
		rate     int // of all clients
		clients  int
	}{
		{"none", 10_000, 1}, {"channel", 10_000, 1}, {"busy", 10_000, 1},
		{"none", 1_000, 1}, {"channel", 1_000, 1}, {"busy", 1_000, 1},
		{"channel", 100, 1}, {"channel", 10, 1}, {"channel", 200_000, 1},
		{"channel", 10_000, 8}, {"channel", 10_000, 100}, {"channel", 1_000, 1_000},
	} {
		t.Run(fmt.Sprintf("%s/%d/%d", c.receiver, c.rate, c.clients), func(t *testing.T) {
			var lines [][]int64
			for range rounds {
				lines = append(lines, lags(c.receiver, c.rate, c.clients, length))
			}
			for i, p := range []float64{0.5, 0.99, 0.999, 1} {
				var us []float64
				for _, l := range lines {
					us = append(us, float64(l[int(float64(len(l)-1)*p)])/1e3)
				}
				slices.Sort(us)
				t.Logf("%-5s median %8.2f  of %.2f", [...]string{"p50", "p99", "p99.9", "max"}[i], us[len(us)/2], us)
			}
		})
	}
}

// lags is the sorted lateness, in ns, of clients that wait and pass a value on.
func lags(receiver string, rate, clients int, length time.Duration) []int64 {
	values := make(chan int64, 1024)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for open := true; open; {
			if receiver == "busy" {
				select {
				case _, open = <-values:
				default:
					runtime.Gosched()
				}
				continue
			}
			_, open = <-values
		}
	}()
	spec := Spec{Rate: Rate{uint64(rate), 1}, Duration: length}
	pacers := NewPacers(clients, nil)
	start := Now() + int64(time.Millisecond)
	all := make([][]int64, clients)
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() {
			arrivals := spec.Client(i, clients)
			ready := start
			for due, ok := arrivals.Next(); ok; due, ok = arrivals.Next() {
				now, _ := pacers[i].Wait(start + int64(due))
				all[i] = append(all[i], now-max(ready, start+int64(due)))
				if receiver != "none" {
					values <- now
				}
				ready = Now()
			}
		})
	}
	wait.Wait()
	close(values)
	<-done
	sorted := slices.Concat(all...)
	slices.Sort(sorted)
	return sorted
}
