package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"zbench/scenarios"
)

func TestCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ args, want string }{
		{"", "Available Commands:"},
		{"scenarios", "zbench scenarios show tails"},
		{"scenarios list", "quickstart   12 "},
		{"scenarios show quickstart", "pattern: push-pull"},
		{"scenarios show quickstart --cells", "--pattern req-rep --engine go-zeromq --peer-engine go-zeromq --transport ipc"},
		{"scenarios validate quickstart tails", "tails: good: 6 runs of 6 cells, about 1m"},
		{"engines", "go-zeromq  v0."},
		{"engines go-zeromq", "two peers: DEALER PUSH PAIR over tcp, ipc, inproc\n    it copies every message"},
		{"engines null", "null 2 has every socket type"},
		{"version", "  go-zeromq v0."},
		{"completion bash", "bash completion V2 for zbench"},
		{"completion zsh", "#compdef zbench"},
		{"completion fish", "fish completion for zbench"},
		{"completion powershell", "Register-ArgumentCompleter"},
		{"__complete run --transport i", "inproc"},
		{"__complete run ta", "tails"},
	} {
		t.Run(c.args, func(t *testing.T) {
			r := zbench(t, strings.Fields(c.args)...)
			if r.code != exitOK || !strings.Contains(r.stdout, c.want) {
				t.Errorf("exit %d, %s\ngot  %s\nwant %s", r.code, r.stderr, r.stdout, c.want)
			}
		})
	}
}

func TestSchemaCommand(t *testing.T) {
	want, err := scenarios.Schema()
	if err != nil {
		t.Fatal(err)
	}
	r := zbench(t, "scenarios", "schema")
	if r.stdout != string(want) || !json.Valid([]byte(r.stdout)) {
		t.Error("not the schema")
	}
}

// TestCellFlagsAreFields: every key of a scenario is a flag, and no flag of a
// cell is anything else.
func TestCellFlagsAreFields(t *testing.T) {
	var b bytes.Buffer
	a := newApp(&b, &b, &b)
	for _, f := range a.fields() {
		if a.cellFlags().Lookup(f.Key) == nil {
			t.Errorf("no --%s", f.Key)
		}
		if _, ok := placeholders[f.Key]; !ok && !strings.ContainsAny(f.Example, "0123456789") {
			t.Errorf("--%s: N is no name for a value like %s", f.Key, f.Example)
		}
	}
	for key := range placeholders {
		if _, ok := scenarios.Find(a.fields(), key); !ok {
			t.Errorf("a placeholder for unknown %s", key)
		}
	}
}

func TestPrecedence(t *testing.T) {
	codes := map[int]bool{exitInconclusive: true}
	for _, c := range []int{exitInconclusive, exitWorse, exitNotValid, exitFailed, exitInterrupted} {
		codes[c] = true
		if got := first(codes); got != c {
			t.Errorf("%v: %d", codes, got)
		}
	}
	if first(map[int]bool{}) != exitOK || exitCode(errors.New("x")) != exitFailed {
		t.Error("nothing is 0, an error is 1")
	}
}

func TestAbout(t *testing.T) {
	for text, want := range map[string]string{"15s": "17s", "5m": "5m31s", "54s": "1m", "59m": "1h4m55s"} {
		d, err := time.ParseDuration(text)
		if err != nil || about(d) != want {
			t.Errorf("%s: %s", text, about(d))
		}
	}
}

func TestVersionFlag(t *testing.T) {
	flag, command := zbench(t, "--version"), zbench(t, "version")
	if flag.code != exitOK || !strings.HasPrefix(command.stdout, flag.stdout) || !strings.HasPrefix(flag.stdout, "zbench ") {
		t.Errorf("exit %d: %q, and the command says %q", flag.code, flag.stdout, command.stdout)
	}
	if strings.HasPrefix(flag.stdout, "zbench devel,") {
		t.Errorf("it tells no build from another: %q", flag.stdout)
	}
}
