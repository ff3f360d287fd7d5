package report

import (
	"fmt"

	"zbench/results"
)

// What is known only of services and publishers that exist: outages, and how
// messages without a stamp arrived. It is of the first run.

// service is a cell's part of them in Markdown.
func (m *markdown) service(c *Cell) {
	r := c.Sources[0].Run
	for _, o := range r.Outages {
		m.para("The service was ", escape(o.String()), ".")
	}
	a := arrivals{r.Arrivals}
	if a.Arrivals == nil {
		return
	}
	t := &textTable{columns: []column{{head: "arrivals"}}}
	row := []entry{{text: Count(a.Count)}}
	add := func(head, text string) {
		t.columns = append(t.columns, column{head: head, right: true})
		row = append(row, entry{text: text})
	}
	add("rate", rateText(a.MsgsPerS))
	if g := a.Gaps; g != nil {
		add("gap, p50", nsText(g.P50NS, g.Unpublished["p50_ns"]))
		add("gap, p99", nsText(g.P99NS, g.Unpublished["p99_ns"]))
		add("gap, max", nsText(g.MaxNS, g.Unpublished["max_ns"]))
	}
	add("size", a.sizes())
	add("silent", a.silence())
	t.rows = append(t.rows, row)
	m.table(t)
}

// service is a group's part of them on a terminal.
func (t *terminal) service(g *Group) {
	for _, c := range g.Cells {
		a := arrivals{c.Sources[0].Run.Arrivals}
		if a.Arrivals == nil {
			continue
		}
		lead := ""
		if len(g.Cells) > 1 {
			lead = c.Name + ": "
		}
		s := fmt.Sprintf("%s%s arrived at %s", lead, plural(int(a.Count), "message"), rateText(a.MsgsPerS))
		if g := a.Gaps; g != nil {
			s += fmt.Sprintf("; gaps p50 %s, p99 %s, max %s", nsText(g.P50NS, g.Unpublished["p50_ns"]),
				nsText(g.P99NS, g.Unpublished["p99_ns"]), nsText(g.MaxNS, g.Unpublished["max_ns"]))
		}
		t.say(plain, "", s+"; "+a.sizes()+"; "+a.silence()+". Latency is not measured: the messages carry no stamp.")
	}
}

// arrivals puts results into words.
type arrivals struct{ *results.Arrivals }

func (a arrivals) sizes() string {
	if a.SizeMin == a.SizeMax {
		return Bytes(float64(a.SizeMin)) + " each"
	}
	return fmt.Sprintf("%s to %s, mean %s", Bytes(float64(a.SizeMin)), Bytes(float64(a.SizeMax)), Bytes(a.SizeMean))
}

func (a arrivals) silence() string {
	limit := Duration(float64(a.LongGapNS))
	if a.Silences == 0 {
		return "never silent for over " + limit
	}
	return fmt.Sprintf("silent for over %s %s, %s in all", limit, times(a.Silences), Duration(a.SilentS*1e9))
}

func times(n uint64) string {
	if n == 1 {
		return "once"
	}
	return Count(n) + " times"
}

func rateText(perS *float64) string {
	if perS == nil {
		return "no rate"
	}
	return Rate(*perS)
}
