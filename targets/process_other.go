//go:build !linux

package targets

import (
	"fmt"
	"os/exec"
)

// Supported is nil where services can be started and sampled, which is on
// Linux; else it wraps ErrSystem.
func Supported() error {
	return fmt.Errorf("%w: zbench cannot be sure to end a service here; start it by hand, and leave target: out", ErrSystem)
}

func own(*exec.Cmd) {}

func guard(int) (dismiss func()) { return func() {} }

func signalGroup(int, string) {}

func running(int) bool { return false }
