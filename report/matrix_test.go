package report

import (
	"strings"
	"testing"

	"zbench/results"
)

// TestMatrix: every engine against every other one, with what was refused; and
// no matrix where nobody met anybody else.
func TestMatrix(t *testing.T) {
	run := func(pattern, load, peer string, v results.Verdict) Source {
		r := results.Run{ID: pattern + load + peer, Verdict: v, Cell: results.Cell{Pattern: pattern, Engine: load, PeerEngine: peer, Transport: "tcp", Loop: results.Max}}
		if v != results.Valid {
			r.Reasons = []results.Reason{{Verdict: v, Detail: "it says so"}}
		}
		return Source{Run: r}
	}
	d := New(
		run("pair", "a", "a", results.Valid), run("pair", "a", "b", results.Lossy),
		run("pair", "b", "a", results.Refused), run("req-rep", "a", "b", results.Valid),
	)
	table := d.matrix()
	var got []string
	for _, l := range table.lines(false) {
		got = append(got, strings.Join(strings.Fields(l), " "))
	}
	want := []string{"pattern load ╲ peer a b", "req-rep a – valid", "b – –", "pair a valid lossy", "b refused –"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if d.Invalid != 1 {
		t.Errorf("%d runs are not valid, want the lossy one alone", d.Invalid)
	}
	var shown, written strings.Builder
	if err := Terminal(80, false)(&shown, d); err != nil {
		t.Fatal(err)
	}
	if err := Markdown()(&written, d); err != nil {
		t.Fatal(err)
	}
	d.Hosts = nil
	a := results.Environment{Libzmq: noLibzmq, EngineDefaults: map[string]string{"zmtp": "HWM 1000"}}
	b := results.Environment{Libzmq: "4.3.4", EngineDefaults: map[string]string{"libzmq": "HWM 1000"}}
	if d.host(a) != 0 || d.host(b) != 0 || d.Hosts[0].Environment.Libzmq != "4.3.4" {
		t.Errorf("a run on libzmq and one without it are of %d hosts", len(d.Hosts))
	}
	for _, text := range []string{shown.String(), written.String()} {
		if !strings.Contains(text, matrixHead) || !strings.Contains(text, "it says so") {
			t.Errorf("no matrix, or no reason, in\n%s", text)
		}
	}
	if d := New(run("pair", "a", "a", results.Valid), run("pair", "b", "b", results.Valid)); d.matrix() != nil {
		t.Error("a matrix of engines that met nobody")
	}
}
