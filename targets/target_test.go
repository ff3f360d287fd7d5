//go:build linux

package targets

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T, s Spec) (*Target, string, error) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "target.log")
	target, err := Start(context.Background(), s, log)
	if err == nil {
		t.Cleanup(func() { target.Stop() })
	}
	return target, log, err
}

// TestReady: a service is ready by its line, its endpoint or a delay.
func TestReady(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	for _, c := range []struct {
		name, what string
		ready      Ready
	}{
		{"line", "say=warming complain=now-ready wait", Ready{Line: "ready"}},
		{"endpoint", "listen=" + address + " wait", Ready{Endpoint: "tcp://" + address}},
		{"delay", "wait", Ready{After: 20 * time.Millisecond}},
		{"at once", "wait", Ready{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			target, _, err := start(t, fake(t, c.what, func(s *Spec) { s.Ready = c.ready; s.Ready.Timeout = 20 * time.Second }))
			if err != nil {
				t.Fatal(err)
			}
			if err := target.Err(); err != nil || target.ReadyAfter() < c.ready.After {
				t.Errorf("%v after %v", err, target.ReadyAfter())
			}
			if got := target.Stop(); got != "signal: terminated" {
				t.Errorf("stopped: %s", got)
			}
			if running(target.PID()) {
				t.Error("it still runs")
			}
		})
	}
}

// TestNotReady: what never gets ready is ended, and the error has its words.
func TestNotReady(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name   string
		spec   Spec
		want   error
		detail string
	}{
		{"dies", fake(t, "complain=no-such-thing exit=xxx", func(s *Spec) { s.Ready.Line = "ready" }), ErrStart, "exit status 3"},
		{"says why", fake(t, "complain=no-such-thing exit=xxx", func(s *Spec) { s.Ready.Line = "ready" }), ErrStart, "its last lines: no-such-thing"},
		{"silent", fake(t, "wait", func(s *Spec) { s.Ready = Ready{Line: "ready", Timeout: 50 * time.Millisecond} }), ErrReady, `no line with "ready" within 50ms`},
		{"no program", Spec{Command: []string{"/no/such/program"}}, ErrStart, "no such file or directory"},
		{"no directory", fake(t, "wait", func(s *Spec) { s.Dir = "/no/such/dir" }), ErrStart, "working directory /no/such/dir: no such file or directory"},
		{"taken", fake(t, "wait", func(s *Spec) { s.Ready.Endpoint = "tcp://" + taken.Addr().String() }), ErrStart, "somebody listens at"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := start(t, c.spec)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.detail) {
				t.Errorf("%v, want %v and %q", err, c.want, c.detail)
			}
		})
	}
}

// TestStopEndsAll: a service that ignores the signal is killed, and so is what
// it started.
func TestStopEndsAll(t *testing.T) {
	target, log, err := start(t, fake(t, "deaf child wait", func(s *Spec) {
		s.Ready.Line, s.Stop.Grace = "child:", 100*time.Millisecond
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := target.Stop(); !strings.HasPrefix(got, "killed") {
		t.Errorf("stopped: %s", got)
	}
	if running(target.PID()) {
		t.Error("some of it still runs")
	}
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "child:") {
		t.Errorf("log %q, %v", text, err)
	}
}

// TestOrphans: what the service started ends with it, also where the service
// itself is long gone.
func TestOrphans(t *testing.T) {
	target, _, err := start(t, fake(t, "say=ready child burn exit=x", func(s *Spec) { s.Ready.Line = "ready" }))
	if err != nil {
		t.Fatal(err)
	}
	<-target.Gone()
	target.Stop()
	for end := time.Now().Add(20 * time.Second); running(target.PID()); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("some of it still runs")
		}
	}
}

// TestDied: a service that dies says when, how and what it wrote last.
func TestDied(t *testing.T) {
	target, _, err := start(t, fake(t, "say=ready burn complain=boom exit=xx", func(s *Spec) { s.Ready.Line = "ready" }))
	if err != nil {
		t.Fatal(err)
	}
	<-target.Gone()
	err = target.Err()
	if !errors.Is(err, ErrDied) || !strings.Contains(err.Error(), "exit status 2; its last lines: ready | boom") {
		t.Error(err)
	}
	if got := target.Stop(); got != "exit status 2" {
		t.Errorf("stopped: %s", got)
	}
}

// TestScript: the script is a file while the service runs, and none after.
func TestScript(t *testing.T) {
	target, log, err := start(t, Spec{
		Command: Shell("echo at {script}; . {script}; sleep 60"), Script: "echo from the script",
		Ready: Ready{Line: "from the script", Timeout: 20 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(log)
	path := strings.TrimPrefix(strings.SplitN(string(text), "\n", 2)[0], "at ")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	target.Stop()
	if _, err := os.Stat(path); err == nil {
		t.Errorf("%s is still there", path)
	}
}

// TestDiesWithUs: a service and what it started do not outlive a zbench that is
// killed. The child that starts it here stands for zbench.
func TestDiesWithUs(t *testing.T) {
	if os.Getenv("ZBENCH_TEST_PARENT") != "" {
		target, _, err := start(t, fake(t, "child wait", func(s *Spec) { s.Ready.Line = "child:" }))
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(os.Getenv("ZBENCH_TEST_PARENT"), []byte(strconv.Itoa(target.PID())), 0o600)
		select {}
	}
	note := filepath.Join(t.TempDir(), "pid")
	parent := exec.Command(os.Args[0], "-test.run", "^TestDiesWithUs$", "-test.timeout", "60s")
	parent.Env = append(os.Environ(), "ZBENCH_TEST_PARENT="+note)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	for end := time.Now().Add(30 * time.Second); pid == 0 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(note)
		pid, _ = strconv.Atoi(string(text))
	}
	if pid == 0 || !running(pid) {
		t.Errorf("service %d does not run", pid)
	}
	parent.Process.Kill()
	parent.Wait()
	for end := time.Now().Add(20 * time.Second); running(pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it still runs")
		}
	}
}
