package report

import (
	"strings"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/results"
)

// Source is one run and, where they are at hand, its histograms over the
// measured window: without them the curves go through the published
// percentiles alone, and no distribution is drawn.
type Source struct {
	Run               results.Run
	Response, Service *hdr.PackedHistogram // ns; nil: not at hand
}

// Cell is all runs of one combination: its repeats.
type Cell struct {
	results.Cell
	// Host is a letter that names the environment, "" where all runs of the
	// report share one.
	Host string
	// Label tells the cell from the others of its group, Values does so by the
	// group's columns.
	Label string
	// Name tells it from all others of the report.
	Name    string
	Values  []string
	Sources []Source

	Offered, Rate, Delivered Quantity // messages per second
	Sent                     Quantity // the same, as they left; where nothing else is known
	Bytes                    Quantity // of bodies, per second
	Latency                  Figures  // response where there is a schedule, else service
	Service                  Figures  // beside a response; else zero

	Total   results.Accounting // over all runs
	Verdict results.Verdict    // the first by precedence of its runs'
	Invalid int                // runs that are not valid
}

// Figures are percentiles in nanoseconds over the repeats.
type Figures struct{ Min, Mean, P50, P90, P99, P999, P9999, Max Quantity }

// verdictOrder is the precedence of results, the gravest first.
var verdictOrder = [...]results.Verdict{
	results.Failed, results.Interrupted, results.Corrupted, results.OutOfService, results.Lossy, results.GeneratorLimited,
	results.Backpressured, results.Unsustainable, results.Drifting, results.Refused, results.Valid,
}

// key is equal exactly for runs of one cell.
func (c *Cell) key() string {
	var b strings.Builder
	b.WriteString(string(c.Loop))
	for _, d := range dimensions {
		b.WriteByte(0)
		b.WriteString(d.text(c))
	}
	return b.String()
}

