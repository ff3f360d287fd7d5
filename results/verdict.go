package results

import (
	"fmt"
	"strings"
)

// Signals is what a verdict needs to know beside the Run. The zero value is a
// run that ended well, of a pattern that may drop messages but keeps order.
type Signals struct {
	Failure      error  // nil: it ran to its end
	Interrupted  bool   // stopped by hand before its end
	BacklogGrows bool   // Outcome.BacklogGrows
	Promise      bool   // the pattern promises delivery: any loss counts
	Unordered    bool   // the pattern does not promise order within a flow and path
	Drift        string // Outcome.Drift
	Senders      int    // sending goroutines; 0 means 1

	SentMeasured, OfferedMeasured uint64 // of Outcome
}

// Limits of a load that went out as it should.
const (
	leastSentShare = 0.99
	blockedShare   = 0.1 // of the senders' time: sends that did not go out were held up
	leftLateNS     = 1e6 // messages left later than max(this, …
	leftLateShare  = 0.5 // … this of the response) at p99
)

// Judge sets Verdict, Reasons and Warnings of r: every reason that applies in
// the order of precedence, the first being the verdict. Warnings that r has
// already stay.
func Judge(r *Run, s Signals) {
	r.Reasons = []Reason{}
	if r.Warnings == nil {
		r.Warnings = []Warning{}
	}
	for _, test := range []func(*Run, *Signals) (Verdict, string){
		failed, interrupted, corrupted, outOfService, lossy, limited, backpressured, unsustainable, underachieved, drifting,
	} {
		if v, why := test(r, &s); why != "" {
			r.Reasons = append(r.Reasons, Reason{v, why})
		}
	}
	r.Verdict = Valid
	if len(r.Reasons) > 0 {
		r.Verdict = r.Reasons[0].Verdict
	}
	warn(r, &s)
}

func failed(r *Run, s *Signals) (Verdict, string) {
	a := r.Accounting
	switch {
	case s.Failure != nil:
		return Failed, s.Failure.Error()
	case !a.Closed():
		return Failed, fmt.Sprintf("the accounting is not closed: offered %d, sent %d, unsent %d; expected %d, received %d, lost %d",
			a.Offered, a.Sent, a.Unsent, a.Expected, a.Received, a.Lost)
	case s.Interrupted: // before anything could come of it
	case a.Expected > 0 && a.Received == 0:
		return Failed, fmt.Sprintf("nothing was received of %d deliveries expected", a.Expected)
	case a.Sent == 0 && a.Offered > 0:
		return Failed, fmt.Sprintf("nothing was sent of %d messages offered%s", a.Offered, whyUnsent(r))
	}
	return Failed, ""
}

// whyUnsent is what is known of why nothing could be sent.
func whyUnsent(r *Run) string {
	switch {
	case r.Accounting.Errors > 0:
		return fmt.Sprintf(": %d operations of the sockets failed", r.Accounting.Errors)
	case r.Latency.BlockedS > 0:
		return fmt.Sprintf(": the senders were blocked for %.3g s, for nobody took what they had to send", r.Latency.BlockedS)
	}
	return ": the senders did not get to it"
}

func interrupted(_ *Run, s *Signals) (Verdict, string) {
	if s.Interrupted {
		return Interrupted, "stopped before its end"
	}
	return Interrupted, ""
}

func corrupted(r *Run, s *Signals) (Verdict, string) {
	var found []string
	note := func(n uint64, what string) {
		if n > 0 {
			found = append(found, fmt.Sprintf("%d %s", n, what))
		}
	}
	note(r.Accounting.Corrupted, "corrupted")
	note(r.Accounting.Duplicated, "duplicated")
	note(r.Accounting.Unmatched, "replies that belong to no request")
	if !s.Unordered {
		note(r.Accounting.Reordered, "out of order")
	}
	return Corrupted, strings.Join(found, ", ")
}

func lossy(r *Run, s *Signals) (Verdict, string) {
	a := r.Accounting
	if a.Lost == 0 || a.Expected == 0 {
		return Lossy, ""
	}
	share := float64(a.Lost) / float64(a.Expected)
	switch {
	case s.Promise:
		return Lossy, fmt.Sprintf("%d of %d deliveries lost (%.3g %%), and %s promises delivery", a.Lost, a.Expected, 100*share, r.Cell.Pattern) + overdue(a)
	case share > r.Cell.AllowLoss:
		return Lossy, fmt.Sprintf("%d of %d deliveries lost (%.3g %%), %.3g %% allowed", a.Lost, a.Expected, 100*share, 100*r.Cell.AllowLoss)
	}
	return Lossy, ""
}

