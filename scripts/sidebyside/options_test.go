package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestChooseCells(t *testing.T) {
	tests := []struct {
		filter string
		want   int
		first  string
	}{
		{"", 9, "push-pull-tcp-64B"},
		{"req-rep", 2, "req-rep-tcp-64B"},
		{"ipc,pub-sub", 3, "push-pull-ipc-64B"},
		{"tcp-1KiB", 1, "push-pull-tcp-1KiB"},
		{"nothing", 0, ""},
	}
	for _, tt := range tests {
		got, err := chooseCells(tt.filter)
		if len(got) != tt.want || (err != nil) != (tt.want == 0) || tt.want > 0 && got[0].name != tt.first {
			t.Errorf("%q: %d cells, %v", tt.filter, len(got), err)
		}
	}
}

func TestChooseContenders(t *testing.T) {
	got, err := chooseContenders("zmtp,libzmq")
	if err != nil || !slices.Equal(got, []string{"libzmq", "zmtp"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := chooseContenders("nanomsg"); err == nil || !strings.Contains(err.Error(), "go-zeromq") {
		t.Errorf("%v", err)
	}
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		args string
		want int
	}{
		{"--help", exitOK},
		{"--rounds 0", exitUsage},
		{"--rounds many", exitUsage},
		{"--duration 1h", exitUsage},
		{"--cells none", exitUsage},
		{"--contenders none", exitUsage},
		{"more", exitUsage},
		{"plain", exitUsage},
		{"plain send tcp://127.0.0.1:1 8 10", exitUsage},
		{"plain send tcp://127.0.0.1:1 64 0", exitUsage},
		{"plain send udp://127.0.0.1:1 64 10", exitFailed},
	}
	for _, tt := range tests {
		if got := run(context.Background(), strings.Fields(tt.args), io.Discard, io.Discard); got != tt.want {
			t.Errorf("%s: exit %d, want %d", tt.args, got, tt.want)
		}
	}
}

func TestCellsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cells() {
		if seen[c.name] || c.size < 32 || c.width < 1 || len(c.wants) == 0 {
			t.Errorf("%+v", c)
		}
		seen[c.name] = true
		for _, w := range c.wants {
			if !slices.Contains(references(), w.against) || w.least == 0 && w.aim == 0 {
				t.Errorf("%s: %+v", c.name, w)
			}
		}
		for _, who := range []contender{libzmq{}, plainSide{}, engine{program: "p"}} {
			if !who.plays(c) {
				continue
			}
			tr := who.trial(c, "there", amount{count: 10})
			if tr.read == nil || len(tr.sides) == 0 || tr.measures >= len(tr.sides) || (len(tr.sides) == 1) != (c.transport == "inproc") {
				t.Errorf("%s: %T makes %+v", c.name, who, tr)
			}
		}
	}
}
