package drivers

import (
	"zbench/engines"
)

// link is a socket whose peers are somebody else's and answer nothing: sinks of
// a load, or publishers. All that can be known of them is whether they are
// connected.
type link struct {
	peers   engines.Attended
	want    int
	outages []outage
	begun   bool // all were there once
}

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
	case n >= l.want && down:
		l.outages[last].back = now
	case n >= l.want:
		l.begun = true
	case l.begun && !down:
		l.outages = append(l.outages, outage{died: now, uncounted: true})
	}
}