// overdue says how much of a loss was given up for its time.
func overdue(a Accounting) string {
	switch {
	case a.Timeouts == 0:
		return ""
	case a.Late == 0:
		return fmt.Sprintf("; %d timed out", a.Timeouts)
	}
	return fmt.Sprintf("; %d timed out, and %d replies came after that", a.Timeouts, a.Late)
}

func limited(r *Run, s *Signals) (Verdict, string) {
	if why := fallsBehind(r); why != "" {
		return GeneratorLimited, why
	}
	if why := standstill(r); why != "" {
		return GeneratorLimited, why
	}
	if short(r, s) && !heldUp(r, s) && r.Cell.Loop == Open {
		return GeneratorLimited, fmt.Sprintf("only %d of %d due messages were sent, and no send was blocked", sent(r, s), offered(r, s))
	}
	return GeneratorLimited, ""
}

func backpressured(r *Run, s *Signals) (Verdict, string) {
	if !heldUp(r, s) {
		return Backpressured, ""
	}
	if !r.Cell.Loop.Scheduled() {
		return Backpressured, refused(r)
	}
	if short(r, s) {
		return Backpressured, fmt.Sprintf("only %d of %d due messages were sent; the senders were blocked for %.3g s",
			sent(r, s), offered(r, s), blocked(r, s))
	}
	// Messages left late though the generator was not: they waited for sends
	// before them.
	late, limit, ok := leftLate(r)
	if ok && late > limit && fallsBehind(r) == "" {
		return Backpressured, fmt.Sprintf("messages left %s late at p99; the senders were blocked for %.3g s", inWords(late), blocked(r, s))
	}
	return Backpressured, ""
}

func unsustainable(r *Run, s *Signals) (Verdict, string) {
	switch {
	case s.BacklogGrows:
		return Unsustainable, "the backlog grows to the end: " + rates(r, "more is offered than is received")
	case r.Cell.Loop == ScheduledLockstep && short(r, s):
		return Unsustainable, fmt.Sprintf("only %d of %d due messages were sent: %s", sent(r, s), offered(r, s), rates(r, "replies come too late for the schedule"))
	}
	return Unsustainable, ""
}

// rates says what is offered and what is held, or where that is not known what
// it comes to.
func rates(r *Run, otherwise string) string {
	t := r.Throughput
	if t.OfferedMsgsPerS == nil || t.AchievedMsgsPerS == nil {
		return otherwise
	}
	held := *t.AchievedMsgsPerS
	if held >= leastSentShare**t.OfferedMsgsPerS { // what came, came at the offered rate
		return otherwise
	}
	s := fmt.Sprintf("%s are offered, and it holds %s", perSecond(*t.OfferedMsgsPerS), perSecond(held))
	if held > 0 && held < 1000/leastHoldMS {
		s += fmt.Sprintf(", one every %s", inWords(1e9/held))
	}
	return s + waited(r)
}

// leastHoldMS is a time between two messages, in ms, that says more than a rate.
const leastHoldMS = 1

// waited says what the service time is and how the response grew.
func waited(r *Run) (s string) {
	if l := r.Latency.Service; l != nil && l.P50NS != nil {
		s = fmt.Sprintf("; from the actual send it takes %s at p50 (service)", inWords(float64(*l.P50NS)))
	}
	var first, last *int64
	for _, p := range r.Series {
		if p.P50NS != nil && p.TS > r.MeasuredFromS {
			last = p.P50NS
			if first == nil {
				first = last
			}
		}
	}
	if first != nil && *last > *first {
		s += fmt.Sprintf("; from when it was due, %s at first and %s in the end (response)", inWords(float64(*first)), inWords(float64(*last)))
	}
	return s
}

func drifting(r *Run, s *Signals) (Verdict, string) {
	if strings.HasPrefix(r.Cell.Arrival, "burst") {
		return Drifting, ""
	}
	return Drifting, s.Drift
}
