package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"zbench/results"
)

// hold is a run in which SIGSTOP holds one process still for a while.
type hold struct {
	generator bool     // hold the generator, not the server
	load      []string // flags of the generator
	after     time.Duration
	length    time.Duration
}

// run runs the load and, unless it has none, the server beside it.
func (h *hold) run() (r results.Run, err error) {
	dir, err := os.MkdirTemp("", "truth")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "zbench")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/zbench").CombinedOutput(); err != nil {
		return r, fmt.Errorf("go build ./cmd/zbench: %w: %s", err, out)
	}
	result := filepath.Join(dir, "run.json")
	load := exec.Command(program, append([]string{"run", "--quiet", "--out", filepath.Join(dir, "out"), "--json", result}, h.load...)...)
	held := load
	if !h.generator {
		endpoint, err := freeEndpoint()
		if err != nil {
			return r, err
		}
		held = exec.Command(program, "serve", "echo", "--quiet", "--pattern", "dealer-router", "--engine", "zmtp", "--bind", endpoint)
		if err := held.Start(); err != nil {
			return r, err
		}
		defer func() { _ = held.Process.Kill(); _ = held.Wait() }() // it has no other end
		load.Args = append(load.Args, "--connect", endpoint)
	}
	if err := load.Start(); err != nil {
		return r, err
	}
	time.Sleep(h.after)
	if err := held.Process.Signal(syscall.SIGSTOP); err != nil {
		return r, err
	}
	time.Sleep(h.length)
	if err := held.Process.Signal(syscall.SIGCONT); err != nil {
		return r, err
	}
	if err := load.Wait(); err != nil && load.ProcessState.ExitCode() != 3 { // 3: not valid, which is judged here
		return r, fmt.Errorf("zbench run: %w", err)
	}
	b, err := os.ReadFile(result)
	if err != nil {
		return r, err
	}
	var f results.File
	if err := json.Unmarshal(b, &f); err != nil || len(f.Runs) != 1 {
		return r, fmt.Errorf("%s: %d runs: %w", result, len(f.Runs), err)
	}
	return f.Runs[0], nil
}

// freeEndpoint is one that nobody listened on a moment ago.
func freeEndpoint() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return "tcp://" + l.Addr().String(), nil
}