// describe says in words what the cell is, without the dimensions of skip.
func (c *Cell) describe(skip []dimension) string {
	var words []string
next:
	for _, d := range dimensions {
		for _, s := range skip {
			if s.key == d.key {
				continue next
			}
		}
		if w := d.say(c); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// label joins the values of the given dimensions.
func (c *Cell) label(of []dimension) string {
	words := make([]string, len(of))
	for i, d := range of {
		words[i] = d.label(c)
	}
	return strings.Join(words, " ")
}

// value is the text of one dimension, by its key.
func (c *Cell) value(key string) string {
	for _, d := range dimensions {
		if d.key == key {
			return d.text(c)
		}
	}
	return ""
}

// flagged is the label, with the verdict where it is not valid.
func (c *Cell) flagged(label string) string {
	if c.Verdict == results.Valid {
		return label
	}
	return strings.TrimSpace(label + " (" + verdictText(c.Verdict) + ")")
}

// settle computes what the cell shows from its sources.
func (c *Cell) settle() {
	c.Verdict = results.Valid
	var offered, rate, delivered, sent, bytes sample
	for _, s := range c.Sources {
		t := s.Run.Throughput
		if s.Run.Verdict == results.Failed { // its rates are of whatever came before
			t = results.Throughput{OfferedMsgsPerS: t.OfferedMsgsPerS}
		}
		addRate(&offered, t.OfferedMsgsPerS)
		addRate(&rate, t.AchievedMsgsPerS)
		addRate(&delivered, t.DeliveredMsgsPerS)
		addRate(&sent, t.SentMsgsPerS)
		addRate(&bytes, t.AchievedBytesPerS)
		if s.Run.Verdict != results.Valid && s.Run.Verdict != results.Refused {
			c.Invalid++
		}
		c.Verdict = graver(c.Verdict, s.Run.Verdict)
		c.Total = addAccounting(c.Total, s.Run.Accounting)
	}
	if c.Total.Expected == 0 {
		c.Sent = sent.quantity()
	} else {
		c.Sent = Quantity{Missing: "not_measured"}
	}
	c.Offered, c.Rate, c.Delivered, c.Bytes = offered.quantity(), rate.quantity(), delivered.quantity(), bytes.quantity()
	c.Latency = figures(c.Sources, func(l results.Latency) *results.Summary { return primary(c.Loop, l) })
	if c.Loop.Scheduled() {
		c.Service = figures(c.Sources, func(l results.Latency) *results.Summary { return l.Service })
	}
}

// primary is the distribution that a run of this loop is judged by.
func primary(loop results.Loop, l results.Latency) *results.Summary {
	if loop.Scheduled() {
		return l.Response
	}
	return l.Service
}

// histogram is the primary one's histogram.
func (s Source) histogram() *hdr.PackedHistogram {
	if s.Run.Cell.Loop.Scheduled() {
		return s.Response
	}
	return s.Service
}

func addRate(s *sample, v *float64) {
	if v == nil {
		s.add(0, false, "")
		return
	}
	s.add(*v, true, "")
}

func graver(a, b results.Verdict) results.Verdict {
	for _, v := range verdictOrder {
		if a == v || b == v {
			return v
		}
	}
	return b
}

func figures(sources []Source, of func(results.Latency) *results.Summary) Figures {
	var low, mean, p50, p90, p99, p999, p9999, high sample
	for _, src := range sources {
		s := of(src.Run.Latency)
		if s == nil {
			s = &results.Summary{}
		}
		why := func(name string) string { return reasonOf(src.Run.Accounting, s, name) }
		low.addNS(s.MinNS, why("min_ns"))
		if s.MeanNS != nil {
			mean.add(*s.MeanNS, true, "")
		} else {
			mean.add(0, false, why("mean_ns"))
		}
		p50.addNS(s.P50NS, why("p50_ns"))
		p90.addNS(s.P90NS, why("p90_ns"))
		p99.addNS(s.P99NS, why("p99_ns"))
		p999.addNS(s.P999NS, why("p99_9_ns"))
		p9999.addNS(s.P9999NS, why("p99_99_ns"))
		high.addNS(s.MaxNS, why("max_ns"))
	}
	f := Figures{low.quantity(), mean.quantity(), p50.quantity(), p90.quantity(),
		p99.quantity(), p999.quantity(), p9999.quantity(), high.quantity()}
	if s := of(sources[0].Run.Latency); len(sources) == 1 && s != nil {
		f.bound(s.Intervals)
	}
	return f
}

func addAccounting(a, b results.Accounting) results.Accounting {
	a.Offered += b.Offered
	a.Sent += b.Sent
	a.Unsent += b.Unsent
	a.Expected += b.Expected
	a.Received += b.Received
	a.Lost += b.Lost
	a.Duplicated += b.Duplicated
	a.Reordered += b.Reordered
	a.Corrupted += b.Corrupted
	a.Timeouts += b.Timeouts
	a.Late += b.Late
	a.Unmatched += b.Unmatched
	a.Errors += b.Errors
	a.OutOfRange += b.OutOfRange
	a.Negative += b.Negative
	return a
}

// bound gives the percentiles the intervals of their run.
func (f *Figures) bound(by map[string]results.Interval) {
	for name, q := range map[string]*Quantity{
		"p50_ns": &f.P50, "p90_ns": &f.P90, "p99_ns": &f.P99, "p99_9_ns": &f.P999, "p99_99_ns": &f.P9999,
	} {
		if iv, ok := by[name]; ok {
			q.Interval = &iv
		}
	}
}

// reasonOf is why a summary lacks a figure. Where nothing was lost, what is
// beyond every number was never sent.
func reasonOf(a results.Accounting, s *results.Summary, name string) string {
	reason := s.Unpublished[name]
	if reason == "lost" && a.Lost == 0 && a.Unsent > 0 {
		return "unsent"
	}
	return reason
}
