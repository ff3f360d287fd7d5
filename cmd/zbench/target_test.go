//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"zbench/drivers"
	"zbench/results"
)

// withTarget is a scenario whose service is a shell.
func withTarget(t *testing.T, target string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "served.yaml")
	text := "matrix: {pattern: req-rep, connect: 'tcp://127.0.0.1:1', duration: 1s}\ntarget:\n" + target
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestTarget: the service is there while its run is made and gone after, and
// the result has what it used and where its words are.
func TestTarget(t *testing.T) {
	t.Chdir(t.TempDir())
	alive := 0
	name := withTarget(t, "  command: 'echo up; exec sleep 60'\n  ready: {line: up}\n")
	r := zbenchWith(t, context.Background(), func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
		s.Target.Begin(0)
		time.Sleep(20 * time.Millisecond)
		s.Target.End(10)
		alive++
		return made(s, results.Valid), nil
	}, "run", name, "--runs", "2", "--out", "out")
	if r.code != exitOK || alive != 2 {
		t.Fatalf("exit %d, %d runs\n%s", r.code, alive, r.stderr)
	}
	f, err := results.Read("out")
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range f.Runs {
		last := run.Resources[len(run.Resources)-1]
		if last.Side != "target" || last.MaxRSSBytes == 0 || len(last.Series) == 0 {
			t.Errorf("resources %+v", last)
		}
		if run.Target == nil || run.Target.Ended != "signal: terminated" || syscall.Kill(run.Target.PID, 0) == nil {
			t.Errorf("target %+v", run.Target)
		}
		if text, err := os.ReadFile(filepath.Join("out", run.Target.Log)); err != nil || string(text) != "up\n" {
			t.Errorf("log %q, %v", text, err)
		}
	}
	if again := zbench(t, "run", name, "--out", "out"); again.code != exitUsage {
		t.Errorf("it wrote over results: exit %d", again.code)
	}
}

// TestTargetFails: a service that does not start, or dies, is why the run
// failed, with its own words.
func TestTargetFails(t *testing.T) {
	for _, c := range []struct{ name, target, want string }{
		{"no program", "  command: [no-such-program]\n", "no-such-program: executable file not found"},
		{"dies at once", "  command: 'echo cannot bind >&2; exit 3'\n  ready: {line: up}\n", "exit status 3 after"},
		{"its words", "  command: 'echo cannot bind >&2; exit 3'\n  ready: {line: up}\n", "its last lines: cannot bind"},
		{"never ready", "  command: sleep 60\n  ready: {line: up, timeout: 50ms}\n", `no line with "up" within 50ms`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			r := zbenchWith(t, context.Background(), func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
				return made(s, results.Valid), nil
			}, "run", withTarget(t, c.target), "--out", "out")
			if r.code != exitFailed || !strings.Contains(r.stderr, c.want) {
				t.Errorf("exit %d\n%s", r.code, r.stderr)
			}
			f, err := results.Read("out")
			if err != nil || len(f.Runs) != 1 || f.Runs[0].Verdict != results.Failed {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
}

// TestTargetDies: a run whose service dies ends at once, and says why.
func TestTargetDies(t *testing.T) {
	t.Chdir(t.TempDir())
	name := withTarget(t, "  command: 'echo up; sleep 0.05; echo out of ideas; exit 4'\n  ready: {line: up}\n")
	var stdout, stderr bytes.Buffer
	a := newApp(strings.NewReader(""), &stdout, &stderr)
	a.makeRun = func(ctx context.Context, s drivers.Setup, _ drivers.Output) (results.Run, error) {
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Second):
			t.Error("nobody ended the run")
		}
		return made(s, results.Interrupted), nil
	}
	code := run(context.Background(), a, []string{"run", name, "--out", "out"})
	if code != exitFailed || !strings.Contains(stderr.String(), "exit status 4; its last lines: up | out of ideas") {
		t.Errorf("exit %d\n%s", code, stderr.String())
	}
	f, err := results.Read("out")
	if err != nil || len(f.Runs) != 1 || f.Runs[0].Verdict != results.Failed {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestTargetCleanedUp: the service ends with an interrupt, and with a panic.
func TestTargetCleanedUp(t *testing.T) {
	for _, how := range []string{"interrupt", "panic"} {
		t.Run(how, func(t *testing.T) {
			t.Chdir(t.TempDir())
			name := withTarget(t, "  command: 'echo $$ > pid; echo up; exec sleep 60'\n  ready: {line: up}\n")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			zbenchWith(t, ctx, func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
				if how == "panic" {
					panic("a bug")
				}
				cancel()
				return made(s, results.Interrupted), nil
			}, "run", name, "--out", "out")
			text, err := os.ReadFile("pid")
			if err != nil {
				t.Fatal(err)
			}
			var pid int
			fmt.Sscan(string(text), &pid)
			if pid == 0 || syscall.Kill(pid, 0) == nil {
				t.Errorf("service %d still runs", pid)
			}
		})
	}
}
