package report

import (
	"sort"
	"strings"

	"zbench/results"
)

// Group is one experiment: cells of one loop and one kind of latency. Nothing
// is compared across groups.
type Group struct {
	Loop    results.Loop
	Latency string   // "round_trip", "one_way" or "none"
	Columns []string // headings of Cell.Values: what differs between the cells
	Cells   []*Cell
	// Takeaway is what the group says, in one sentence.
	Takeaway string

	vary []dimension
}

// loopWords says what each loop is.
var loopWords = [...]struct {
	loop        results.Loop
	name, means string
}{
	{results.Lockstep, "lockstep", "the next message goes out when the reply is in"},
	{results.ScheduledLockstep, "scheduled lockstep", "each message has a due time, and waits for the reply before it"},
	{results.Window, "window", "a fixed number of messages is in flight"},
	{results.Open, "open loop", "messages go out by a schedule, whatever comes back"},
	{results.Max, "max", "messages go out as fast as they can"},
}

// LoopName is the loop in words.
func (g *Group) LoopName() string {
	if g.subscribed() {
		return "subscriber"
	}
	return loopName(g.Loop)
}

// means is what the loop does, or where all cells collect from publishers that
// are somebody else's, what they do.
func (g *Group) means() string {
	if g.subscribed() {
		return "messages come as they are published"
	}
	return loopMeans(g.Loop)
}

func (g *Group) subscribed() bool {
	for _, c := range g.Cells {
		if c.Subscribe == "" {
			return false
		}
	}
	return len(g.Cells) > 0
}

// loopTitle is "lockstep loop", "open loop".
func (g *Group) loopTitle() string { return strings.TrimSuffix(g.LoopName(), " loop") + " loop" }

func loopName(l results.Loop) string {
	for _, w := range loopWords {
		if w.loop == l {
			return w.name
		}
	}
	return string(l)
}

func loopMeans(l results.Loop) string {
	for _, w := range loopWords {
		if w.loop == l {
			return w.means
		}
	}
	return ""
}

// LatencyName says what the latency figures are: "response, one way".
func (g *Group) LatencyName() string {
	name := "service"
	if g.Loop.Scheduled() {
		name = "response"
	}
	switch g.Latency {
	case "round_trip":
		return name + " time, round trip"
	case "one_way":
		return name + " time, one way"
	}
	return "latency not measured"
}

// Common says in words what all cells of the group share.
func (g *Group) Common() string { return g.Cells[0].describe(g.vary) }

// Repeats is the least and the most number of runs that a cell has.
func (g *Group) Repeats() (least, most int) {
	least = len(g.Cells[0].Sources)
	for _, c := range g.Cells {
		least, most = min(least, len(c.Sources)), max(most, len(c.Sources))
	}
	return least, most
}

// varying are the dimensions in which the cells differ, without those that
// follow from the pattern alone.
func varying(cells []*Cell) []dimension {
	var ds []dimension
	for _, d := range dimensions {
		if d.varies(cells) && !(d.ofPattern && d.follows(cells)) {
			ds = append(ds, d)
		}
	}
	return ds
}

func (d dimension) varies(cells []*Cell) bool {
	for _, c := range cells[1:] {
		if d.text(c) != d.text(cells[0]) {
			return true
		}
	}
	return false
}

// follows reports whether all cells of a pattern have the same value.
func (d dimension) follows(cells []*Cell) bool {
	of := map[string]string{}
	for _, c := range cells {
		text, known := of[c.Pattern]
		if known && text != d.text(c) {
			return false
		}
		of[c.Pattern] = d.text(c)
	}
	return true
}

// settle orders the cells and labels them by what tells them apart.
func (g *Group) settle() {
	g.vary = varying(g.Cells)
	for _, d := range g.vary {
		g.Columns = append(g.Columns, d.head)
	}
	for _, c := range g.Cells {
		c.Label = c.label(g.vary)
		for _, d := range g.vary {
			c.Values = append(c.Values, d.text(c))
		}
	}
	sort.SliceStable(g.Cells, func(i, j int) bool { return before(g.Cells[i], g.Cells[j], g.vary) })
	g.Takeaway = takeaway(g)
}

// before orders by rank, column after column. Where a dimension has no rank
// its texts are compared.
func before(a, b *Cell, ds []dimension) bool {
	for _, d := range ds {
		if d.rank != nil {
			if ra, rb := d.rank(a), d.rank(b); ra != rb {
				return ra < rb
			}
		}
		if ta, tb := d.text(a), d.text(b); ta != tb {
			return ta < tb
		}
	}
	return false
}

// slug is a name for files: letters, digits, dots and dashes.
func slug(words ...string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == 'µ':
			return 'u'
		}
		return '-'
	}, strings.Join(words, "-"))
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return strings.Trim(s, "-.")
}
