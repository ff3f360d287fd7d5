package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestSweep: only our own names, only directories, only of the dead.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	const dead, living = 4001, 4002
	stays := map[string]bool{
		fmt.Sprintf("zb%d-123", dead):   false,
		fmt.Sprintf("zb%d-123", living): true,
		fmt.Sprintf("zb%d", dead):       true,
		fmt.Sprintf("zb%d-x", dead):     true,
		fmt.Sprintf("xzb%d-1", dead):    true,
		"zb99999999999-1":               true,
		"zb0-1":                         true,
	}
	for name := range stays {
		if err := os.MkdirAll(filepath.Join(dir, name, "in"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, fmt.Sprintf("zb%d-9", dead))
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep(dir, func(pid int32) bool { return pid != dead })
	for name, want := range stays {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestScratchIsNamedAfterItsProcess(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir, err := makeScratch()
	if err != nil {
		t.Fatal(err)
	}
	if m := scratchName.FindStringSubmatch(filepath.Base(dir)); m == nil || m[1] != fmt.Sprint(os.Getpid()) {
		t.Errorf("scratch %s", dir)
	}
	again, err := makeScratch()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil || again == dir {
		t.Errorf("a living process lost its directory: %v", err)
	}
}
