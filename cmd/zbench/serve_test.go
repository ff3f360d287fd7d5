package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zbench/results"
)

func TestServeRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"":     "needs one role",
		"sinc": `unknown role "sinc"; did you mean "sink"`,
		"sink": "needs --pattern and --bind or --connect",
		"sink --pattern push-pull --bind nowhere":                                       "no transport",
		"echo --pattern push-pull --bind tcp://127.0.0.1:0":                             "sends nothing back; serve a sink",
		"sink --pattern req-rep --bind tcp://127.0.0.1:0":                               "answers; serve an echo",
		"echo --pattern router-dealer --bind tcp://127.0.0.1:0":                         "cannot be served alone",
		"echo --pattern broker --bind tcp://127.0.0.1:0":                                "cannot be served alone",
		"sink --pattern push-pull --engine zmpt --bind tcp://127.0.0.1:0":               `unknown engine "zmpt"`,
		"sink --pattern push-pull --bind inproc://x":                                    "inproc ends at this process",
		"sink --pattern push-pull --bind tcp://127.0.0.1:0 --connect tcp://127.0.0.1:1": "contradict",
		"echo --pattern req-rep --bind tcp://127.0.0.1:0 --delay soon":                  "--delay soon",
	} {
		r := zbench(t, append([]string{"serve"}, strings.Fields(args)...)...)
		if r.code != exitUsage || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("serve %s: exit %d, %q; want one line with %q", args, r.code, r.stderr, want)
		}
	}
}

// TestServeAndRun: the two sides of a cell in two command lines.
func TestServeAndRun(t *testing.T) {
	dir := t.TempDir()
	endpoint := "ipc://" + filepath.Join(dir, "s")
	document := filepath.Join(dir, "sink.json")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	served := make(chan int)
	go func() {
		a := newApp(strings.NewReader(""), new(strings.Builder), new(strings.Builder))
		served <- run(ctx, a, []string{"serve", "sink", "--pattern", "push-pull", "--bind", endpoint, "--json", document})
	}()
	for range 1000 {
		if _, err := os.Stat(filepath.Join(dir, "s")); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	said := new(strings.Builder)
	loader := newApp(strings.NewReader(""), new(strings.Builder), said)
	if code := run(ctx, loader, []string{"run", "--pattern", "push-pull", "--connect", endpoint, "--count", "2000", "--out", filepath.Join(dir, "out"), "--quiet"}); code != exitOK {
		t.Errorf("run: exit %d, %s", code, said)
	}
	if code := <-served; code != exitOK {
		t.Errorf("serve: exit %d", code)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var f results.File
	if err := json.Unmarshal(text, &f); err != nil || len(f.Runs) != 1 {
		t.Fatalf("%v, %s", err, text)
	}
	if a := f.Runs[0].Accounting; a.Received != 2000 || a.Lost+a.Corrupted+a.Duplicated+a.Reordered != 0 {
		t.Errorf("accounting %+v", a)
	}
}
