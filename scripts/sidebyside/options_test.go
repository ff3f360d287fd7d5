package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestChooseCells(t *testing.T) {
	tests := []struct {
		filter string
		want   int
		first  string
	}{
		{"", 15, "push-pull-tcp-64B"},
		{"req-rep", 5, "req-rep-tcp-64B"},
		{"paced", 6, "paced-dealer-router-200"},
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
		{"--contenders before,zmtp", exitUsage},
		{"--before /nowhere/to/be/found --contenders zmtp", exitFailed},
		{"wire", exitUsage},
		{"wire load kind=REQ", exitUsage},
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
		if seen[c.name] || c.size < 32 || c.width < 1 || len(c.measures) == 0 {
			t.Errorf("%+v", c)
		}
		seen[c.name] = true
		for _, m := range c.measures {
			for _, w := range m.wants {
				if !slices.Contains(contenderNames(), w.against) || w.least == 0 && w.aim == 0 {
					t.Errorf("%s: %+v", c.name, w)
				}
			}
		}
		for _, who := range []contender{libzmq{}, plainSide{}, plainC{}, engine{program: "p"}} {
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

// TestBefore adds a contender, and to the cells what is wanted beside it.
func TestBefore(t *testing.T) {
	for range 2 { // cells share no memory
		o, err := parseOptions([]string{"--before", "there", "--contenders", "zmtp"}, io.Discard)
		if err != nil || !slices.Equal(o.contenders, []string{beforeName, subject}) {
			t.Fatalf("%v, %v", o.contenders, err)
		}
		for _, c := range o.cells {
			var bounds []float64
			for _, w := range c.measures[0].wants {
				if w.against == beforeName {
					bounds = append(bounds, w.least)
				}
			}
			want := map[metric][]float64{rate: {0.97}, roundTrip: {1.03}}[c.measures[0].metric]
			if !slices.Equal(bounds, want) {
				t.Errorf("%s: %v", c.name, bounds)
			}
		}
	}
}

func TestPacedFor(t *testing.T) {
	for _, tt := range []struct {
		perS  int
		d     time.Duration
		want  time.Duration
		count uint64
	}{
		{200, time.Second, 5500 * time.Millisecond, 1100},
		{200, 10 * time.Second, 10 * time.Second, 2000},
		{10_000, time.Second, time.Second, 10_000},
		{10_000, time.Millisecond, 110 * time.Millisecond, 1100},
	} {
		if d, count := (cell{perS: tt.perS}).pacedFor(tt.d); d != tt.want || count != tt.count {
			t.Errorf("%d/s for %v: %v, %d messages", tt.perS, tt.d, d, count)
		}
	}
}
