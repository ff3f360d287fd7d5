package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"zbench/results"
	"zbench/scripts/program"
	"zbench/scripts/wire"
)

var update = flag.Bool("update", false, "write the golden file")

// TestMain lets the test binary be a plain client or server, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == wireCommand {
		if wire.Play(os.Args[2:], os.Stdout) != nil {
			os.Exit(exitFailed)
		}
		os.Exit(exitOK)
	}
	os.Exit(m.Run())
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		args string
		want int
	}{
		{"-help", exitOK},
		{"-rounds 0", exitUsage},
		{"-runs many", exitUsage},
		{"-duration 1h", exitUsage},
		{"-plain rust", exitUsage},
		{"-only nothing", exitUsage},
		{"more", exitUsage},
	}
	for _, tt := range tests {
		if got := run(t.Context(), strings.Fields(tt.args), io.Discard, io.Discard); got != tt.want {
			t.Errorf("%s: exit %d, want %d", tt.args, got, tt.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for only, want := range map[string]int{"": len(experiments()), "clients": 2, "plain,alone": 2, "clients-c": 1} {
		if got, err := choose(only); err != nil || len(got) != want {
			t.Errorf("%q: %d experiments, %v", only, len(got), err)
		}
	}
}

// TestQuestionsAreWhole: checks are of subjects that there are, each once.
func TestQuestionsAreWhole(t *testing.T) {
	for _, r := range []*rounds{plainRounds(), clientRounds(pythonREP()), clientRounds(libzmqREP()), openRounds(), gozeromqRounds()} {
		var all []string
		for _, s := range r.subjects {
			if slices.Contains(all, s.name) {
				t.Errorf("%s: %s twice", r.title, s.name)
			}
			all = append(all, s.name)
		}
		for _, c := range r.checks {
			if !slices.Contains(all, c.of) || !slices.Contains(all, c.to) || c.of == c.to {
				t.Errorf("%s: %+v", r.title, c)
			}
		}
		if len(r.checks) == 0 {
			t.Errorf("%s: nothing is wanted", r.title)
		}
	}
	if got := len(lateCases()); got != 24 {
		t.Errorf("%d cases of late", got)
	}
}

func TestCompared(t *testing.T) {
	for _, tt := range []struct {
		by   comparison
		a, b float64
		want float64
	}{{difference, 50, 20, 30}, {ratio, 50, 20, 2.5}, {factor, 50, 20, 2.5}, {factor, 20, 50, 2.5}} {
		if got := tt.by.of(tt.a, tt.b); got != tt.want {
			t.Errorf("%v of %v and %v: %v", tt.by, tt.a, tt.b, got)
		}
	}
}

func found(p50 float64, v results.Verdict) figures {
	f := noFigures()
	f.service50, f.verdict = p50, v
	return f
}

func TestWords(t *testing.T) {
	valid, limited := results.Valid, results.GeneratorLimited
	rounds := func(pairs ...figures) (all []round) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, round{"a": pairs[i], "b": pairs[i+1]})
		}
		return all
	}
	median := check{of: "a", to: "b", metric: service50(), by: ratio, most: 2}
	every, judged := median, median
	every.every, judged.judged = true, true
	tests := []struct {
		name string
		check
		rounds []round
		want   string
	}{
		{"at most", median, rounds(found(20, valid), found(10, valid)), "reached"},
		{"more", median, rounds(found(21, valid), found(10, valid)), "missed"},
		{"the median", median, rounds(found(1, valid), found(1, valid), found(9, valid), found(1, valid), found(1, valid), found(1, valid)), "reached"},
		{"every round", every, rounds(found(1, valid), found(1, valid), found(9, valid), found(1, valid)), "missed"},
		{"no figure", median, rounds(found(math.NaN(), valid), found(1, valid)), "missed"},
		{"no run", median, nil, "missed"},
		{"it said so", judged, rounds(found(9, limited), found(1, valid)), "reached"},
		{"it did not", judged, rounds(found(9, valid), found(1, valid)), "missed"},
		{"it said so once", judged, rounds(found(9, limited), found(1, valid), found(1, valid), found(1, valid)), "reached"},
		{"one of two rounds failed", median, append(rounds(found(1, valid), found(1, valid)), round{}), "missed"},
		{"a round failed, and each counts", every, append(rounds(found(1, valid), found(1, valid)), round{}), "missed"},
		{"nothing wanted", check{of: "a", to: "b", metric: service50()}, rounds(found(9, valid), found(1, valid)), ""},
	}
	for _, tt := range tests {
		if got := tt.check.outcome(tt.rounds).word; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTable(t *testing.T) {
	all := []round{
		{"zbench": found(50e3, results.Valid), "plain": found(20e3, results.Valid)},
		{"zbench": found(40e3, results.GeneratorLimited), "plain": found(20e3, results.Valid)},
		{"plain": found(20e3, results.Valid)},
	}
	checks := []check{
		{name: "a difference", of: "zbench", to: "plain", metric: service50(), by: difference, most: 30e3, aim: 5e3},
		{name: "a ratio", of: "zbench", to: "plain", metric: service50(), by: ratio, most: 1.5, every: true},
		{name: "nobody", of: "nobody", to: "plain", metric: service50(), by: ratio, most: 1.5},
		{name: "nothing wanted", of: "zbench", to: "plain", metric: service50(), by: ratio},
	}
	var shown strings.Builder
	if missed := writeTable(&shown, "a title", checks, all); missed != 2 {
		t.Errorf("%d missed", missed)
	}
	const golden = "testdata/table.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(shown.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || shown.String() != string(want) {
		t.Errorf("%v\n%s", err, shown.String())
	}
}

