package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"zbench/results"
)

// bars shows all runs and the current one as bars, and a line for each that
// has ended above them.
type bars struct {
	all     *mpb.Progress
	runs    *mpb.Bar
	current *mpb.Bar
	label   string
	figures atomic.Pointer[string] // of the last interval
	stop    chan struct{}          // ends the current bar's clock
}

// refresh is seldom enough not to take part in what is measured.
const refresh = 500 * time.Millisecond

func newBars(w io.Writer, total int) *bars {
	p := mpb.New(mpb.WithOutput(w), mpb.WithWidth(24), mpb.WithRefreshRate(refresh))
	b := &bars{all: p}
	b.runs = p.New(int64(total), barStyle(), mpb.BarPriority(1),
		mpb.PrependDecorators(decor.Name("runs  ")),
		mpb.AppendDecorators(decor.CountersNoUnit("%d of %d")))
	return b
}

func barStyle() mpb.BarStyleComposer {
	return mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("┄")
}

func (b *bars) begin(_ int, label string, expected time.Duration) {
	expected = max(expected, time.Second)
	b.label = label
	b.figures.Store(new(string))
	b.stop = make(chan struct{})
	b.current = b.all.New(int64(expected), barStyle(), mpb.BarPriority(0), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name("now   ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return label + "  " + *b.figures.Load() })))
	go move(b.current, expected, b.stop)
}

// move moves a bar with the time; it never completes it, for the run may take
// longer than it sends.
func move(bar *mpb.Bar, expected time.Duration, stop chan struct{}) {
	began := time.Now()
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			bar.SetCurrent(int64(min(time.Since(began), expected-1)))
		}
	}
}

func (b *bars) point(p results.Point) {
	s := figures(p)
	b.figures.Store(&s)
}

func (b *bars) end(r results.Run) {
	b.finish()
	b.say(fmt.Sprintf("%s  %s", b.label, outcome(r)))
	b.runs.Increment()
}

// finish takes the current bar away.
func (b *bars) finish() {
	if b.current == nil {
		return
	}
	close(b.stop)
	b.current.Abort(true)
	b.current.Wait()
	b.current = nil
}

func (b *bars) say(line string) {
	fmt.Fprintln(b.all, line)
}

func (b *bars) close() {
	b.finish()
	b.runs.Abort(true) // no effect where all are done
	b.all.Wait()
}
