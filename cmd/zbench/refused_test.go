package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"zbench/drivers"
	"zbench/results"
)

// TestRefusedCells: where the scenario says so, what an engine refuses is left
// out, saved and shown with its reason, and takes nothing from the rest.
func TestRefusedCells(t *testing.T) {
	t.Chdir(t.TempDir())
	text := "refused: skip\nthresholds: lost == 0\nmatrix: {pattern: push-pull, engine: 'go-zeromq, zmtp', peers: 2, duration: 1s}\n"
	if err := os.WriteFile("s.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	count := 0
	r := zbenchWith(t, context.Background(), func(s drivers.Setup, _ drivers.Output) (results.Run, error) {
		count++
		return made(s, results.Valid), nil
	}, "run", "s.yaml", "--out", "out", "--quiet")
	if r.code != exitOK || count != 1 {
		t.Errorf("exit %d after %d runs\n%s", r.code, count, r.stderr)
	}
	stored, err := results.Read("out")
	if err != nil || len(stored.Runs) != 2 {
		t.Fatalf("stored %+v, %v", stored, err)
	}
	if !strings.Contains(r.stdout, "refused") || !strings.Contains(r.stdout, "makes duplicates") && !strings.Contains(r.stdout, "duplicates") {
		t.Errorf("no refusal in\n%s", r.stdout)
	}
	if again := zbench(t, "report", "out"); again.code != exitOK {
		t.Errorf("the report exits with %d\n%s", again.code, again.stderr)
	}
	if all := zbench(t, "run", "s.yaml", "--engine", "go-zeromq", "--out", "none"); all.code != exitUsage {
		t.Errorf("nothing but refusals: exit %d\n%s", all.code, all.stderr)
	}
}