func TestTally(t *testing.T) {
	f := func(p99 float64, v results.Verdict) figures {
		f := noFigures()
		f.response99, f.verdict = p99, v
		return f
	}
	is := truth{400e3, 600e3}
	tests := []struct {
		name  string
		found figures
		truth truth
		err   error
		want  tally
	}{
		{"near", f(600e3, results.Valid), is, nil, tally{runs: 1, valid: 1}},
		{"wrong", f(700e3, results.Valid), is, nil, tally{runs: 1, valid: 1, wrong: 1}},
		{"beyond chance", f(950e3, results.Valid), is, nil, tally{runs: 1, valid: 1, wrong: 1, sure: 1}},
		{"it said so", f(950e3, results.GeneratorLimited), is, nil, tally{runs: 1}},
		{"no claim", f(math.NaN(), results.Valid), is, nil, tally{runs: 1, valid: 1}},
		{"a fast service", f(10e3, results.Valid), truth{100e3, 100e3}, nil, tally{runs: 1, valid: 1, weak: 1}},
		{"failed", noFigures(), truth{}, errors.New("no"), tally{runs: 1, failed: 1}},
	}
	for _, tt := range tests {
		var got tally
		wrong := got.count(tt.found, tt.truth, tt.err)
		if got != tt.want || wrong != (tt.want.wrong > 0) {
			t.Errorf("%s: %+v, %v", tt.name, got, wrong)
		}
		if missed := got.write(io.Discard); (missed > 0) != (wrong || tt.err != nil) {
			t.Errorf("%s: %d missed", tt.name, missed)
		}
	}
}

func TestReadZbench(t *testing.T) {
	f, err := readZbench([]byte(`{"schema":"zbench/result/1","runs":[{"verdict":"valid","latency":{"service":{"p50_ns":9,"p99_ns":null},"response":{"p99_ns":11}}}]}`))
	if err != nil || !f.valid() || f.service50 != 9 || !math.IsNaN(f.service99) || f.response99 != 11 {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := readZbench(nil); !errors.Is(err, program.ErrResult) || f.valid() {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestLasts(t *testing.T) {
	if got := (load{rate: 200}).lasts(time.Second); got != 5500*time.Millisecond {
		t.Errorf("200/s: %v", got)
	}
	if got := (load{rate: 10_000}).lasts(time.Second); got != time.Second {
		t.Errorf("10,000/s: %v", got)
	}
}

// TestRounds lets plain clients of this program load its plain server.
func TestRounds(t *testing.T) {
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	k := &kit{wire: []string{os.Args[0], wireCommand}, report: io.Discard}
	r := &rounds{title: "plain beside itself"}
	one := r.against("one", plain(false), plainEcho("req-rep", wire.Echo{}), load{"req-rep", 20_000, 1})
	four := r.against("four", plain(false), plainEcho("dealer-router", wire.Echo{}), load{"dealer-router", 20_000, 4})
	r.add("never", func(context.Context, *kit, options) (figures, error) { return noFigures(), errors.New("no") })
	r.checks = []check{{name: "four", of: four, to: one, metric: service99(), by: factor, most: 1e9}, {name: "never", of: "never", to: one, metric: service50(), most: 1}}
	var shown strings.Builder
	missed, err := r.measure(t.Context(), k, options{rounds: 3, duration: 10 * time.Millisecond}, &shown)
	if err != nil || missed != 1 || !strings.Contains(shown.String(), "3/3") {
		t.Errorf("%d missed, %v\n%s", missed, err, shown.String())
	}
}
