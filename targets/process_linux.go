package targets

import (
	"os/exec"
	"syscall"
)

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT,
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2, "KILL": syscall.SIGKILL,
}

// Supported is nil where services can be started and sampled.
func Supported() error { return nil }

// own gives a command a process group, and makes the kernel kill it when the
// thread that starts it ends.
func own(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// signalGroup sends a signal to all of a group that still runs.
func signalGroup(group int, name string) {
	if running(group) {
		// It fails where the last one has just ended, which is as well.
		_ = syscall.Kill(-group, signals[name])
	}
}

// running reports whether anything of the group runs. What has ended and waits
// to be taken notice of does not.
func running(group int) bool {
	for _, p := range processes() {
		if p.group == group && p.state != 'Z' && p.state != 'X' {
			return true
		}
	}
	return false
}
