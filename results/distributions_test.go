package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestReadDistributions(t *testing.T) {
	dir := t.TempDir()
	log, o := logOf(t)
	if err := os.WriteFile(filepath.Join(dir, "a.hlog"), log, 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := ReadDistributions(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]int64{"response": d.Response.TotalCount(), "service": d.Service.TotalCount()} {
		// Eight of the 400 measured messages are below zero, one is lost.
		if got != 391 {
			t.Errorf("%s has %d values, want 391", name, got)
		}
	}
	if o.Latency.Lag != nil && uint64(d.Lag.TotalCount()) != o.Latency.Lag.Count {
		t.Errorf("lag has %d values, the summary %d", d.Lag.TotalCount(), o.Latency.Lag.Count)
	}
	if _, err := ReadDistributions(dir, "b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing log: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "c.hlog"), []byte("Tag=x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadDistributions(dir, "c"); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged log: %v", err)
	}
}
