//go:build !linux

package process

import "os/exec"

// OwnGroup does nothing here: the process alone is killed.
func OwnGroup(*exec.Cmd) {}
