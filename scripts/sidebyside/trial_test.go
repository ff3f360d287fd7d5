package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zbench/scripts/spread"
)

const testLimit = 60 * time.Second

// quickExit spares processes with the race detector their second at the end.
func quickExit(t *testing.T) { t.Setenv("GORACE", "atexit_sleep_ms=0") }

// TestPlainTrials runs both sides in processes of their own.
func TestPlainTrials(t *testing.T) {
	quickExit(t)
	p := plainSide{program: os.Args[0]}
	places := &places{dir: t.TempDir()}
	for _, c := range cells() {
		if !p.plays(c) || c.paced() {
			continue
		}
		endpoint, err := places.next(c.transport)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.trial(c, endpoint, amount{count: 3000}).run(t.Context(), testLimit)
		if err != nil || f.messages != 3000 || f.values[c.measures[0].metric] <= 0 {
			t.Errorf("%s: %+v, %v", c.name, f, err)
		}
	}
}

// script is a side that is a shell's.
func script(text string) command { return command{argv: []string{"/bin/sh", "-c", text}} }

func TestTrialEnds(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	endless := script("trap 'echo messages=3 rate_msgs_per_s=9; exit 9' INT; : >" + ready + "; while :; do sleep 0.01; done")
	endless.endless = true
	awaiting := script("while [ ! -e " + ready + " ]; do sleep 0.01; done; echo messages=2 rate_msgs_per_s=4")
	done := script("echo messages=2 rate_msgs_per_s=4")
	doubtful := script("echo messages=2 rate_msgs_per_s=4; exit 3")
	doubtful.accepts = 3
	late := script("sleep 60")
	tests := []struct {
		name     string
		sides    []command
		measures int
		value    float64
		err      error
	}{
		{"both end", []command{script("exit 0"), done}, 1, 4, nil},
		{"the exit code counts", []command{doubtful}, 0, 4, nil},
		{"one is told to end", []command{endless, awaiting}, 1, 4, nil},
		{"the one told measures", []command{endless, awaiting}, 0, 9, nil},
		{"one fails", []command{late, script("echo no >&2; exit 1")}, 0, 0, errSide},
		{"one is not there", []command{late, {argv: []string{"/nowhere/to/be/found"}}}, 0, 0, errSide},
		{"no figure", []command{script("echo nothing")}, 0, 0, errOutput},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_ = os.Remove(ready) // of the case before
			tr := trial{sides: tt.sides, measures: tt.measures, read: fieldReader(rate)}
			f, err := tr.run(t.Context(), testLimit)
			if f.values[rate] != tt.value || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
}

// TestTrialIsKilled ends trials whose processes do not end, with what they
// have started.
func TestTrialIsKilled(t *testing.T) {
	stubborn := trial{sides: []command{script("trap '' INT TERM; sleep 60 & wait; sleep 60")}, read: fieldReader(rate)}
	if _, err := stubborn.run(t.Context(), 200*time.Millisecond); !errors.Is(err, errTime) {
		t.Errorf("after its limit: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	if _, err := stubborn.run(ctx, testLimit); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt: %v", err)
	}
}

// TestBench makes rounds with a contender that always fails beside one that
// does not.
func TestBench(t *testing.T) {
	quickExit(t)
	c, _ := chooseCells("push-pull-ipc")
	var progress, shown strings.Builder
	b := bench{
		cell: c[0], contenders: []contender{plainSide{program: os.Args[0]}, engine{program: "/bin/false", contender: subject, engine: subject}},
		rounds: 3, duration: 20 * time.Millisecond, places: &places{dir: t.TempDir()}, progress: &progress,
	}
	m := b.measure(t.Context())
	if got := spread.Of(m.find("plain").values[rate]); got.N != 3 {
		t.Errorf("plain: %+v\n%s", got, progress.String())
	}
	if s := m.find(subject); spread.Of(s.values[rate]).N != 0 || s.failures != maxFailures || len(s.values[rate]) != 3 {
		t.Errorf("%s: %+v", subject, s)
	}
	doc := newDocument(options{rounds: 3}, readHost(), b.contenders)
	doc.add(m)
	path := t.TempDir() + "/all.json"
	if err := doc.save(path); err != nil {
		t.Fatal(err)
	}
	writeHead(&shown, doc)
	writeCell(&shown, m)
	for _, want := range []string{"push-pull-ipc-64B", "× plain", "zmtp: round 1: a side failed"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("no %q in\n%s", want, shown.String())
		}
	}
}

// TestPacedTrials lets the plain client load the plain server, both of this
// program.
func TestPacedTrials(t *testing.T) {
	quickExit(t)
	places := &places{dir: t.TempDir()}
	for _, c := range cells() {
		if !c.paced() || c.perS < 10_000 {
			continue
		}
		endpoint, err := places.next(c.transport)
		if err != nil {
			t.Fatal(err)
		}
		tr := pacedTrial(c, endpoint, amount{duration: 20 * time.Millisecond}, os.Args[0], os.Args[0], wireCommand)
		tr.sides[0].argv = slices.Insert(tr.sides[0].argv, 1, wireCommand)
		f, err := tr.run(t.Context(), testLimit)
		if err != nil || f.messages != pacedLeast || f.values[pacedP50] <= 0 || f.values[pacedP99] < f.values[pacedP50] {
			t.Errorf("%s: %+v, %v", c.name, f, err)
		}
	}
}
