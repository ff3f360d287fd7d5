package drivers

import (
	"fmt"

	"zbench/results"
)

// mostToldApart is how many clients have figures of their own. More of them share
// one recorder for each worker: recorders have histograms, which take room, and
// time in every interval.
const mostToldApart = 64

// recordClients hands every client its recorder. A worker's thread sends and
// receives, so one recorder takes both; else each half has one of its own.
func (r *run) recordClients() {
	shared := map[int]*results.Recorder{} // by worker
	for i, c := range r.clients {
		name := ""
		if r.roundTrip {
			name = fmt.Sprintf("client %d", i+1)
		}
		switch {
		case c.played && (!r.roundTrip || len(r.clients) > mostToldApart):
			w := r.hosts.loadWorker(i)
			if shared[w] == nil {
				if r.roundTrip {
					name = "clients"
				}
				shared[w] = r.recorder(name)
			}
			c.rec = shared[w]
		case c.played || c.inTurn():
			c.rec = r.recorder(name)
		default:
			c.rec = r.recorder("")
			if r.roundTrip {
				c.replies.rec.Store(r.recorder(name))
			}
			continue
		}
		if r.roundTrip {
			c.replies.rec.Store(c.rec)
		}
	}
}

// recorder makes one; peer names the receiver it belongs to, "" is none.
func (r *run) recorder(peer string) *results.Recorder {
	rec := r.col.Recorder(peer)
	r.recorders = append(r.recorders, rec)
	return rec
}

// sentSoFar and delivered count what all recorders have seen.
func (r *run) sentSoFar() (n uint64) {
	for _, rec := range r.recorders {
		n += rec.Sent()
	}
	return n
}

func (r *run) delivered() (n uint64) {
	for _, rec := range r.recorders {
		n += rec.Received()
	}
	return n
}
