package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zbench/drivers"
	"zbench/results"
)

var twoCells = []string{"run", "--engine", "null", "--pattern", "req-rep,pair", "--duration", "1s"}

// TestExitCodes: what came of the runs decides, the gravest first.
func TestExitCodes(t *testing.T) {
	threshold := "matrix: {engine: 'null', pattern: 'req-rep, pair'}\nthresholds: "
	for _, c := range []struct {
		name       string
		scenario   string
		make       func(s drivers.Setup) (results.Run, error)
		code       int
		stderrSays string
	}{
		{"all valid", "", func(s drivers.Setup) (results.Run, error) { return made(s, results.Valid), nil }, exitOK, "req-rep tcp 64 B  valid  1.00 k/s  p50 30.0 µs"},
		{"one not valid", "", func(s drivers.Setup) (results.Run, error) {
			return made(s, map[string]results.Verdict{"pair": results.Lossy, "req-rep": results.Valid}[s.Cell.Pattern]), nil
		}, exitNotValid, "lossy  1.00 k/s  p50 30.0 µs  (because of lossy)"},
		{"one failed", "", func(s drivers.Setup) (results.Run, error) {
			if s.Cell.Pattern == "pair" {
				return made(s, results.Failed), errors.New("bind tcp://127.0.0.1:1: address in use;\nchoose another")
			}
			return made(s, results.Lossy), nil
		}, exitFailed, "pair tcp 64 B: bind tcp://127.0.0.1:1: address in use; choose another\n"},
		{"failed without an error", "", func(s drivers.Setup) (results.Run, error) { return made(s, results.Failed), nil }, exitFailed, "because of failed"},
		{"an error without a run", "", func(s drivers.Setup) (results.Run, error) { return results.Run{}, errors.New("nothing came") }, exitFailed, "nothing came"},
		{"threshold met", threshold + "lost == 0\n", func(s drivers.Setup) (results.Run, error) { return made(s, results.Valid), nil }, exitOK, ""},
		{"threshold failed", threshold + "[lost == 0, service.p50 < 1us]\n", func(s drivers.Setup) (results.Run, error) { return made(s, results.Valid), nil }, exitWorse, ""},
		{"threshold inconclusive", threshold + "service.p99 < 1s\n", func(s drivers.Setup) (results.Run, error) { return made(s, results.Valid), nil }, exitInconclusive, ""},
		{"failed before inconclusive", threshold + "[service.p99 < 1s, lost > 0]\n", func(s drivers.Setup) (results.Run, error) { return made(s, results.Valid), nil }, exitWorse, ""},
		{"not valid before worse", threshold + "lost > 0\n", func(s drivers.Setup) (results.Run, error) { return made(s, results.Drifting), nil }, exitNotValid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			args := twoCells
			if c.scenario != "" {
				if err := os.WriteFile("s.yaml", []byte(c.scenario), 0o600); err != nil {
					t.Fatal(err)
				}
				args = []string{"run", "s.yaml"}
			}
			r := zbenchWith(t, context.Background(), func(s drivers.Setup, _ drivers.Output) (results.Run, error) { return c.make(s) },
				append(slices.Clone(args), "--out", "out")...)
			if r.code != c.code || !strings.Contains(r.stderr, c.stderrSays) {
				t.Errorf("exit %d, want %d\n%s", r.code, c.code, r.stderr)
			}
			stored, err := results.Read("out")
			if err != nil || len(stored.Runs) != 2 {
				t.Errorf("stored %v, %v", stored, err)
			}
			again := zbench(t, "report", "out")
			if want := map[int]int{exitFailed: exitNotValid}[c.code] | map[bool]int{true: c.code}[c.code != exitFailed]; again.code != want {
				t.Errorf("the report exits with %d, want %d\n%s", again.code, want, again.stderr)
			}
		})
	}
}

// TestInterrupted: the run under way is saved, no other is begun.
func TestInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	count := 0
	r := zbenchWith(t, ctx, func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
		count++
		cancel()
		return made(s, results.Interrupted), nil
	}, append(slices.Clone(twoCells), "--out", "out", "--quiet")...)
	if r.code != exitInterrupted || count != 1 || !strings.Contains(r.stderr, "zbench: interrupted in run 1 of 2; what was measured is saved in out\n") {
		t.Errorf("exit %d after %d runs\n%s", r.code, count, r.stderr)
	}
	stored, err := results.Read("out")
	if err != nil || len(stored.Runs) != 1 || stored.Runs[0].Verdict != results.Interrupted {
		t.Errorf("stored %+v, %v", stored, err)
	}
}

