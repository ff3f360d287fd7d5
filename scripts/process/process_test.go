package process

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

func shell(text string) Command {
	return Command{Argv: []string{"/bin/sh", "-c", text}, Limit: time.Minute}
}

func TestOutput(t *testing.T) {
	started := 0
	doubtful := shell("echo 7; exit 3")
	doubtful.Accepts = 3
	doubtful.Started = func(*os.Process) { started++ }
	if out, err := doubtful.Output(t.Context()); string(out) != "7\n" || err != nil || started != 1 {
		t.Errorf("%q, %v, started %d", out, err, started)
	}
	inherits := shell("echo $WORD")
	inherits.Env = []string{"WORD=yes"}
	if out, err := inherits.Output(t.Context()); string(out) != "yes\n" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := shell("echo no >&2; exit 1").Output(t.Context()); !errors.Is(err, ErrFailed) {
		t.Errorf("%v", err)
	}
	endless := shell("trap '' INT TERM; sleep 60 & wait; sleep 60")
	endless.Limit = 100 * time.Millisecond
	if _, err := endless.Output(t.Context()); !errors.Is(err, ErrFailed) {
		t.Errorf("past its limit: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := shell("sleep 60").Output(ctx); !errors.Is(err, ErrFailed) {
		t.Errorf("after an interrupt: %v", err)
	}
}

func TestServe(t *testing.T) {
	s, err := shell("echo ready there; sleep 60").Serve(t.Context())
	if err != nil || s.Endpoint != "there" {
		t.Fatalf("%+v, %v", s, err)
	}
	s.End()
	for _, text := range []string{"exit 1", "echo hello; sleep 60"} {
		if _, err := shell(text).Serve(t.Context()); !errors.Is(err, ErrNotReady) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := (Command{Argv: []string{"/nowhere/to/be/found"}}).Serve(t.Context()); !errors.Is(err, ErrNotReady) {
		t.Errorf("%v", err)
	}
}
