// Package targets starts the service under test, knows when it is ready, ends
// it with everything it started, and samples what it uses.
//
// A service is a process group of its own: a terminal's Ctrl-C does not reach
// it, and Stop ends all of it. Should zbench be killed, the kernel kills the
// service's first process, and a guard the rest. There are services of ours, and sampling,
// on Linux only.
package targets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zbench/engines"
)

// Errors of services; each is wrapped with what happened and the mend.
var (
	ErrInvalid = errors.New("target")               // the Spec contradicts itself
	ErrSystem  = errors.New("target: not on Linux") // there is no /proc, nor a signal at our death
	ErrStart   = errors.New("target did not start") // not there, or died before it was ready
	ErrReady   = errors.New("target is not ready")  // in time
	ErrDied    = errors.New("target died")          // while it was needed
)

// Spec says how to start, await and end a service.
type Spec struct {
	Command []string // the program and its arguments; ScriptMark in them is Script's path
	Script  string   // text of a file that exists while the service runs
	Env     []string // KEY=VALUE, over zbench's own
	Dir     string   // working directory; "": zbench's own
	Ready   Ready
	Stop    Stop
}

// ScriptMark stands for the path of the script. Where a command has a script
// and no mark the path is its last argument.
const ScriptMark = "{script}"

// Ready is how to know that the service can be loaded: by one of the first
// three, and where none is set at once.
type Ready struct {
	Line     string        // part of a line on its stdout or stderr
	Endpoint string        // tcp or ipc, that accepts
	After    time.Duration // since its start
	Timeout  time.Duration // 0: DefaultTimeout
}

// Stop is how to end the service: a signal to its group, and SIGKILL to what is
// left of it after the grace period.
type Stop struct {
	Signal string        // one of Signals; "": TERM
	Grace  time.Duration // 0: DefaultGrace
}

// What is taken where a Spec leaves it open.
const (
	DefaultTimeout = 10 * time.Second
	DefaultGrace   = 2 * time.Second
	DefaultSignal  = "TERM"
)

// Signals are the names that Stop.Signal may have.
func Signals() []string { return []string{"TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "KILL"} }

// Shell is a command that /bin/sh reads.
func Shell(line string) []string { return []string{"/bin/sh", "-c", line} }

// Validate refuses what cannot be done; the error is one line with the mend.
func (s *Spec) Validate() error {
	ways := 0
	for _, set := range []bool{s.Ready.Line != "", s.Ready.Endpoint != "", s.Ready.After > 0} {
		if set {
			ways++
		}
	}
	switch {
	case len(s.Command) == 0 || s.Command[0] == "":
		return fmt.Errorf("%w: no command; name the program and its arguments", ErrInvalid)
	case ways > 1:
		return fmt.Errorf("%w: ready has more than one of line, endpoint and after; keep one", ErrInvalid)
	case s.Ready.Timeout < 0 || s.Ready.After < 0 || s.Stop.Grace < 0:
		return fmt.Errorf("%w: a time is negative; write it like 500ms or 10s", ErrInvalid)
	case s.Stop.Signal != "" && !slices.Contains(Signals(), s.Stop.Signal):
		return fmt.Errorf("%w: unknown signal %q; there are %s", ErrInvalid, s.Stop.Signal, strings.Join(Signals(), ", "))
	case s.Script == "" && slices.ContainsFunc(s.Command, func(a string) bool { return strings.Contains(a, ScriptMark) }):
		return fmt.Errorf("%w: the command names %s and there is none; add the key script", ErrInvalid, ScriptMark)
	}
	if s.Ready.Endpoint == "" {
		return nil
	}
	transport, _, err := engines.ParseEndpoint(s.Ready.Endpoint)
	if err != nil {
		return fmt.Errorf("%w: ready: %w", ErrInvalid, err)
	}
	if transport == "inproc" {
		return fmt.Errorf("%w: ready: nobody outside sees %s; name a tcp or ipc endpoint", ErrInvalid, s.Ready.Endpoint)
	}
	return nil
}

// withDefaults fills in what was left open.
func (s Spec) withDefaults() Spec {
	if s.Ready.Timeout == 0 {
		s.Ready.Timeout = max(DefaultTimeout, 2*s.Ready.After)
	}
	if s.Stop.Grace == 0 {
		s.Stop.Grace = DefaultGrace
	}
	if s.Stop.Signal == "" {
		s.Stop.Signal = DefaultSignal
	}
	return s
}
