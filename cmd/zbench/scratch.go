package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/shirou/gopsutil/v4/process"
)

// scratchName is that of a directory for ipc sockets: whose it is, and what
// makes it the only one.
var scratchName = regexp.MustCompile(`^zb([1-9][0-9]{0,9})-[0-9]+$`)

// makeScratch makes a directory for ipc sockets, whose paths have little room.
// Those that killed processes left behind go first.
func makeScratch() (string, error) {
	sweep(os.TempDir(), func(pid int32) bool {
		there, err := process.PidExists(pid)
		return there || err != nil
	})
	return os.MkdirTemp("", fmt.Sprintf("zb%d-*", os.Getpid()))
}

// sweep removes from dir what processes that are no more have left there. What
// cannot be removed stays: it is somebody else's, or in nobody's way.
func sweep(dir string, alive func(pid int32) bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		m := scratchName.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() {
			continue
		}
		if pid, err := strconv.ParseInt(m[1], 10, 32); err == nil && !alive(int32(pid)) {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
