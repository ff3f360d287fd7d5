package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"zbench/results"
)

// details are the percentiles of every cell, its accounting and its cost.
func (m *markdown) details(d *Doc) {
	m.para("## Every cell")
	for _, g := range d.Groups {
		for _, c := range g.Cells {
			m.cell(g, c)
		}
	}
}

func (m *markdown) cell(g *Group, c *Cell) {
	m.para("### ", escape(c.flagged(c.Name)))
	m.para(escape(joinNonEmpty(" · ", g.loopTitle(), c.describe(nil), plural(len(c.Sources), "run"))))
	m.latency(c)
	m.accounting(c.Total)
	m.service(c)
	m.floor(c)
	m.resources(c)
	m.target(c)
	m.peers(c)
}

// latency is a table of the distributions; several runs show as median and
// range.
func (m *markdown) latency(c *Cell) {
	t := &textTable{columns: []column{{head: "latency"}}}
	for _, head := range []string{"least", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"} {
		t.columns = append(t.columns, column{head: head, right: true})
	}
	add := func(name string, f Figures) {
		row := []entry{{text: name}}
		for _, q := range []Quantity{f.Min, f.Mean, f.P50, f.P90, f.P99, f.P999, f.P9999, f.Max} {
			text := q.in(Duration)
			if span := q.span(durationUnit); span != "" {
				text += " (" + span + ")"
			} else if bounds := q.bounds(durationUnit); bounds != "" {
				text += " " + bounds
			}
			row = append(row, entry{text: text})
		}
		t.rows = append(t.rows, row)
	}
	if c.Loop.Scheduled() {
		add("response", c.Latency)
		add("service", c.Service)
		add("lag", figures(c.Sources, func(l results.Latency) *results.Summary { return l.Lag }))
	} else {
		add("service", c.Latency)
	}
	for _, own := range []struct {
		name string
		of   func(results.Latency) *results.Summary
	}{
		{"receive lag", func(l results.Latency) *results.Summary { return l.ReceiveLag }},
		{"lateness", func(l results.Latency) *results.Summary { return l.Lateness }},
	} {
		if c.tells(own.of) {
			add(own.name, figures(c.Sources, own.of))
		}
	}
	m.table(t)
}

// tells reports whether any run of the cell has that distribution.
func (c *Cell) tells(of func(results.Latency) *results.Summary) bool {
	return slices.ContainsFunc(c.Sources, func(s Source) bool { return of(s.Run.Latency) != nil })
}

// accounting says where every message went.
func (m *markdown) accounting(a results.Accounting) {
	parts := []string{Count(a.Offered) + " offered", Count(a.Sent) + " sent"}
	for _, p := range []struct {
		n    uint64
		what string
	}{{a.Unsent, "unsent"}, {a.Received, "received"}, {a.Lost, "lost"}, {a.Duplicated, "duplicated"}, {a.Reordered, "reordered"},
		{a.Corrupted, "corrupted"}, {a.Timeouts, "timed out"}, {a.Late, "late"}, {a.Unmatched, "unmatched"}, {a.Errors, "errors"}, {a.OutOfRange, "beyond an hour"}, {a.Negative, "below zero"}} {
		if p.n > 0 || p.what == "lost" || p.what == "received" {
			parts = append(parts, Count(p.n)+" "+p.what)
		}
	}
	s := strings.Join(parts, ", ")
	if a.Expected != a.Sent {
		s += fmt.Sprintf(" (of %s deliveries)", Count(a.Expected))
	}
	m.para("Messages: ", s, ".")
}

// floor is what zbench itself costs, of the first run that knows.
func (m *markdown) floor(c *Cell) {
	for _, s := range c.Sources {
		f := s.Run.Floor
		if f == nil {
			continue
		}
		var parts []string
		if f.P50NS != nil {
			parts = append(parts, "p50 "+Duration(float64(*f.P50NS)))
		}
		if f.MsgsPerS != nil {
			parts = append(parts, Rate(*f.MsgsPerS))
		}
		m.para("The harness alone (the same load on the engine ", escape(f.Engine), ", in memory): ", strings.Join(parts, ", "), ".")
		return
	}
}