// TestPanic: one line, no stack.
func TestPanic(t *testing.T) {
	t.Chdir(t.TempDir())
	r := zbenchWith(t, context.Background(), func(drivers.Setup, drivers.Output) (results.Run, error) { panic("out of\nluck") },
		append(slices.Clone(twoCells), "--quiet")...)
	if r.code != exitFailed || !strings.HasPrefix(r.stderr, "zbench: internal error: out of luck; ") || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("exit %d\n%s", r.code, r.stderr)
	}
}

// TestStreams: results on stdout, everything else on stderr.
func TestStreams(t *testing.T) {
	valid := func(s drivers.Setup, o drivers.Output) (results.Run, error) {
		p := int64(40_000)
		o.OnInterval(results.Point{TS: 1, AchievedMsgsPerS: 1000, P50NS: &p})
		return made(s, results.Valid), nil
	}
	for _, c := range []struct {
		name, args            string
		stdoutJSON, progress  bool
		stdoutEmpty, fileJSON bool
	}{
		{name: "plain", args: "", progress: true},
		{name: "quiet", args: "--quiet"},
		{name: "json on stdout", args: "--json -", stdoutJSON: true, progress: true},
		{name: "json on stdout, quiet", args: "--json - --quiet", stdoutJSON: true},
		{name: "json in a file", args: "--json x.json", progress: true, fileJSON: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			r := zbenchWith(t, context.Background(), valid, append(slices.Clone(twoCells), strings.Fields(c.args)...)...)
			if r.code != exitOK {
				t.Fatalf("exit %d\n%s", r.code, r.stderr)
			}
			if strings.Contains(r.stderr, "pair tcp 64 B  1 s  1.00 k/s  p50 40.0 µs") != c.progress {
				t.Errorf("progress:\n%s", r.stderr)
			}
			document := []byte(r.stdout)
			if c.fileJSON {
				var err error
				if document, err = os.ReadFile("x.json"); err != nil {
					t.Fatal(err)
				}
			}
			var f results.File
			err := json.Unmarshal(document, &f)
			if (c.stdoutJSON || c.fileJSON) && (err != nil || f.Schema != results.Schema || len(f.Runs) != 2) {
				t.Errorf("%v, %+v", err, f)
			}
			if !c.stdoutJSON && err == nil && !c.fileJSON {
				t.Error("stdout is the document")
			}
			dir := filepath.Join("zbench-results", "cells-20250102T030405Z")
			for _, name := range []string{"result.json", "report.md"} {
				if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
					t.Error(err)
				}
			}
			stored, err := os.ReadFile(filepath.Join(dir, "result.json"))
			if c.stdoutJSON && (err != nil || string(stored) != r.stdout) {
				t.Error("stdout is another document than result.json")
			}
		})
	}
}

// TestOverwrite: results are replaced only when asked for.
func TestOverwrite(t *testing.T) {
	t.Chdir(t.TempDir())
	valid := func(s drivers.Setup, _ drivers.Output) (results.Run, error) { return made(s, results.Valid), nil }
	args := append(slices.Clone(twoCells), "--out", "out")
	for i, want := range []int{exitOK, exitUsage, exitOK} {
		if i == 2 {
			args = append(args, "--overwrite")
		}
		if r := zbenchWith(t, context.Background(), valid, args...); r.code != want {
			t.Errorf("%d: exit %d, want %d\n%s", i, r.code, want, r.stderr)
		} else if want == exitUsage && !strings.Contains(r.stderr, "--overwrite") {
			t.Errorf("no mend: %s", r.stderr)
		}
	}
}

// TestSetups: every run has its own id, its repeat and the seed of it, and the
// engines of its cell.
func TestSetups(t *testing.T) {
	t.Chdir(t.TempDir())
	ids := map[string]bool{}
	r := zbenchWith(t, context.Background(), func(s drivers.Setup, o drivers.Output) (results.Run, error) {
		ids[s.ID] = true
		if s.Load != s.Peer || s.Load.Name() != "null" || s.Scratch == "" || o.Log == nil || s.Environment.Engines["null"] == "" {
			t.Errorf("setup %+v", s)
		}
		if s.Repeat == 1 && s.Seed != 9 || s.Repeat == 2 && s.Seed == 9 {
			t.Errorf("repeat %d has seed %d", s.Repeat, s.Seed)
		}
		return made(s, results.Valid), nil
	}, append(slices.Clone(twoCells), "--runs", "2", "--seed", "9", "--quiet")...)
	if r.code != exitOK || len(ids) != 4 {
		t.Errorf("exit %d, runs %v\n%s", r.code, ids, r.stderr)
	}
}
