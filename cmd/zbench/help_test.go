package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestHelp: what every command says of itself, as a person reads it.
func TestHelp(t *testing.T) {
	for _, command := range []string{
		"", "run", "report", "scenarios", "scenarios list", "scenarios show", "scenarios validate", "scenarios schema",
		"engines", "version", "completion", "serve", "local_thr", "remote_thr", "local_lat", "remote_lat",
	} {
		name := strings.ReplaceAll(strings.TrimSpace("zbench "+command), " ", "-")
		t.Run(name, func(t *testing.T) {
			r := zbench(t, append(strings.Fields(command), "--help")...)
			if r.code != exitOK || r.stderr != "" {
				t.Fatalf("exit %d, %s", r.code, r.stderr)
			}
			if !strings.Contains(r.stdout, "Examples:\n  zbench") && !strings.Contains(r.stdout, "Examples:\n  source <(zbench") {
				t.Error("no examples")
			}
			for _, line := range strings.Split(r.stdout, "\n") {
				if len([]rune(line)) > helpWidth+2 {
					t.Errorf("a line of %d columns: %s", len([]rune(line)), line)
				}
			}
			if len(tagged()) > 0 && strings.Contains(r.stdout, "--engine NAME") {
				return // the build's engines are listed, which the files hold without the tag
			}
			golden(t, filepath.Join("testdata", "help", name+".txt"), r.stdout)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("not as in %s; run go test ./cmd/zbench -update and read the difference; got\n%s", name, got)
	}
}
