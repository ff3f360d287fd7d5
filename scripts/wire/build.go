package wire

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed c/*.c c/*.h
var sources embed.FS

// ErrBuild is what to do where the program in C cannot be built.
var ErrBuild = errors.New("the plain programs in C cannot be built; install a compiler: apt-get update && apt-get install -y gcc libc6-dev")

// Build compiles the program in C into dir, which is there and is this
// program's own. It needs Linux.
func Build(ctx context.Context, dir string) (program string, err error) {
	dir = filepath.Join(dir, "wire")
	if err := os.CopyFS(dir, sources); err != nil {
		return "", err
	}
	files, err := filepath.Glob(filepath.Join(dir, "c", "*.c"))
	if err != nil {
		return "", err
	}
	program = filepath.Join(dir, "wire")
	args := append([]string{"-std=gnu11", "-O2", "-Wall", "-o", program}, files...)
	if out, err := exec.CommandContext(ctx, cmp.Or(os.Getenv("CC"), "cc"), args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%w: %s", ErrBuild, err, out)
	}
	return program, nil
}
