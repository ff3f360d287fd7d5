package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"

	"zbench/report"
	"zbench/results"
)

// progress shows how far the runs are. Point is called from another goroutine
// than the rest, between begin and end.
type progress interface {
	begin(i int, label string, expected time.Duration)
	point(results.Point)
	end(results.Run)
	say(line string) // something that is shown even when quiet
	close()
}

// progress chooses by who is looking: bars for a person, lines for a log.
func (a *app) progress(b *batch) progress {
	if b.options.quiet {
		return &silent{a.stderr}
	}
	fmt.Fprintln(a.stderr, announce(b))
	if a.interactive(a.stderr) {
		return newBars(a.stderr, len(b.steps))
	}
	return &lines{w: a.stderr, total: len(b.steps)}
}

func announce(b *batch) string {
	s := fmt.Sprintf("%s: %s of %s", b.spec.Name, plural(len(b.steps), "run"), plural(len(b.cells), "cell"))
	if d := b.expected(); d > 0 {
		s += ", about " + about(d)
	}
	return s + ", results in " + b.dir
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// about rounds up: opening and draining take time, too.
func about(d time.Duration) string {
	s := (d + d/10 + time.Second).Truncate(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		return strings.TrimSuffix(s, "0s")
	}
	return s
}

// silent says only what must be said.
type silent struct{ w io.Writer }

func (s *silent) begin(int, string, time.Duration) {}
func (s *silent) point(results.Point)              {}
func (s *silent) end(results.Run)                  {}
func (s *silent) say(line string)                  { fmt.Fprintln(s.w, line) }
func (s *silent) close()                           {}

// lines writes a plain line for every interval.
type lines struct {
	mu      sync.Mutex
	w       io.Writer
	total   int
	current string
}

func (l *lines) begin(i int, label string, _ time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current = fmt.Sprintf("[%d/%d] %s", i+1, l.total, label)
}

func (l *lines) point(p results.Point) {
	l.say(fmt.Sprintf("%s  %.3g s  %s", l.name(), p.TS, figures(p)))
}

func (l *lines) end(r results.Run) { l.say(l.name() + "  " + outcome(r)) }

func (l *lines) name() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}

func (l *lines) say(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.w, line)
}

func (l *lines) close() {}

// figures of one interval in words.
func figures(p results.Point) string {
	s := report.Rate(p.AchievedMsgsPerS)
	if p.AchievedMsgsPerS == 0 && p.SentMsgsPerS > 0 {
		s = "sent " + report.Rate(p.SentMsgsPerS)
	}
	for _, f := range []struct {
		name string
		ns   *int64
	}{{"p50", p.P50NS}, {"p99", p.P99NS}, {"max", p.MaxNS}, {"lag p99", p.LagP99NS}, {"receive lag p99", p.ReceiveLagP99NS}} {
		if f.ns != nil {
			s += "  " + f.name + " " + report.Duration(float64(*f.ns))
		}
	}
	return s
}

// outcome of a run in words. Why it failed is said apart.
func outcome(r results.Run) string {
	s := strings.ReplaceAll(string(r.Verdict), "_", " ")
	if r.Verdict == results.Failed { // its figures are of whatever came before
		return s
	}
	if rate := r.Throughput.AchievedMsgsPerS; rate != nil {
		s += "  " + report.Rate(*rate)
	} else if rate := r.Throughput.SentMsgsPerS; rate != nil {
		s += "  sent " + report.Rate(*rate)
	}
	l := r.Latency.Service
	if r.Latency.Response != nil {
		l = r.Latency.Response
	}
	if l != nil && l.P50NS != nil {
		s += "  p50 " + report.Duration(float64(*l.P50NS))
	}
	if l != nil && l.P99NS != nil {
		s += "  p99 " + report.Duration(float64(*l.P99NS))
	}
	if r.Verdict != results.Valid && r.Verdict != results.Failed && len(r.Reasons) > 0 {
		s += "  (" + oneLine(r.Reasons[0].Detail) + ")"
	}
	return s
}

// interactive reports whether w is a terminal that understands moving around.
func (a *app) interactive(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && cwriter.IsTerminal(int(f.Fd())) && a.getenv("TERM") != "dumb"
}

// look is how wide w is and whether it shows colours.
func (a *app) look(w io.Writer) (width int, color bool) {
	if !a.interactive(w) {
		return 0, false
	}
	width, _, err := cwriter.GetSize(int(w.(*os.File).Fd()))
	if err != nil {
		width = 0
	}
	return width, a.getenv("NO_COLOR") == ""
}
