package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// setting is a fact about how the cells were run, and its values.
type setting struct{ name, value string }

// settings lists what the summary does not say: durations, defaults, seeds,
// dates. A value that differs between cells is listed in all its forms.
func settings(d *Doc) []setting {
	var cells []*Cell
	for _, g := range d.Groups {
		cells = append(cells, g.Cells...)
	}
	var all []setting
	add := func(name string, of func(*Cell) string) {
		if v := distinct(cells, of); v != "" {
			all = append(all, setting{name, v})
		}
	}
	add("measured", func(c *Cell) string { return joinNonEmpty(", ", seconds(c.DurationS), countText(c)) })
	add("warm-up, cut", func(c *Cell) string { return seconds(c.WarmupS) })
	add("arrivals", func(c *Cell) string { return c.Arrival })
	add("HWM, messages", func(c *Cell) string { return engineDefault(c.HWM) })
	for _, name := range slices.Sorted(maps.Keys(defaultsOf(cells))) {
		all = append(all, setting{"defaults of " + name, defaultsOf(cells)[name]})
	}
	add("at HWM publishers", func(c *Cell) string { return c.AtHWM })
	add("send buffer, bytes", func(c *Cell) string { return engineDefault(c.SndBuf) })
	add("receive buffer, bytes", func(c *Cell) string { return engineDefault(c.RcvBuf) })
	add("payload", func(c *Cell) string { return c.Payload })
	add("security", func(c *Cell) string { return c.Security })
	add("listening side", func(c *Cell) string { return c.Listen })
	add("connections per pair", func(c *Cell) string { return fmt.Sprint(c.Connections) })
	add("placement", func(c *Cell) string { return c.Placement })
	add("error of the clock", clockError)
	add("replies matched by", func(c *Cell) string { return c.Sources[0].Run.Latency.MatchedBy })
	add("seed", func(c *Cell) string { return fmt.Sprint(c.Sources[0].Run.Seed) })
	if first, last := d.span(); first != "" {
		all = append(all, setting{"started", joinNonEmpty(" to ", first, last)})
	}
	return all
}

// defaultsOf are the engines' own values of options that cells left open.
func defaultsOf(cells []*Cell) map[string]string {
	all := map[string]string{}
	for _, c := range cells {
		for _, s := range c.Sources {
			maps.Copy(all, s.Run.Environment.EngineDefaults)
		}
	}
	return all
}

func engineDefault(n int) string {
	if n == 0 {
		return "the engine's default"
	}
	return fmt.Sprint(n)
}

// distinct joins the values in the order of their first, the first few of them.
func distinct(cells []*Cell, of func(*Cell) string) string {
	const most = 5
	var values []string
	seen := map[string]bool{"": true}
	for _, c := range cells {
		if v := of(c); !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	if len(values) > most {
		values = append(values[:most], fmt.Sprintf("and %d more", len(values)-most))
	}
	return strings.Join(values, ", ")
}

// span is when the first and the last run started; last is "" if they are one.
func (d *Doc) span() (first, last string) {
	const layout = "2006-01-02 15:04:05 MST"
	for _, g := range d.Groups {
		for _, c := range g.Cells {
			for _, s := range c.Sources {
				if s.Run.StartedAt.IsZero() {
					continue
				}
				t := s.Run.StartedAt.UTC().Format(layout)
				if first == "" || t < first {
					first = t
				}
				last = max(last, t)
			}
		}
	}
	if first == last {
		last = ""
	}
	return first, last
}

// clockError is the largest of a cell's runs.
func clockError(c *Cell) string {
	most := int64(0)
	for _, s := range c.Sources {
		most = max(most, s.Run.Latency.ClockErrorNS)
	}
	if most == 0 {
		return ""
	}
	return Duration(float64(most))
}
