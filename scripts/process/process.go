// Package process starts the programs that a script compares. Each is killed
// with what it has started: at its deadline, on an interrupt, and at the latest
// when the script ends.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

var (
	// ErrFailed means that a program did not do its work.
	ErrFailed = errors.New("a program failed")
	// ErrNotReady means that a service did not come up.
	ErrNotReady = errors.New("a service is not ready")
)

const (
	pipesLimit = time.Second      // how long to read on from a process that was killed
	readyLimit = 15 * time.Second // until a service says that it is ready
)

// Command is a program and how it is run.
type Command struct {
	Argv    []string
	Env     []string      // besides this process's own
	Limit   time.Duration // after which it is killed; 0: none
	Accepts int           // an exit code beside 0 with which the output counts
	Started func(*os.Process)
}

// Output runs a program to its end and gives what it printed.
func (c Command) Output(ctx context.Context) ([]byte, error) {
	// The system kills children when the thread that started them ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if c.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.Limit, fmt.Errorf("killed after %v", c.Limit))
		defer cancel()
	}
	var stdout, stderr bytes.Buffer
	cmd := c.cmd(ctx)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if c.Started != nil {
		c.Started(cmd.Process)
	}
	_ = cmd.Wait() // its state says the same
	switch code := cmd.ProcessState.ExitCode(); {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%w: %s: %w", ErrFailed, c.name(), context.Cause(ctx))
	case code != 0 && code != c.Accepts:
		return nil, fmt.Errorf("%w: %s: %v: %s", ErrFailed, c.name(), cmd.ProcessState, lastLine(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// Service is a program that goes on until it is ended.
type Service struct {
	Endpoint string // where it is, by its own word
	end      chan struct{}
	ended    chan struct{}
}

// Serve starts a program that says "ready ENDPOINT" on a line of its own.
// The caller ends it.
func (c Command) Serve(ctx context.Context) (*Service, error) {
	s := &Service{end: make(chan struct{}), ended: make(chan struct{})}
	ready := make(chan error, 1)
	go s.run(ctx, c, ready)
	if err := <-ready; err != nil {
		<-s.ended
		return nil, err
	}
	return s, nil
}

// run stays on its thread for as long as the service is to live, for it ends
// with the thread.
func (s *Service) run(ctx context.Context, c Command, ready chan<- error) {
	defer close(s.ended)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var stderr bytes.Buffer
	cmd := c.cmd(ctx)
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		_, err = cmd.StdinPipe() // some end with their standard input
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		ready <- fmt.Errorf("%w: %w", ErrNotReady, err)
		return
	}
	late := time.AfterFunc(readyLimit, cancel)
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	endpoint, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	s.Endpoint, ok = endpoint, late.Stop() && ok
	if ok {
		ready <- nil
		select {
		case <-s.end:
		case <-ctx.Done():
		}
	}
	cancel()
	_ = cmd.Wait() // it was killed
	if !ok {
		ready <- fmt.Errorf("%w: %s said %q: %s", ErrNotReady, c.name(), line, lastLine(stderr.String()))
	}
}

// End kills the service and waits until it is gone.
func (s *Service) End() {
	close(s.end)
	<-s.ended
}

func (c Command) cmd(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.WaitDelay = pipesLimit
	if c.Env != nil {
		cmd.Env = append(slices.Clone(os.Environ()), c.Env...)
	}
	OwnGroup(cmd)
	return cmd
}

func (c Command) name() string {
	return filepath.Base(c.Argv[0]) + " " + strings.Join(c.Argv[1:min(3, len(c.Argv))], " ")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
