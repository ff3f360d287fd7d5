package results

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// disk writes files that are there as a whole or not at all. Its field is for
// tests: how bytes get into a file, nil for the usual way.
type disk struct {
	write func(f *os.File, text []byte) error
}

// replace puts text in the place of path: into a file beside it that takes its
// name only when all of it has reached the disk.
func (d *disk) replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".zbench-*")
	if err != nil {
		return err
	}
	if err := d.fill(f, text); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// fill writes, syncs and closes f.
func (d *disk) fill(f *os.File, text []byte) error {
	write := d.write
	if write == nil {
		write = func(f *os.File, text []byte) error {
			_, err := f.Write(text)
			return err
		}
	}
	if err := write(f, text); err != nil {
		return errors.Join(err, f.Close())
	}
	// CreateTemp makes it private; results are for everybody that may read
	// the directory.
	if err := errors.Join(f.Chmod(0o644), f.Sync()); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// syncDir makes a renaming last. Windows cannot open directories for it.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // a file system that knows no such thing
	}
	return errors.Join(err, d.Close())
}

func noSpace(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
