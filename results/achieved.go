package results

import "fmt"

// A run of at least leastDue messages that achieved less than leastAchieved of
// them is not valid, however short it was: what is missing is counted, by the
// schedule's own length, and one message makes no case.
const (
	leastDue      = 20
	leastAchieved = 0.95
	leastMissing  = 2
)

// demand is what was due, and wanted by somebody, in a run or in a stage of it.
type demand struct {
	of         string // the part of a run; "" is all of it
	due        float64
	throughput *Throughput
}

func demands(r *Run, s *Signals) []demand {
	t := &r.Throughput
	due := float64(offered(r, s))
	if t.WantedMsgsPerS != nil && t.SentMsgsPerS != nil && *t.SentMsgsPerS > 0 {
		due *= *t.WantedMsgsPerS / *t.SentMsgsPerS
	}
	all := []demand{{"", due, t}}
	for i := range r.Stages {
		st := &r.Stages[i]
		if rate := st.Throughput.OfferedMsgsPerS; rate != nil {
			all = append(all, demand{st.Name + ": ", *rate * (st.ToS - st.FromS), &st.Throughput})
		}
	}
	return all
}

// missed says how much less was achieved than was due, but for what may be
// lost; "": next to nothing, or nobody knows.
func (d *demand) missed(allowed float64) string {
	t := d.throughput
	if d.due < leastDue || t.OfferedMsgsPerS == nil || t.AchievedMsgsPerS == nil || *t.OfferedMsgsPerS <= 0 {
		return ""
	}
	share := *t.AchievedMsgsPerS / *t.OfferedMsgsPerS
	want := 1 - allowed
	if share >= leastAchieved*want-roundingSlack || (want-share)*d.due < leastMissing-roundingSlack {
		return ""
	}
	return fmt.Sprintf("%sonly %.3g %% of the messages due were achieved, %s of %s", d.of, 100*share, perSecond(*t.AchievedMsgsPerS), perSecond(*t.OfferedMsgsPerS))
}

// underachieved is for what no other verdict explains: the senders were held
// up, or the peers did not follow.
func underachieved(r *Run, s *Signals) (Verdict, string) {
	if !r.Cell.Loop.Scheduled() || len(r.Reasons) > 0 {
		return Unsustainable, ""
	}
	for _, d := range demands(r, s) {
		why := d.missed(r.Cell.AllowLoss)
		switch {
		case why == "":
		case heldUp(r, s):
			return Backpressured, why + fmt.Sprintf("; the senders were blocked for %.3g s", blocked(r, s))
		default:
			return Unsustainable, why + waited(r)
		}
	}
	return Unsustainable, ""
}
