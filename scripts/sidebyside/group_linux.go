package main

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a process into a group of its own, which is killed with it,
// and at the latest when this process is gone.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
