package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup puts a process into a group of its own, which is killed with it,
// and at the latest when the thread that starts it has ended.
func OwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
