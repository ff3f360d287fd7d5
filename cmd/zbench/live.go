package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"zbench/drivers"
	"zbench/report"
	"zbench/results"
)

// live says on stderr what a service does: a line a second, on a terminal
// always the same one. Its methods may be called from several goroutines.
type live struct {
	mu      sync.Mutex
	w       io.Writer
	quiet   bool
	inPlace bool
	written bool // a line that the next one replaces
	last    drivers.Tick
	figures string // of the latest interval, of a sink
}

func (a *app) live(s *serving) *live {
	return &live{w: a.stderr, quiet: s.options.quiet, inPlace: a.interactive(a.stderr)}
}

func (l *live) ready(bound []string) {
	if l.quiet {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(bound) > 0 {
		fmt.Fprintln(l.w, "ready at", strings.Join(bound, ", "))
		return
	}
	fmt.Fprintln(l.w, "ready")
}

// point keeps the percentiles of an interval for the next line.
func (l *live) point(p results.Point) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.figures = ""
	if p.P50NS != nil {
		_, l.figures, _ = strings.Cut(figures(p), "  ")
	}
}

func (l *live) tick(t drivers.Tick) {
	if l.quiet {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	rate := float64(t.Messages-min(l.last.Messages, t.Messages)) / max(1e-3, (t.Elapsed-l.last.Elapsed).Seconds())
	l.last = t
	said := []string{t.Elapsed.Truncate(time.Second / 10).String(), report.Rate(rate), fmt.Sprintf("%d messages", t.Messages)}
	if t.Peers >= 0 {
		said = append(said, plural(t.Peers, "peer"))
	}
	if t.Errors > 0 {
		said = append(said, fmt.Sprintf("%d errors", t.Errors))
	}
	if l.figures != "" {
		said = append(said, l.figures)
	}
	line := strings.Join(said, "  ")
	if l.inPlace {
		fmt.Fprint(l.w, "\r\x1b[K"+line)
		l.written = true
		return
	}
	fmt.Fprintln(l.w, line)
}

// close ends the line that was left open.
func (l *live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.written {
		fmt.Fprintln(l.w)
		l.written = false
	}
}
