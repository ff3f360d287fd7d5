package results

import (
	"fmt"
	"strings"
)

// Outage is a time in which peers that exist were not there, or did not answer.
// Times are seconds since the run's start.
type Outage struct {
	// DiedS is when its connection went, or the send time of the first request
	// that stayed without a reply.
	DiedS float64 `json:"died_s"`
	// RecoveredS is the first reply after that, and where nothing is answered
	// the new connection; null: none came.
	RecoveredS *float64 `json:"recovered_s"`
	// Lost counts the requests without a reply that were on their way when it
	// died, or were sent before it had recovered. Null: it cannot be known, for
	// nothing is answered.
	Lost *uint64 `json:"lost"`
	// Connected says that no connection went: all requests of that time went
	// without a reply for longer than the timeout.
	Connected bool `json:"connected,omitempty"`
}

// String says when, for how long, and what it cost.
func (o Outage) String() string {
	what, though := "down", ""
	if o.Connected {
		what, though = "silent", ", though connected"
	}
	if o.RecoveredS == nil {
		return fmt.Sprintf("%s from %.2f s on%s: no recovery, %s", what, o.DiedS, though, o.cost())
	}
	return fmt.Sprintf("%s from %.2f s to %.2f s%s: recovery after %.2f s, %s",
		what, o.DiedS, *o.RecoveredS, though, *o.RecoveredS-o.DiedS, o.cost())
}

func (o Outage) cost() string {
	switch {
	case o.Lost == nil:
		return "what it cost is not known here"
	case *o.Lost == 1:
		return "1 request lost"
	}
	return fmt.Sprintf("%d requests lost", *o.Lost)
}

// outOfService is the verdict of a run in which the service was gone.
func outOfService(r *Run, _ *Signals) (Verdict, string) {
	const most = 3
	var said []string
	for _, o := range r.Outages {
		if len(said) == most {
			said = append(said, fmt.Sprintf("and %d more times", len(r.Outages)-most))
			break
		}
		said = append(said, o.String())
	}
	return OutOfService, strings.Join(said, "; ")
}
