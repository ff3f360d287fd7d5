package drivers

import (
	"time"

	"zbench/engines"
)

// link is a socket whose peers are somebody else's and answer nothing: sinks of
// a load, or publishers. All that can be known of them is whether they are
// connected.
type link struct {
	peers   engines.Attended
	want    int
	outages []outage
	begun   bool  // all were there once
	missing int64 // clock reading since when one is not; 0: all are there
}

// leastMissing is how long a connection is missing before that is an outage,
// unless it comes back: peers end when they have, or have sent, all.
const leastMissing = 100 * time.Millisecond

// watchLinks looks after the connections of all links.
func (r *run) watchLinks(now int64) {
	if r.links == nil {
		r.links = r.findLinks()
	}
	for _, l := range r.links {
		l.look(now)
	}
}

func (r *run) findLinks() []*link {
	links := []*link{}
	add := func(s engines.Socket, want int) {
		if a, ok := s.(engines.Attended); ok {
			links = append(links, &link{peers: a, want: want})
		}
	}
	for _, c := range r.clients {
		add(c.socket(), c.end.need.Peers)
	}
	for _, p := range r.peers { // of a subscriber that calls its publishers
		add(p.sock, len(r.Cell.Endpoints))
	}
	return links
}

func (l *link) look(now int64) {
	n, last := l.peers.Peers(), len(l.outages)-1
	down := last >= 0 && l.outages[last].back == 0
	switch {
	case n >= l.want:
		if down {
			l.outages[last].back = now
		} else if l.missing != 0 {
			l.outages = append(l.outages, outage{died: l.missing, back: now, uncounted: true})
		}
		l.begun, l.missing = true, 0
	case !l.begun || down:
	case l.missing == 0:
		l.missing = now
	case now-l.missing >= int64(leastMissing):
		l.outages = append(l.outages, outage{died: l.missing, uncounted: true})
	}
}