// resources is what each side cost, of the first run.
func (m *markdown) resources(c *Cell) {
	rs := c.Sources[0].Run.Resources
	if len(rs) == 0 {
		return
	}
	t := &textTable{columns: []column{{head: "side"}, {head: "CPU/msg", right: true}, {head: "allocs/msg", right: true},
		{head: "GCs", right: true}, {head: "GC pause, max", right: true}, {head: "switches (forced)", right: true}, {head: "RSS, max", right: true}}}
	looks := slices.ContainsFunc(rs, func(r results.Resources) bool { return r.LookedS > 0 })
	if looks {
		t.columns = append(t.columns, column{head: "looked at sockets", right: true})
	}
	for _, r := range rs {
		t.rows = append(t.rows, []entry{{text: sideName(r, rs)}, {text: Duration(r.CPUNSPerMsg)}, {text: trimZeros(digits(r.AllocsPerMsg))},
			{text: Count(r.GCCycles)}, {text: Duration(float64(r.GCPauseMaxNS))}, {text: Count(r.VoluntarySwitches) + " (" + Count(r.InvoluntarySwitches) + ")"},
			{text: Bytes(float64(r.MaxRSSBytes))}})
		if looks {
			t.rows[len(t.rows)-1] = append(t.rows[len(t.rows)-1], entry{text: looked(r)})
		}
	}
	m.table(t)
}

// looked is for how long loops looked at their sockets where they could have
// slept; "" where nobody says.
func looked(r results.Resources) string {
	if r.LookedS == 0 {
		return ""
	}
	return Duration(r.LookedS * 1e9)
}

// peers is what each receiver saw, of the first run.
func (m *markdown) peers(c *Cell) {
	ps := c.Sources[0].Run.PerPeer
	if len(ps) < 2 {
		return
	}
	t := &textTable{columns: []column{{head: "receiver"}, {head: "received", right: true}, {head: "lost", right: true},
		{head: "p50", right: true}, {head: "p99", right: true}}}
	for _, p := range ps {
		s := primary(c.Loop, p.Latency)
		if s == nil {
			s = &results.Summary{}
		}
		t.rows = append(t.rows, []entry{{text: p.Peer}, {text: Count(p.Accounting.Received)}, {text: Count(p.Accounting.Lost)},
			{text: nsText(s.P50NS, s.Unpublished["p50_ns"])}, {text: nsText(s.P99NS, s.Unpublished["p99_ns"])}})
	}
	m.table(t)
}

// measured is how: environments, versions, and defaults.
func (m *markdown) measured(d *Doc) {
	m.para("## How it was measured")
	for _, h := range d.Hosts {
		m.host(h, len(d.Hosts) > 1)
	}
	m.line("| setting | value |")
	m.line("|---|---|")
	for _, s := range settings(d) {
		m.line("| ", escape(s.name), " | ", escape(s.value), " |")
	}
	m.line()
}

func (m *markdown) host(h Host, several bool) {
	if several {
		m.para("Host ", h.Letter, ", ", plural(h.Runs, "run"), ":")
	}
	e := h.Environment
	var engines []string
	for name, version := range e.Engines {
		engines = append(engines, strings.TrimSpace(name+" "+version))
	}
	sort.Strings(engines)
	load := fmt.Sprintf("%.2f to %.2f", h.LoadLow, h.LoadHigh)
	m.line("| environment | |")
	m.line("|---|---|")
	for _, r := range [][2]string{
		{"CPU", joinNonEmpty(", ", e.CPU, plural(e.Cores, "core"))}, {"governor", e.Governor}, {"virtualisation", e.Virtualisation},
		{"system", joinNonEmpty(" ", e.OS, e.Arch, e.Kernel)}, {"Go", e.Go}, {"zbench", e.Zbench},
		{"engines", strings.Join(engines, ", ")}, {"libzmq", e.Libzmq}, {"load average before the runs", load}} {
		if r[1] != "" {
			m.line("| ", r[0], " | ", escape(r[1]), " |")
		}
	}
	m.line()
}
