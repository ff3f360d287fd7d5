package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zbench/drivers"
	"zbench/results"
)

func TestServeRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"":     "needs one role",
		"sinc": `unknown role "sinc"; did you mean "sink"`,
		"sink": "needs --pattern and --bind or --connect",
		"sink --pattern push-pull --bind nowhere":                                              "no transport",
		"echo --pattern push-pull --bind tcp://127.0.0.1:0":                                    "sends nothing back; serve a sink",
		"sink --pattern req-rep --bind tcp://127.0.0.1:0":                                      "answers; serve an echo",
		"echo --pattern broker --bind tcp://127.0.0.1:0":                                       "broker has a middle; serve that as a broker",
		"source --pattern router-dealer --bind tcp://127.0.0.1:0":                              "without --connect and --bind",
		"source --pattern req-rep --bind tcp://127.0.0.1:0":                                    "waits for answers; use zbench run",
		"source --pattern push-pull --bind tcp://127.0.0.1:0 --size=-5":                        `--size "-5": negative`,
		"source --pattern push-pull --bind tcp://127.0.0.1:0 --delay 1ms":                      "--delay is for echo and sink, not for source",
		"source --pattern push-pull --bind tcp://127.0.0.1:0 --arrival poisson":                "add rate",
		"source --pattern push-pull --bind tcp://127.0.0.1:0 --payload template:x":             "templates are for services",
		"broker --pattern broker --front tcp://127.0.0.1:0":                                    "needs --pattern, --front and --back",
		"broker --pattern req-rep --front tcp://127.0.0.1:0 --back tcp://127.0.0.1:0":          "has no middle",
		"broker --pattern broker --front inproc://x --back tcp://127.0.0.1:0":                  "inproc ends at this process",
		"broker --pattern broker --front tcp:/x --back tcp://127.0.0.1:0":                      "--front",
		"sink --pattern push-pull --engine zmpt --bind tcp://127.0.0.1:0":                      `--engine: unknown "zmpt"`,
		"sink --pattern push-pull --bind inproc://x":                                           "inproc ends at this process",
		"sink --pattern push-pull --bind tcp://127.0.0.1:0 --connect tcp://127.0.0.1:1":        "contradict",
		"sink --pattern push-pull --bind tcp://127.0.0.1:0 --count 5 --duration 1s":            "contradict",
		"echo --pattern req-rep --bind tcp://127.0.0.1:0 --delay soon":                         `--delay "soon": write a time`,
		"echo --pattern req-rep --engine go-zeromq --bind tcp://127.0.0.1:0+tcp://127.0.0.1:0": "a second bind",
		"source --pattern push-pull --engine go-zeromq --bind tcp://127.0.0.1:0 --clients 2":   "--force",
		"echo --pattern req-rep --engine null --bind tcp://127.0.0.1:0":                        "engine null: it lives in this process alone",
		"echo --pattern req-rep --bind tcp://127.0.0.1:0 --security plain":                     "plain:USER",
		"echo --pattern req-rep --bind tcp://127.0.0.1:0 --security curve:x":                   "take curve",
		"echo --pattern req-rep --connect tcp://127.0.0.1:1 --security curve":                  "curve:KEY",
	} {
		r := zbench(t, append([]string{"serve"}, strings.Fields(args)...)...)
		if r.code != exitUsage || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("serve %s: exit %d, %q; want one line with %q", args, r.code, r.stderr, want)
		}
	}
}

// serveIn serves in the background what the arguments say, until stop is called
// or it ends; ended gives its exit code and what it printed.
func serveIn(t *testing.T, args ...string) (bound string, stop func(), ended func() (code int, stdout string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	var stdout strings.Builder
	reader, stderr := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code := run(ctx, newApp(strings.NewReader(""), &stdout, stderr), append([]string{"serve"}, args...))
		stderr.Close()
		done <- code
	}()
	lines := bufio.NewScanner(reader)
	var said []string
	for bound == "" && lines.Scan() {
		said = append(said, lines.Text())
		if at, ok := strings.CutPrefix(lines.Text(), "ready"); ok {
			bound = strings.TrimPrefix(at, " at ") + " "
		}
	}
	if bound == "" {
		t.Fatalf("serve %v: %v", args, said)
	}
	go func() {
		for lines.Scan() {
		}
	}()
	return strings.TrimSpace(bound), cancel, func() (int, string) {
		t.Helper()
		code := <-done
		return code, stdout.String()
	}
}

// TestServeEcho: clients come and go, and Ctrl-C is its end.
func TestServeEcho(t *testing.T) {
	endpoint, stop, ended := serveIn(t, "echo", "--pattern", "req-rep", "--bind", "tcp://127.0.0.1:0", "--delay", "exp:10us")
	for range 2 {
		if r := zbenchWith(t, context.Background(), realRun, "run", "--pattern", "req-rep", "--engine", "zmtp", "--connect", endpoint, "--clients", "2", "--count", "200",
			"--out", filepath.Join(t.TempDir(), "out"), "--quiet"); r.code != exitOK && r.code != exitNotValid {
			t.Errorf("run: exit %d, %s", r.code, r.stderr)
		}
	}
	stop()
	code, stdout := ended()
	if code != exitOK || !strings.Contains(stdout, "messages sent back") || !strings.Contains(stdout, ", 0 errors") {
		t.Errorf("exit %d, %s", code, stdout)
	}
}

