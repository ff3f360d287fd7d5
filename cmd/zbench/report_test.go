package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zbench/drivers"
	"zbench/results"
)

// TestReportRecovers: a run that was killed is in the document of its report.
func TestReportRecovers(t *testing.T) {
	t.Chdir(t.TempDir())
	zbenchWith(t, context.Background(), func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
		return made(s, results.Valid), nil
	}, "run", "--pattern", "pair", "--out", "out", "--quiet")
	if err := os.Remove(filepath.Join("out", "result.json")); err != nil { // as if it had been killed
		t.Fatal(err)
	}
	r := zbench(t, "report", "out", "--json", "-")
	var f results.File
	if err := json.Unmarshal([]byte(r.stdout), &f); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	if r.code != exitNotValid || f.Schema != results.Schema || len(f.Runs) != 1 || f.Runs[0].Verdict != results.Interrupted {
		t.Errorf("exit %d, %+v", r.code, f)
	}
	if !strings.Contains(r.stderr, "interrupted") {
		t.Errorf("the summary is not on stderr: %s", r.stderr)
	}
	if r := zbench(t, "report", "out", "--json", "none/x.json"); r.code != exitUsage {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}
