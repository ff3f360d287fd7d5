package zmtp

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// maxSubscriptions is how many prefixes one peer may have.
const maxSubscriptions = 1 << 17

// subscriptions are a peer's prefixes and how often it subscribed to each
// (RFC 37: they add up, and each takes its own CANCEL). The registry's lock
// guards them.
type subscriptions map[string]int

// registry knows what the peers of a publisher want.
type registry struct {
	core *core
	// changed says that the compiled form is out of date.
	changed atomic.Bool

	mu    sync.Mutex
	total map[string]int // peers that have each prefix
}

// set counts a subscription of p, or its end. first and last report whether
// p is the first to want the topic, or was the last.
func (r *registry) set(p *peer, topic string, on bool) (first, last bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.subs == nil {
		p.subs = make(subscriptions)
	}
	n := p.subs[topic]
	switch {
	case on && n == 0 && len(p.subs) == maxSubscriptions:
		return false, false, fmt.Errorf("%w: more than %d subscriptions", ErrCommand, maxSubscriptions)
	case on && n == 0:
		first = r.count(topic, 1)
	case !on && n == 0:
		return false, false, nil // never subscribed
	case !on && n == 1:
		last = r.count(topic, -1)
	}
	if on {
		p.subs[topic] = n + 1
	} else if n == 1 {
		delete(p.subs, topic)
	} else {
		p.subs[topic] = n - 1
	}
	return first, last, nil
}

// count adds d peers to a topic and reports whether it appeared or vanished.
func (r *registry) count(topic string, d int) bool {
	r.changed.Store(true)
	if r.total == nil {
		r.total = make(map[string]int)
	}
	was := r.total[topic]
	if was+d == 0 {
		delete(r.total, topic)
		return true
	}
	r.total[topic] = was + d
	return was == 0
}

// subscribers is how many of peers want anything at all.
func (r *registry) subscribers(peers []*peer) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range peers {
		if len(p.subs) > 0 {
			n++
		}
	}
	return n
}

// forget ends all subscriptions of p and returns those that nobody else has.
func (r *registry) forget(p *peer) (last []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for t := range p.subs {
		if r.count(t, -1) {
			last = append(last, t)
		}
	}
	p.subs = nil
	r.changed.Store(true)
	return last
}

// table is what peers want, compiled for matching: for each length of prefix
// the peers by prefix, as indices into peers.
type table struct {
	peers   []*peer
	all     []int // who wants everything
	lengths []int // of the other prefixes
	by      map[string][]int
	mark    []int // the last message that matched, by peer
}

// compile builds the table of peers.
func (r *registry) compile(peers []*peer) *table {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed.Store(false)
	t := &table{peers: peers, by: make(map[string][]int), mark: make([]int, len(peers))}
	for i, p := range peers {
		t.mark[i] = -1
		if p.subs[""] > 0 {
			t.all = append(t.all, i)
			continue
		}
		for topic := range p.subs {
			t.by[topic] = append(t.by[topic], i)
			if !slices.Contains(t.lengths, len(topic)) {
				t.lengths = append(t.lengths, len(topic))
			}
		}
	}
	slices.Sort(t.lengths)
	return t
}

// match calls hit once for each peer that wants messages of that first frame;
// i is the message's number, not the same as in the call before.
func (t *table) match(first []byte, i int, hit func(peer int)) {
	for _, k := range t.all {
		hit(k)
	}
	for _, n := range t.lengths {
		if n > len(first) {
			return
		}
		for _, k := range t.by[string(first[:n])] {
			if t.mark[k] != i {
				t.mark[k] = i
				hit(k)
			}
		}
	}
}