// TestServePlain: who knows the password is served.
func TestServePlain(t *testing.T) {
	t.Setenv(drivers.PasswordVariable, "secret")
	for _, c := range []struct{ role, pattern string }{{"echo", "req-rep"}, {"sink", "push-pull"}} {
		endpoint, stop, ended := serveIn(t, c.role, "--pattern", c.pattern, "--bind", "tcp://127.0.0.1:0", "--security", "plain:ann")
		r := zbenchWith(t, context.Background(), realRun, "run", "--pattern", c.pattern, "--connect", endpoint, "--count", "200",
			"--security", "plain:ann", "--out", filepath.Join(t.TempDir(), "out"), "--quiet")
		if r.code != exitOK && r.code != exitNotValid {
			t.Errorf("%s: exit %d, %s", c.role, r.code, r.stderr)
		}
		stop()
		if code, stdout := ended(); code != exitOK {
			t.Errorf("%s: exit %d, %s", c.role, code, stdout)
		}
	}
}

// TestServeSourceToSink: a source that is ended by its count, and the sink by
// the same.
func TestServeSourceToSink(t *testing.T) {
	for _, rate := range []string{"0", "20k"} {
		document := filepath.Join(t.TempDir(), "sink.json")
		endpoint, _, ended := serveIn(t, "sink", "--pattern", "push-pull", "--bind", "tcp://127.0.0.1:0", "--count", "3000", "--json", document)
		r := zbench(t, "serve", "source", "--pattern", "push-pull", "--connect", endpoint, "--count", "3000", "--rate", rate, "--frames", "2")
		if r.code != exitOK && r.code != exitNotValid || !strings.HasPrefix(r.stdout, "3000 messages sent, ") {
			t.Errorf("source: exit %d, %s%s", r.code, r.stdout, r.stderr)
		}
		if code, _ := ended(); code != exitOK && code != exitNotValid { // a busy host may make it late
			t.Errorf("sink: exit %d", code)
		}
		a := runOf(t, document).Accounting
		if a.Received != 3000 || a.Lost+a.Corrupted+a.Duplicated+a.Reordered != 0 {
			t.Errorf("%+v", a)
		}
	}
}

// TestServeBroker: an echo behind a broker, and two clients before it.
func TestServeBroker(t *testing.T) {
	bound, stopBroker, brokerEnded := serveIn(t, "broker", "--pattern", "broker", "--front", "tcp://127.0.0.1:0", "--back", "tcp://127.0.0.1:0")
	front, back, ok := strings.Cut(bound, ", ")
	if !ok {
		t.Fatal(bound)
	}
	_, stopEcho, echoEnded := serveIn(t, "echo", "--pattern", "req-rep", "--connect", back, "--peers", "2")
	r := zbenchWith(t, context.Background(), realRun, "run", "--pattern", "req-rep", "--engine", "zmtp", "--connect", front, "--clients", "2", "--count", "300",
		"--out", filepath.Join(t.TempDir(), "out"), "--quiet")
	if r.code != exitOK && r.code != exitNotValid {
		t.Errorf("run: exit %d, %s", r.code, r.stderr)
	}
	stopEcho()
	if code, _ := echoEnded(); code != exitOK {
		t.Errorf("echo: exit %d", code)
	}
	stopBroker()
	if code, stdout := brokerEnded(); code != exitOK || !strings.Contains(stdout, "messages passed on, ") || !strings.Contains(stdout, "passed back") {
		t.Errorf("broker: exit %d, %s", code, stdout)
	}
}

// TestServeEndedEarly: what a count or a duration was to end is interrupted.
func TestServeEndedEarly(t *testing.T) {
	_, stop, ended := serveIn(t, "echo", "--pattern", "pair", "--bind", "tcp://127.0.0.1:0", "--count", "5")
	stop()
	if code, stdout := ended(); code != exitInterrupted || !strings.HasPrefix(stdout, "0 messages sent back") {
		t.Errorf("exit %d, %s", code, stdout)
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
	if a := runOf(t, document).Accounting; a.Received != 2000 || a.Lost+a.Corrupted+a.Duplicated+a.Reordered != 0 {
		t.Errorf("accounting %+v", a)
	}
}

// runOf is the only run of a document.
func runOf(t *testing.T, document string) results.Run {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var f results.File
	if err := json.Unmarshal(text, &f); err != nil || len(f.Runs) != 1 {
		t.Fatalf("%v, %s", err, text)
	}
	return f.Runs[0]
}

func realRun(s drivers.Setup, out drivers.Output) (results.Run, error) {
	return drivers.Run(context.Background(), s, out)
}
