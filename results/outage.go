package results

import (
	"fmt"
	"strings"
)

// Outage is a time in which a service that exists did not answer. Times are
// seconds since the run's start.
type Outage struct {
	// DiedS is when its connection went, or the send time of the first request
	// that stayed without a reply.
	DiedS float64 `json:"died_s"`
	// RecoveredS is the first reply after that; null: none came.
	RecoveredS *float64 `json:"recovered_s"`
	// Lost counts the requests without a reply that were on their way when it
	// died, or were sent before it had recovered.
	Lost uint64 `json:"lost"`
}

// String says when, for how long, and what it cost.
func (o Outage) String() string {
	if o.RecoveredS == nil {
		return fmt.Sprintf("down from %.2f s on: no recovery, %s lost", o.DiedS, requests(o.Lost))
	}
	return fmt.Sprintf("down from %.2f s to %.2f s: recovery after %.2f s, %s lost",
		o.DiedS, *o.RecoveredS, *o.RecoveredS-o.DiedS, requests(o.Lost))
}

func requests(n uint64) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
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
