package report

import (
	"strings"
	"testing"
	"time"

	"zbench/results"
)

// TestGroups holds what must never be put side by side apart.
func TestGroups(t *testing.T) {
	d := New(load{}.source(), load{loop: results.ScheduledLockstep, rate: 1000}.source(),
		load{pattern: "pair"}.source(), load{pattern: "dealer-router", loop: results.Open, rate: 1000}.source(),
		load{pattern: "push-pull", loop: results.Open, rate: 1000}.source(), load{pattern: "push-pull"}.source())
	if len(d.Groups) != 6 {
		t.Fatalf("%d groups, want 6", len(d.Groups))
	}
	for _, g := range d.Groups {
		for _, c := range g.Cells {
			if c.Loop != g.Loop || c.kind() != g.Latency {
				t.Errorf("a %s %s cell is in the group %s %s", c.Loop, c.kind(), g.Loop, g.Latency)
			}
		}
	}
}

func TestRepeatsMakeOneCell(t *testing.T) {
	a, b := load{n: 1000}.source(), load{n: 1000, repeat: 2}.source() // other ports were bound
	if d := New(b, a); len(d.Groups[0].Cells) != 1 || d.Groups[0].Cells[0].Sources[0].Run.Repeat != 1 {
		t.Errorf("repeats are not one cell in order: %+v", d.Groups[0].Cells)
	}
	b.Run.Environment.Kernel = "6.19.0"
	d := New(a, b)
	if cells := d.Groups[0].Cells; len(cells) != 2 || cells[1].Label != "host B" {
		t.Errorf("runs of two hosts are one cell")
	}
	b.Run.Environment = a.Run.Environment
	b.Run.Environment.Engines = map[string]string{"go-zeromq": "0.18.0"}
	if d := New(a, b); len(d.Groups[0].Cells) != 2 {
		t.Errorf("runs of two versions of an engine are one cell")
	}
}

func TestVerdictsAndFindings(t *testing.T) {
	var all []Source
	for r := 1; r <= 3; r++ {
		l := load{n: 1000, repeat: r}
		if r == 2 {
			l.verdict, l.reason = results.Drifting, "p99 grew by 9 %"
		}
		if r == 3 {
			l.verdict, l.reason = results.Lossy, "3 lost"
		}
		all = append(all, l.source())
	}
	d := New(all...)
	c := d.Groups[0].Cells[0]
	if c.Verdict != results.Lossy || c.Invalid != 2 || d.Invalid != 2 {
		t.Errorf("verdict %s, %d of the cell and %d of all runs not valid", c.Verdict, c.Invalid, d.Invalid)
	}
	if len(d.Findings) != 2 || d.Findings[0].Runs != 1 || d.Findings[0].Of != 3 {
		t.Errorf("findings: %+v", d.Findings)
	}
	if !strings.Contains(d.validity(), "2 of 3 runs are not valid") {
		t.Errorf("validity: %s", d.validity())
	}
}

func TestTakeaways(t *testing.T) {
	lossy := load{n: 1000, verdict: results.Lossy, reason: "lost"}
	lossyIPC := lossy
	lossyIPC.transport = "ipc"
	for name, c := range map[string]struct {
		doc  *Doc
		want string
	}{
		"one":          {New(load{n: 10_000}.source()), "req-rep over tcp, 64 B: 33.8 k/s, p50 29.7 µs, p99 53.2 µs, nothing lost."},
		"not valid":    {New(lossy.source()), "req-rep over tcp, 64 B: not valid (lossy)."},
		"none valid":   {New(lossy.source(), lossyIPC.source()), "lockstep: no cell can be compared, for none is valid and measured."},
		"one valid":    {New(lossy.source(), load{n: 1000, transport: "ipc"}.source()), "Only ipc is valid and measured: 33.8 k/s."},
		"transports":   {transportsDoc(1, 1000), "lockstep: inproc moves 3.3 × the messages of tcp: 110 k/s against 33.8 k/s (req-rep, 64 B) (one run each)."},
		"patterns":     {patternsDoc(), "lockstep: inproc moves 2.4 to 3.3 × the messages of tcp in all 3 patterns (one run each)."},
		"floor":        {enginesDoc(), "zmtp moves 60 × the messages of go-zeromq in all 3 transports (one run each)."},
		"no winner":    {New(load{n: 1000}.source(), load{n: 1000, clients: 2}.source()), "No clear difference: all of 2 cells lie between 33.8 k/s and 33.8 k/s (one run each)."},
		"sweep":        {sweepDoc(), "tcp holds 20 k/s with p99 381 µs and is unsustainable at 50 k/s; inproc holds all of 100 k/s with p99 "},
		"open loop":    {openDoc(), "The p99 response time of tcp is 2.9 × that of inproc: "},
		"nothing":      {New(), ""},
		"overlap":      {overlapDoc(), "No clear difference between "},
		"three engine": {extremesDoc(), "Most messages: "},
	} {
		got := strings.Join(c.doc.Takeaways, "\n")
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func openDoc() *Doc {
	return New(load{pattern: "dealer-router", loop: results.Open, rate: 1000, n: 5000, p50: 90 * time.Microsecond}.source(),
		load{pattern: "dealer-router", loop: results.Open, rate: 1000, n: 5000, p50: 31 * time.Microsecond, transport: "inproc"}.source())
}

func overlapDoc() *Doc {
	var all []Source
	for r := 1; r <= 5; r++ {
		all = append(all, load{n: 1000, repeat: r}.source(), load{n: 1000, repeat: r, transport: "ipc", p50: 30 * time.Microsecond}.source())
	}
	return New(all...)
}

func extremesDoc() *Doc {
	return New(load{n: 1000}.source(), load{n: 1000, transport: "ipc", pattern: "req-router", p50: 99 * time.Microsecond}.source())
}

// TestNamesAreUnique guards against two cells that a reader cannot tell apart.
func TestNamesAreUnique(t *testing.T) {
	for name, doc := range docs() {
		seen := map[string]bool{}
		for _, g := range doc().Groups {
			for _, c := range g.Cells {
				if seen[c.Name] {
					t.Errorf("%s: two cells are called %q", name, c.Name)
				}
				seen[c.Name] = true
			}
		}
	}
}
