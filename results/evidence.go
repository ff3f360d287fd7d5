package results

import "fmt"

// leftLate is how late messages left at p99 of an open loop, by what the
// response has over the service, and from where on it matters.
func leftLate(r *Run) (late, limit float64, ok bool) {
	l := r.Latency
	if r.Cell.Loop != Open || l.Response == nil || l.Service == nil || l.Response.P99NS == nil || l.Service.P99NS == nil {
		return 0, 0, false
	}
	whole := float64(*l.Response.P99NS)
	return whole - float64(*l.Service.P99NS), max(leftLateNS, leftLateShare*whole), true
}

func sent(r *Run, s *Signals) uint64 {
	if s.OfferedMeasured > 0 {
		return s.SentMeasured
	}
	return r.Accounting.Sent
}

func offered(r *Run, s *Signals) uint64 {
	if s.OfferedMeasured > 0 {
		return s.OfferedMeasured
	}
	return r.Accounting.Offered
}

// short reports whether a schedule was not kept.
func short(r *Run, s *Signals) bool {
	return r.Cell.Loop.Scheduled() && float64(sent(r, s)) < leastSentShare*float64(offered(r, s))
}

// heldUp reports whether the senders spent a good part of their time inside
// sends.
func heldUp(r *Run, s *Signals) bool {
	return r.Latency.BlockedS > 0 && r.Latency.BlockedS >= blockedShare*sendersTime(r, s)
}

// sendersTime is how long, in s, all senders together could send.
func sendersTime(r *Run, s *Signals) float64 {
	return measuredFor(r) * float64(max(s.Senders, 1))
}

// measuredFor is how long, in s, was measured.
func measuredFor(r *Run) float64 {
	if length := r.MeasuredToS - r.MeasuredFromS; length > 0 {
		return length
	}
	return r.DurationS
}

// blocked is how long, in s, senders were blocked, of the time in which they
// could send.
func blocked(r *Run, s *Signals) float64 {
	return min(r.Latency.BlockedS, sendersTime(r, s))
}

// refused says when a load as fast as it goes did not go at all, for somebody
// else's peer made no room; "": it always did. Our own peers are slow on demand.
func refused(r *Run) string {
	if r.Cell.PeerEngine != External || len(r.Outages) > 0 {
		return ""
	}
	var from, to, since, last float64
	empty := 0
	for _, p := range r.Series {
		if p.TS > r.MeasuredToS+intervalSlackS {
			break
		}
		last = p.TS
		if p.SentMsgsPerS > 0 || p.TS <= r.MeasuredFromS {
			since, empty = p.TS, 0
		} else if empty++; empty >= leastEmpty && p.TS-since > to-from {
			from, to = since, p.TS
		}
	}
	switch {
	case to == 0 || to-from < blockedShare*measuredFor(r):
		return ""
	case to == last:
		return fmt.Sprintf("from %.3g s on nothing could be sent any more: the peer made no room", from)
	}
	return fmt.Sprintf("from %.3g s to %.3g s nothing could be sent: the peer made no room", from, to)
}

const (
	leastEmpty     = 2   // intervals in which nothing was sent; after one a peer may be just slow
	intervalSlackS = 0.1 // by which intervals end late
)

// warn adds the doubts that do not change the verdict.
func warn(r *Run, s *Signals) {
	add := func(code, format string, args ...any) {
		r.Warnings = append(r.Warnings, Warning{code, fmt.Sprintf(format, args...)})
	}
	if why := ownWarning(r); why != "" {
		add("generator_lag", "%s", why)
	}
	if why := tailWarning(r); why != "" {
		add("generator_tail", "%s", why)
	}
	if awake(r, AwakeKept) {
		add("cores_awake", "zbench kept the cores awake: a service answers sooner then than where they may fall asleep")
	}
	if r.Latency.Kind == NoLatency && r.Accounting.Received > 0 {
		add("not_measured", "messages hold no stamp: they were counted, their latency and order were not measured")
	}
	if r.Latency.MatchedBy == "order" {
		add("matched_by_order", "replies were matched in the order of the requests, for they carry no stamp")
	}
	if a := r.Accounting; a.Late+a.Timeouts > 0 && r.Latency.MatchedBy == "order" {
		add("late", "%d requests timed out and %d replies came too late: without a stamp replies after them may have been taken for those of other requests",
			a.Timeouts, a.Late)
	}
	if n := r.Accounting.Negative; n > 0 {
		add("negative_latency", "%d one-way latencies are below zero: the clocks differ", n)
	}
	if n := r.Accounting.OutOfRange; n > 0 {
		add("out_of_range", "%d latencies are longer than an hour", n)
	}
	if n := r.Accounting.Errors; n > 0 {
		add("errors", "%d operations failed", n)
	}
	if a := r.Accounting; a.Lost > 0 && len(r.Reasons) == 0 {
		add("loss", "%d of %d deliveries lost, as allowed", a.Lost, a.Expected)
	}
}
