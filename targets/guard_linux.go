package targets

import (
	"os/exec"
	"strconv"
	"syscall"
)

// guard starts a shell that kills the group when zbench is gone, however that
// came: then the pipe that it reads from ends. The kernel's own signal reaches
// the first process of the group alone. The returned function sends it home.
// Without a shell there is no guard.
func guard(group int) (dismiss func()) {
	c := exec.Command("/bin/sh", "-c", "read _; kill -KILL -"+strconv.Itoa(group))
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a terminal's Ctrl-C is not for it
	pipe, err := c.StdinPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		return func() {}
	}
	return func() { // it must end before its pipe does, or it would kill
		_ = c.Process.Kill()
		_ = c.Wait() // that it was killed is no news
		pipe.Close()
	}
}
