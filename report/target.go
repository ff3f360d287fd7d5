package report

import (
	"fmt"

	"zbench/results"
)

// targetSide is the service under test among results.Resources.
const targetSide = "target"

// targets says what the service under test used, and zbench beside it: a line
// for each cell that knows.
func (g *Group) targets() (lines []string) {
	for _, c := range g.Cells {
		s := c.target()
		if s == "" {
			continue
		}
		if len(g.Cells) > 1 {
			s = c.Label + ": " + s
		}
		lines = append(lines, s)
	}
	return lines
}

// target is what the service under test used; "" where it is not known.
func (c *Cell) target() string {
	var cpu, own, rss, threads, switches, collections sample
	for _, s := range c.Sources {
		for _, r := range s.Run.Resources {
			switch r.Side {
			case targetSide:
				cpu.add(r.CPUNSPerMsg, true, "")
				rss.add(float64(r.MaxRSSBytes), true, "")
				threads.add(float64(r.MaxThreads), true, "")
				switches.add(float64(r.VoluntarySwitches+r.InvoluntarySwitches), true, "")
			case "all", "load":
				own.add(r.CPUNSPerMsg, true, "")
				collections.add(float64(r.GCCycles), true, "")
			}
		}
	}
	if len(cpu.values) == 0 {
		return ""
	}
	s := fmt.Sprintf("The service: CPU %s a message, at most %s of memory and %s, %s context switches.",
		cpu.quantity().in(Duration), rss.quantity().in(Bytes), plural(int(threads.quantity().Median), "thread"), Count(uint64(switches.quantity().Median)))
	if len(own.values) > 0 {
		s += fmt.Sprintf(" zbench itself: CPU %s a message", own.quantity().in(Duration))
		if n := int(collections.quantity().Median); n > 0 {
			s += ", " + plural(n, "garbage collection")
		}
		s += "."
	}
	return s
}

// sideName is a side of results.Resources beside the others of its run.
func sideName(r results.Resources, all []results.Resources) string {
	for _, other := range all {
		if other.Side == targetSide && r.Side == "all" {
			return "zbench"
		}
	}
	if r.Side == targetSide {
		return "service"
	}
	return r.Side
}

// targetSeries is what the service used by interval, of the first run; nil
// where it is not known.
func (c *Cell) targetSeries() *textTable {
	const most = 60 // lines; longer series are thinned
	var points []results.UsagePoint
	for _, r := range c.Sources[0].Run.Resources {
		if r.Side == targetSide {
			points = r.Series
		}
	}
	if len(points) < 2 {
		return nil
	}
	t := &textTable{columns: []column{{head: "at", right: true}, {head: "cores busy", right: true}, {head: "memory", right: true}, {head: "threads", right: true}}}
	for step, i := (len(points)+most-1)/most, 0; i < len(points); i += step {
		p := points[i]
		t.rows = append(t.rows, []entry{{text: stamp(p.TS)}, {text: trimZeros(fmt.Sprintf("%.2f", p.CPUCores))},
			{text: Bytes(float64(p.RSSBytes))}, {text: fmt.Sprint(p.Threads)}})
	}
	return t
}

// target is what the service under test was and used over time.
func (m *markdown) target(c *Cell) {
	if known := c.Sources[0].Run.Target; known != nil && known.Log != "" {
		m.para(escape(fmt.Sprintf("The service was ready after %s, and ended with %s. What it wrote is in %s.",
			Duration(known.ReadyAfterS*1e9), known.Ended, known.Log)))
	}
	if t := c.targetSeries(); t != nil {
		m.para("The service by interval:")
		m.table(t)
	}
}
