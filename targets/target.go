package targets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Target is a service that runs. Its methods may be called from any goroutine.
type Target struct {
	spec    Spec
	cmd     *exec.Cmd
	log     string
	started time.Time
	ready   time.Duration // since its start
	gone    chan struct{} // closed when its first process has ended
	exit    string        // how that ended; read after gone
	after   time.Duration // when; read after gone
	scratch string        // directory of its script
	dismiss func()        // sends its guard home; nil before there is one
	stop    sync.Once
	ended   string // what Stop had to do
}

// Start starts a service whose output goes to the file log, and waits until it
// is ready. On error nothing of it is left.
func Start(ctx context.Context, s Spec, log string) (*Target, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if err := Supported(); err != nil {
		return nil, err
	}
	t := &Target{spec: s.withDefaults(), log: log, gone: make(chan struct{})}
	if err := t.vacant(); err != nil {
		return nil, err
	}
	if err := t.launch(); err != nil {
		t.clean()
		return nil, err
	}
	if err := t.await(ctx); err != nil {
		t.Stop()
		return nil, err
	}
	t.ready = time.Since(t.started)
	return t, nil
}

// launch starts the process.
func (t *Target) launch() error {
	args, err := t.arguments()
	if err != nil {
		return err
	}
	if s, err := os.Stat(t.spec.Dir); t.spec.Dir != "" && err != nil {
		return fmt.Errorf("%w: its working directory %s: %w; name one that is there", ErrStart, t.spec.Dir, cause(err))
	} else if t.spec.Dir != "" && !s.IsDir() {
		return fmt.Errorf("%w: its working directory %s is none; name a directory", ErrStart, t.spec.Dir)
	}
	out, err := os.OpenFile(t.log, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o666)
	if err != nil {
		return fmt.Errorf("%w: its output cannot be kept: %w", ErrStart, err)
	}
	defer out.Close()
	t.cmd = exec.Command(args[0], args[1:]...)
	t.cmd.Dir = t.spec.Dir
	// Python holds back what it prints to a file, and with it the line that
	// says that it is ready.
	t.cmd.Env = append(append(os.Environ(), "PYTHONUNBUFFERED=1"), t.spec.Env...)
	t.cmd.Stdout, t.cmd.Stderr = out, out // a file itself: nobody has to copy
	own(t.cmd)
	started := make(chan error)
	go t.mind(started)
	if err := <-started; err != nil {
		return fmt.Errorf("%w: %s: %w; name a program that is there, and its working directory", ErrStart, args[0], cause(err))
	}
	t.dismiss = guard(t.PID())
	return nil
}

// mind starts the process and waits for its end, all on one thread: the kernel
// signals a child when the thread that made it is gone.
func (t *Target) mind(started chan<- error) {
	runtime.LockOSThread()
	t.started = time.Now()
	err := t.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	t.exit = "exit status 0"
	if err := t.cmd.Wait(); err != nil {
		t.exit = err.Error()
	}
	t.after = time.Since(t.started)
	close(t.gone)
}

// arguments is the command with its script written.
func (t *Target) arguments() ([]string, error) {
	args := slices.Clone(t.spec.Command)
	if t.spec.Script == "" {
		return args, nil
	}
	dir, err := os.MkdirTemp("", "zbench-target")
	if err != nil {
		return nil, fmt.Errorf("%w: no place for its script: %w; set TMPDIR to a directory that can be written", ErrStart, err)
	}
	t.scratch = dir
	path := filepath.Join(dir, "script")
	if err := os.WriteFile(path, []byte(t.spec.Script+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("%w: no place for its script: %w; set TMPDIR to a directory that can be written", ErrStart, err)
	}
	marked := false
	for i, a := range args {
		marked = marked || strings.Contains(a, ScriptMark)
		args[i] = strings.ReplaceAll(a, ScriptMark, path)
	}
	if !marked {
		args = append(args, path)
	}
	return args, nil
}

// PID is the service's first process, and its process group.
func (t *Target) PID() int { return t.cmd.Process.Pid }

// ReadyAfter is how long it took to be ready.
func (t *Target) ReadyAfter() time.Duration { return t.ready }

// Gone is closed when the service's first process has ended.
func (t *Target) Gone() <-chan struct{} { return t.gone }

// Err says when and how the service died, with the last lines that it wrote;
// nil while it runs.
func (t *Target) Err() error {
	select {
	case <-t.gone:
		return fmt.Errorf("%w %.3g s after its start: %s; %s", ErrDied, t.after.Seconds(), t.exit, t.said())
	default:
		return nil
	}
}

// said is the end of what the service wrote, on one line.
func (t *Target) said() string {
	lines := lastLines(t.log)
	if len(lines) == 0 {
		return "it wrote nothing"
	}
	return "its last lines: " + strings.Join(lines, " | ")
}

// Stop ends the service and all that it started, at the latest a moment after
// its grace period. It returns how that went: "exit status 0", "killed after
// 2s". Later calls return the same.
func (t *Target) Stop() string {
	t.stop.Do(func() {
		t.ended = t.end()
		t.clean()
	})
	return t.ended
}

const (
	endEvery = 10 * time.Millisecond
	killWait = 5 * time.Second // for the kernel to take away what was killed
)

func (t *Target) end() string {
	group := t.PID()
	select {
	case <-t.gone: // by itself; what it started may still be there
		signalGroup(group, "KILL")
		return t.exit
	default:
	}
	signalGroup(group, t.spec.Stop.Signal)
	if t.emptied(t.spec.Stop.Grace) {
		return t.exit
	}
	signalGroup(group, "KILL")
	if !t.emptied(killWait) {
		return "could not be killed"
	}
	return fmt.Sprintf("killed, for it had not ended %v after SIG%s", t.spec.Stop.Grace, t.spec.Stop.Signal)
}

// emptied waits until nothing of the group runs any more.
func (t *Target) emptied(limit time.Duration) bool {
	for end := time.Now().Add(limit); ; time.Sleep(endEvery) {
		select {
		case <-t.gone:
			if !running(t.PID()) {
				return true
			}
		default:
		}
		if time.Now().After(end) {
			return false
		}
	}
}

func (t *Target) clean() {
	if t.dismiss != nil {
		t.dismiss()
	}
	if t.scratch != "" {
		os.RemoveAll(t.scratch)
	}
}

// cause is the system's word for what went wrong, without the path again.
func cause(err error) error {
	var p *fs.PathError
	var e *exec.Error
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &e):
		return e.Err
	}
	return err
}
