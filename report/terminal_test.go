package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zbench/results"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, or writes it there.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; see with: go test ./report -update && git diff\n%s", file, got)
	}
}

func render(t *testing.T, r Renderer, d *Doc) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTerminalGolden(t *testing.T) {
	for name, doc := range docs() {
		golden(t, name+".txt", render(t, Terminal(80, false), doc()))
	}
}

// TestTerminalWidth renders every report in every sensible width.
func TestTerminalWidth(t *testing.T) {
	for name, doc := range docs() {
		d := doc()
		for _, width := range []int{0, 40, 47, 60, 72, 80, 100, 132, 200} {
			limit := width
			if width == 0 {
				limit = 80
			}
			for _, line := range strings.Split(string(render(t, Terminal(width, false), d)), "\n") {
				if runes(line) > limit {
					t.Errorf("%s, %d columns: %d in %q", name, limit, runes(line), line)
				}
				if strings.ContainsAny(line, "\x1b\t∞") || strings.TrimRight(line, " ") != line {
					t.Errorf("%s: stray characters in %q", name, line)
				}
			}
		}
	}
}

// TestColorAddsNothingElse takes the sequences out again.
func TestColorAddsNothingElse(t *testing.T) {
	for name, doc := range docs() {
		d := doc()
		colored := string(render(t, Terminal(80, true), d))
		for _, e := range append(escapes[1:], "\x1b[0m") {
			colored = strings.ReplaceAll(colored, e, "")
		}
		if plain := string(render(t, Terminal(80, false), d)); colored != plain {
			t.Errorf("%s: colour changes the text", name)
		}
	}
}

// TestSentAlone: where only the peer knows what arrived, the rate is named as
// that of sending.
func TestSentAlone(t *testing.T) {
	rate := 12.3e6
	run := results.Run{Verdict: results.Valid, Cell: results.Cell{Pattern: "push-pull", Transport: "tcp", Size: "64", Loop: results.Max},
		Accounting: results.Accounting{Offered: 100, Sent: 100}, Throughput: results.Throughput{SentMsgsPerS: &rate}, Latency: results.Latency{Kind: "none"}}
	d := New(Source{Run: run})
	for name, render := range map[string]Renderer{"terminal": Terminal(120, false), "markdown": Markdown()} {
		var b strings.Builder
		if err := render(&b, d); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"push-pull over tcp, 64 B: sent 12.3 M/s; what arrived is known at the peer alone.", "sent 12.3 M/s", "sent: what arrived"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %q in\n%s", name, want, b.String())
			}
		}
	}
}
