package report

import "zbench/results"

// reading says how to read the numbers, as far as the Doc has them.
func (m *markdown) reading(d *Doc) {
	m.para("## How to read the numbers")
	scheduled, unscheduled, oneWay, repeats, bounded, late := false, false, false, false, false, false
	for _, g := range d.Groups {
		scheduled = scheduled || g.Loop.Scheduled()
		unscheduled = unscheduled || !g.Loop.Scheduled()
		oneWay = oneWay || g.Latency == "one_way"
		_, most := g.Repeats()
		for _, c := range g.Cells {
			late = late || c.tells(func(l results.Latency) *results.Summary { return l.ReceiveLag })
			bounded = bounded || c.Latency.P50.Interval != nil
		}
		repeats = repeats || most > 1
	}
	item := func(when bool, term, says string) {
		if when {
			m.line("- **", term, "** ", says)
		}
	}
	item(scheduled, "Response time", "counts from the instant at which a message was due, whether or not it could be sent then. It is what a user would have waited.")
	item(true, "Service time", "counts from the instant at which the message was really sent. Where the load waits for replies it hides what queued up behind a slow one.")
	item(scheduled, "Lag", "is how late the generator itself was. Where it is not far below the response time, the generator is what was measured.")
	item(late, "Receive lag", "is how late the generator read what had arrived, or the most that it can have been. Lag and receive lag, added message by message, are the lateness: the generator's own part of the response.")
	item(unscheduled, "Lockstep, window and max", "loops send when they can, not when they should: they have no due time, and so no response time. They show what a setup can do, not what it does under a given load.")
	item(true, "Different loops", "are different experiments. Nothing here compares one with another.")
	item(oneWay, "One way", "is from sender to receiver, on one clock. A round trip is never halved to get it.")
	item(true, "A percentile", "such as p99 is the latency that 99 of 100 messages did not exceed. Messages that were lost count as slower than all others. One that too few messages bear out is not shown.")
	item(bounded, "In brackets", "is where a percentile lies with 95 % confidence, by how much the parts of its run differ. [?] means that fewer than ten independent events bear it out: true of this run, but no forecast of another.")
	item(repeats, "Repeats", "of a cell give one value each; shown is the median, and beside or below it the least and the most. Percentiles are never averaged.")
	item(true, "Rate", "is what arrived over the time that was measured, warm-up cut; by schedule what was due in that time, over more where it took longer to arrive.")
	item(true, "A verdict", "other than valid means that the figures of that run do not say what they seem to. They are shown all the same, but compared with nothing.")
}
