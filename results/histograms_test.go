package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestHistograms(t *testing.T) {
	log, _ := logOf(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.hlog"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	responses, services, err := Histograms(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	if n := responses.TotalCount(); n != services.TotalCount() || n == 0 {
		t.Errorf("%d responses, %d services", n, services.TotalCount())
	}
	if p := services.ValueAtPercentile(50); p < 999_000 || p > 1_001_000 {
		t.Errorf("p50 of 1 ms is %d ns", p)
	}
	if _, _, err := Histograms(dir, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a log: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.hlog"), []byte("#[zbench {\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Histograms(dir, "b"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged log: %v", err)
	}
}
