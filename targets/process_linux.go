package targets

import (
	"os/exec"
	"syscall"
)

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT,
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2, "KILL": syscall.SIGKILL,
}

// own gives a command a process group, and makes the kernel kill it when the
// thread that starts it ends.
func own(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return nil
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
