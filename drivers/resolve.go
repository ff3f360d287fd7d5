package drivers

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"zbench/engines"
	"zbench/results"
)

// ErrInvalid is wrapped by every refusal of a cell.
var ErrInvalid = errors.New("invalid cell")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

const (
	defaultDurationS = 10
	maxWarmupS       = 1
	maxSockets       = 4000 // clients, or peers
	maxMiddles       = 255
	maxConnections   = 1024
	maxRate          = 1e9 // the clock counts ns
	maxDurationS     = 7 * 24 * 3600
)

// Resolve fills in what a cell leaves open and refuses what contradicts
// itself. It asks no engine; Check does. A resolved cell stays as it is.
func Resolve(c *results.Cell) error {
	p, ok := findPattern(c.Pattern)
	if !ok {
		return invalid("pattern %q: there are %s", c.Pattern, strings.Join(Patterns(), ", "))
	}
	for _, step := range []func(*results.Cell, pattern) error{
		resolveSubscribe, resolveEngines, resolveCounts, inLimits, resolveAtHWM, belong, resolveListen,
		resolveBody, resolveLoop, resolveTime, resolvePeer, resolvePlace,
	} {
		if err := step(c, p); err != nil {
			return err
		}
	}
	return nil
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func resolveEngines(c *results.Cell, p pattern) error {
	if c.Engine == "" && c.Placement != Served {
		return invalid("engine: none; name one")
	}
	setDefault(&c.PeerEngine, c.Engine)
	if p.hasMiddle() {
		setDefault(&c.MiddleEngine, c.PeerEngine)
	} else if c.MiddleEngine != "" {
		return invalid("middle-engine: %s has no middle; leave it out", p.name)
	}
	setDefault(&c.Security, "null")
	setDefault(&c.Transport, "tcp")
	if !slices.Contains(engines.Transports(), c.Transport) {
		return invalid("transport %q: there are %s", c.Transport, strings.Join(engines.Transports(), ", "))
	}
	_, _, err := parseSecurity(*c)
	return err
}

func resolveCounts(c *results.Cell, p pattern) error {
	setDefault(&c.Clients, 1)
	setDefault(&c.Connections, 1)
	if p.paired {
		setDefault(&c.Peers, c.Clients)
	}
	setDefault(&c.Peers, 1)
	if p.hasMiddle() {
		setDefault(&c.Middles, 1)
	}
	return nil
}

// inLimits refuses numbers that nobody can mean.
func inLimits(c *results.Cell, _ pattern) error {
	for _, n := range []struct {
		key   string
		value int
		most  int
	}{
		{"clients", c.Clients, maxSockets}, {"peers", c.Peers, maxSockets}, {"middles", c.Middles, maxMiddles},
		{"connections", c.Connections, maxConnections}, {"topics", c.Topics, maxSockets}, {"hwm", c.HWM, 1 << 30},
		{"sndbuf", c.SndBuf, 1 << 30}, {"rcvbuf", c.RcvBuf, 1 << 30},
		{"io-threads", c.IOThreads, 1024},
	} {
		if n.value < 0 || n.value > n.most {
			return invalid("%s %d: choose from 0 to %d", n.key, n.value, n.most)
		}
	}
	return nil
}

func resolveAtHWM(c *results.Cell, p pattern) error {
	switch publishes := p.load == engines.PUB || p.back == engines.XPUB; {
	case publishes:
		setDefault(&c.AtHWM, "drop")
		if c.AtHWM != "drop" && c.AtHWM != AtHWMBlock {
			return invalid("at-hwm %q: there are drop and block", c.AtHWM)
		}
	case c.AtHWM != "":
		return invalid("at-hwm %s: %s has no publisher, and its sockets block; leave it out", c.AtHWM, p.name)
	}
	return nil
}

// belong refuses numbers of sockets that do not make the pattern.
func belong(c *results.Cell, p pattern) error {
	switch {
	case !p.hasMiddle() && c.Middles > 0:
		return invalid("middles: %s has no middle; leave it out", p.name)
	case p.load == engines.PAIR && c.Peers != c.Clients:
		return invalid("peers %d: each PAIR talks to one other; make it the same as clients (%d)", c.Peers, c.Clients)
	case p.paired && c.Peers < c.Clients:
		return invalid("peers %d: every client of %s needs at least one of its own; make it %d or more", c.Peers, p.name, c.Clients)
	case p.paired && c.Connections > 1:
		return invalid("connections %d: two sockets of %s share one connection; leave it at 1", c.Connections, p.name)
	case p.fanOut && c.Connections > 1:
		return invalid("connections %d: a second connection would bring every subscriber each message twice; leave it at 1", c.Connections)
	case !p.fanOut && c.Topics > 0:
		return invalid("topics: %s has none; use pub-sub or forwarder", p.name)
	case p.fanOut && p.hasMiddle() && c.Peers < c.Middles:
		return invalid("middles %d: with %d peers some would forward to nobody; use at most %d", c.Middles, c.Peers, c.Peers)
	}
	return nil
}

func resolveListen(c *results.Cell, p pattern) error {
	if p.hasMiddle() {
		if len(c.Endpoints) > 0 && c.Placement != Served && c.Listen != "middle" {
			return invalid("%s: its middle is zbench's own, which connect and bind would leave out; to load somebody else's use %s", p.name, p.withoutMiddle())
		}
		if c.Listen != "" && c.Listen != "middle" {
			return invalid("listen: in %s the middle listens; leave it out", p.name)
		}
		c.Listen = "middle"
		return nil
	}
	setDefault(&c.Listen, p.listen)
	if c.Listen != "load" && c.Listen != "peer" {
		return invalid("listen %q: there are load and peer", c.Listen)
	}
	return nil
}

func resolveBody(c *results.Cell, _ pattern) error {
	if err := resolveTemplate(c); err != nil {
		return err
	}
	setDefault(&c.Size, "64")
	mix, err := ParseSizes(c.Size)
	if err != nil {
		return invalid("%v", err)
	}
	c.MeanSizeBytes = mix.Mean()
	setDefault(&c.Frames, 1)
	if c.Frames < 1 || c.Frames > 1024 {
		return invalid("frames %d: choose from 1 to 1024", c.Frames)
	}
	setDefault(&c.Payload, "random")
	if c.Payload != "zero" && c.Payload != "random" && !strings.HasPrefix(c.Payload, "file:") && !strings.HasPrefix(c.Payload, TemplatePrefix) {
		return invalid("payload %q: there are zero, random, file:PATH and template:TEXT", c.Payload)
	}
	if len(c.Identity) > 200 || strings.HasPrefix(c.Identity, "\x00") {
		return invalid("identity %q: use 1 to 200 bytes, the first of them not zero", c.Identity)
	}
	return nil
}

func resolvePeer(c *results.Cell, p pattern) error {
	if _, err := ParseDelay(c.PeerDelay); err != nil {
		return invalid("peer-delay %v", err)
	}
	if _, err := ParseStall(c.PeerStall); err != nil {
		return invalid("peer-stall %v", err)
	}
	switch {
	case c.TimeoutS == 0:
	case math.IsNaN(c.TimeoutS) || c.TimeoutS < 0.001 || c.TimeoutS > 3600:
		return invalid("timeout %gs: choose from 1ms to 1h", c.TimeoutS)
	case !p.roundTrip(c.Loop):
		return invalid("timeout: nothing comes back in %s, so nothing is waited for; leave it out", p.name)
	}
	if c.AllowLoss < 0 || c.AllowLoss >= 1 || math.IsNaN(c.AllowLoss) {
		return invalid("allow-loss %g%%: choose from 0%% to below 100%%", c.AllowLoss*100)
	}
	if c.AllowLoss > 0 && !p.drops {
		return invalid("allow-loss %g%%: %s promises delivery, so none may be lost; leave it out, or use pub-sub or forwarder", c.AllowLoss*100, p.name)
	}
	return nil
}

// AtHWMBlock has publishers wait for their slowest subscriber instead of
// dropping what it has no room for.
const AtHWMBlock = "block"

// Served is the placement of a cell whose peer side alone is ours.
const Served = "processes"

// resolvePlace checks endpoints that were given: then only the load side is
// ours, or only the peer side where the cell is to be served.
func resolvePlace(c *results.Cell, p pattern) error {
	if len(c.Endpoints) == 0 {
		c.Endpoints = []string{}
		setDefault(&c.Placement, "goroutines")
		return nil
	}
	for _, e := range c.Endpoints {
		transport, _, err := engines.ParseEndpoint(e)
		if err != nil {
			return invalid("%v", err)
		}
		if transport == "inproc" {
			return invalid("endpoint %q: inproc ends at this process, so no external peer can be there; use tcp or ipc", e)
		}
		c.Transport = transport
	}
	if p.addressed && c.Placement != Served {
		return invalid("%s: its peers announce themselves, which only those of the same process do; leave connect and bind out", p.name)
	}
	if c.Placement == Served {
		c.Engine = results.External
		if p.hasMiddle() {
			return invalid("serve %s: only the sides of patterns without a middle can be served", p.name)
		}
		return nil
	}
	c.Placement, c.PeerEngine = "external", results.External
	switch {
	case c.PeerDelay != "" || c.PeerStall != "":
		return invalid("peer-delay and peer-stall slow zbench's own peer: leave them out with connect or bind")
	}
	return nil
}
