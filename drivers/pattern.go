package drivers

import (
	"zbench/engines"
	"zbench/results"
)

// pattern is a row of the pattern table: which socket types talk, in which
// roles, and what the loops must know of it. Loops read the row; none of them
// knows a pattern by name.
type pattern struct {
	name        string
	load, peer  engines.Kind
	front, back engines.Kind // of the middle, facing load and peer; zero: no middle
	loops       []results.Loop
	echo        bool   // the peer sends every message back: a round trip
	oneWayAtMax bool   // in the max loop the peer collects instead
	delimiter   bool   // the load side adds the empty frame that REP expects
	addressed   bool   // the load side routes by identity; peers announce themselves
	paired      bool   // a peer belongs to one client
	fanOut      bool   // every matching peer gets every message
	drops       bool   // may lose messages by design
	inWindow    string // the pattern to use for a window, where this one has none
	listen      string // who binds unless said otherwise, where there is no middle
}

var patterns = []pattern{
	{name: "req-rep", load: engines.REQ, peer: engines.REP, loops: locked, echo: true, inWindow: "dealer-rep", listen: "peer"},
	{name: "req-router", load: engines.REQ, peer: engines.ROUTER, loops: locked, echo: true, inWindow: "dealer-router", listen: "peer"},
	{name: "router-dealer", load: engines.ROUTER, peer: engines.DEALER, loops: flowing, echo: true, addressed: true, paired: true, listen: "load"},
	{name: "dealer-router", load: engines.DEALER, peer: engines.ROUTER, loops: flowing, echo: true, listen: "peer"},
	{name: "dealer-rep", load: engines.DEALER, peer: engines.REP, loops: flowing, echo: true, delimiter: true, listen: "peer"},
	{name: "broker", load: engines.REQ, front: engines.ROUTER, back: engines.DEALER, peer: engines.REP, loops: locked, echo: true, inWindow: "broker-dealer"},
	{name: "broker-dealer", load: engines.DEALER, front: engines.ROUTER, back: engines.DEALER, peer: engines.REP, loops: flowing, echo: true, delimiter: true},
	{name: "pub-sub", load: engines.PUB, peer: engines.SUB, loops: oneWay, fanOut: true, drops: true, listen: "load"},
	{name: "forwarder", load: engines.PUB, front: engines.XSUB, back: engines.XPUB, peer: engines.SUB, loops: oneWay, fanOut: true, drops: true},
	{name: "push-pull", load: engines.PUSH, peer: engines.PULL, loops: oneWay, listen: "peer"},
	{name: "pipeline", load: engines.PUSH, front: engines.PULL, back: engines.PUSH, peer: engines.PULL, loops: oneWay},
	{name: "pair", load: engines.PAIR, peer: engines.PAIR, loops: anyLoop, echo: true, oneWayAtMax: true, paired: true, listen: "peer"},
}

var (
	locked  = []results.Loop{results.Lockstep, results.ScheduledLockstep}
	flowing = []results.Loop{results.Window, results.Open}
	oneWay  = []results.Loop{results.Open, results.Max}
	anyLoop = []results.Loop{results.Window, results.Open, results.Max}
)

// Patterns returns the names of all patterns.
func Patterns() []string {
	names := make([]string, len(patterns))
	for i, p := range patterns {
		names[i] = p.name
	}
	return names
}

func findPattern(name string) (pattern, bool) {
	for _, p := range patterns {
		if p.name == name {
			return p, true
		}
	}
	return pattern{}, false
}

func (p pattern) hasMiddle() bool { return p.front != 0 }

// withoutMiddle is the name of the pattern with the same sockets at its ends.
func (p pattern) withoutMiddle() string {
	for _, q := range patterns {
		if !q.hasMiddle() && q.load == p.load && q.peer == p.peer {
			return q.name
		}
	}
	return p.name
}

func (p pattern) has(l results.Loop) bool {
	for _, have := range p.loops {
		if have == l {
			return true
		}
	}
	return false
}

// roundTrip reports whether messages come back to the load side in that loop.
func (p pattern) roundTrip(l results.Loop) bool {
	return p.echo && !(p.oneWayAtMax && l == results.Max)
}

// latencyKind is what a latency of this pattern means.
func (p pattern) latencyKind(l results.Loop) string {
	if p.roundTrip(l) {
		return "round_trip"
	}
	return "one_way"
}
