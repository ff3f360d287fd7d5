package report

import (
	"testing"

	"zbench/results"
)

// TestJudged: a report claims no more than what was looked at.
func TestJudged(t *testing.T) {
	const (
		whole    = "Nothing lost, duplicated, reordered or corrupted."
		answered = "Every request was answered once; what the replies hold was not judged."
		counted  = "Messages were counted as they came; what was lost, duplicated or reordered is not known."
		own      = "As many messages came as were sent, and whole; their order was not judged."
	)
	for _, c := range []struct {
		cell results.Cell
		by   string
		want string
	}{
		{results.Cell{Engine: "zmtp", PeerEngine: "zmtp"}, "stamp", whole},
		{results.Cell{Engine: "zmtp", PeerEngine: "external"}, "stamp", whole},
		{results.Cell{Engine: "zmtp", PeerEngine: "external"}, "order", answered},
		{results.Cell{Engine: "zmtp", PeerEngine: "external"}, "none", answered},
		{results.Cell{Engine: "zmtp", PeerEngine: "external", Subscribe: "*"}, "none", counted},
		{results.Cell{Engine: "external", PeerEngine: "zmtp"}, "none", counted},
		{results.Cell{Engine: "zmtp", PeerEngine: "zmtp"}, "none", own},
	} {
		cell := &Cell{Cell: c.cell, Sources: []Source{{Run: results.Run{Latency: results.Latency{MatchedBy: c.by}}}}}
		g := &Group{Cells: []*Cell{cell, cell}}
		if got := g.judged(); len(got) != 1 || got[0] != c.want {
			t.Errorf("%+v matched by %s: %q, want %q", c.cell, c.by, got, c.want)
		}
	}
}

// TestFailedRunsHaveNoRate: what it came to before it failed is no figure.
func TestFailedRunsHaveNoRate(t *testing.T) {
	s := load{n: 1000, verdict: results.Failed, reason: "the service died"}.source()
	if c := New(s).Groups[0].Cells[0]; c.Rate.Known() || s.Run.Throughput.AchievedMsgsPerS == nil {
		t.Errorf("rate %+v", c.Rate)
	}
}

func TestSubscribersHaveATitle(t *testing.T) {
	g := &Group{Loop: results.Max, Cells: []*Cell{{Cell: results.Cell{Subscribe: "*"}}}}
	if g.LoopName() != "subscriber" || g.means() != "messages come as they are published" {
		t.Errorf("%s: %s", g.LoopName(), g.means())
	}
}
