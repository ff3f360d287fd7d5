package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zbench/results"
)

// TestReal runs every pattern on the engine in memory, from flags to files.
// How fast it was is for the machine to say; that all is accounted for is not.
func TestReal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), newApp(strings.NewReader(""), &stdout, &stderr), []string{
		"run", "--engine", "null", "--pattern", "req-rep,push-pull,dealer-router", "--transport", "inproc",
		"--rate", "500", "--duration", "200ms", "--warmup", "20ms", "--out", dir,
	})
	if code != exitOK && code != exitNotValid {
		t.Fatalf("exit %d\n%s", code, stderr.String())
	}
	f, err := results.Read(dir)
	if err != nil || len(f.Runs) != 3 {
		t.Fatalf("%v, %+v", err, f)
	}
	for _, r := range f.Runs {
		if r.Verdict == results.Failed || !r.Accounting.Closed() || r.Accounting.Received == 0 || r.Accounting.Corrupted != 0 {
			t.Errorf("%s: %s %v %+v", r.Cell.Pattern, r.Verdict, r.Reasons, r.Accounting)
		}
		if _, err := os.Stat(filepath.Join(dir, r.ID+".hlog")); err != nil {
			t.Error(err)
		}
	}
	for _, pattern := range []string{"report.md", "charts/*.svg", "charts/*.png"} {
		if found, err := filepath.Glob(filepath.Join(dir, pattern)); err != nil || len(found) == 0 {
			t.Errorf("no %s", pattern)
		}
	}
	if stdout.Len() == 0 {
		t.Error("no summary on stdout")
	}
}
