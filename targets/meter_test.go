//go:build linux

package targets

import (
	"os"
	"testing"
	"time"
)

// TestMeter: what a service uses is counted over all its processes.
func TestMeter(t *testing.T) {
	target, _, err := start(t, fake(t, "child burn say=ready burn wait", func(s *Spec) { s.Ready.Line = "ready" }))
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMeter(target.PID())
	if err != nil {
		t.Fatal(err)
	}
	m.Begin(2 * time.Second)
	time.Sleep(300 * time.Millisecond)
	m.End(10)
	r, ok := m.Resources()
	if !ok || r.Side != "target" || r.CPUNSPerMsg <= 0 || r.MaxRSSBytes == 0 || len(r.Series) == 0 {
		t.Fatalf("%+v", r)
	}
	if r.MaxThreads < 4 {
		t.Errorf("%d threads of two Go programs", r.MaxThreads)
	}
	if p := r.Series[0]; p.TS < 2.3 || p.CPUCores <= 0 || p.RSSBytes == 0 {
		t.Errorf("%+v", p)
	}
}

// TestMeterOutlives: a service that ends while it is measured is no error, and
// what is not there is one.
func TestMeterOutlives(t *testing.T) {
	target, _, err := start(t, fake(t, "wait", nil))
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMeter(target.PID())
	if err != nil {
		t.Fatal(err)
	}
	m.Begin(0)
	target.Stop()
	m.End(0)
	if r, ok := m.Resources(); ok {
		t.Errorf("%+v", r)
	}
	if _, err := NewMeter(target.PID()); err == nil {
		t.Error("a meter of nothing")
	}
}

func TestParseStat(t *testing.T) {
	for text, want := range map[string]process{
		"7 (a) S 1 5 5 0":            {7, 1, 5, 'S'},
		"7 (a b) c) ) R 2 6 6 0 -1 ": {7, 2, 6, 'R'},
	} {
		if p, ok := parseStat(7, []byte(text)); !ok || p != want {
			t.Errorf("%q: %+v", text, p)
		}
	}
	own, ok := process{}, false
	for _, p := range processes() {
		if p.pid == os.Getpid() {
			own, ok = p, true
		}
	}
	if !ok || own.parent != os.Getppid() {
		t.Errorf("own process: %+v", own)
	}
}

func FuzzParseStat(f *testing.F) {
	for _, s := range []string{"", "1", ") (", "1 (x) S 1 1", "1 (x) SS 1 1", "1 (x) S x 1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, ok := parseStat(3, text); ok && p.pid != 3 {
			t.Errorf("%+v", p)
		}
	})
}
