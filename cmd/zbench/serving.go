package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
	"zbench/scenarios"
	"zbench/services"
)

// serving is one service, checked: what it is in the words of a cell, and when
// it ends.
type serving struct {
	role     string
	cell     results.Cell
	row      drivers.Row
	front    []string // of a broker
	back     []string
	count    uint64
	duration time.Duration
	engine   engines.Engine
	password string
	keys     engines.Curve // of a server
	security engines.Security
	options  runOptions
}

// service makes a service of the flags and checks it.
func (a *app) service(role string, flags *pflag.FlagSet, o runOptions) (*serving, error) {
	s := &serving{role: role, cell: drivers.NewCell(), password: os.Getenv(drivers.PasswordVariable), options: o}
	if err := s.read(a.fields(), flags); err != nil {
		return nil, err
	}
	c := &s.cell
	s.count, s.duration = c.Count, time.Duration(c.DurationS*float64(time.Second))
	if err := s.fits(); err != nil {
		return nil, err
	}
	if c.PeerEngine == "" {
		c.PeerEngine = scenarios.LoadEngine
	}
	s.engine = a.engines[c.PeerEngine]()
	// Either side of somebody else's may bind: bind and connect say which we do.
	c.Placement, c.Listen = drivers.Served, "peer"
	if flags.Changed("connect") {
		c.Listen = "load"
	}
	if err := s.resolve(); err != nil {
		return nil, err
	}
	if err := checkReach(*c); err != nil {
		return nil, usage("%v", err)
	}
	if err := s.secure(); err != nil {
		return nil, err
	}
	err := s.check()
	if errors.Is(err, engines.ErrUnsupported) && !strings.Contains(err.Error(), "--force") {
		return nil, usage("%s; or try it all the same with --force", plain(err))
	}
	return s, err
}

// read fills in what the flags say, and refuses those of other roles.
func (s *serving) read(fields []scenarios.Field, flags *pflag.FlagSet) error {
	for _, k := range serveKeys {
		flag := flags.Lookup(k.flag)
		if !flag.Changed {
			continue
		}
		if k.roles != nil && !slices.Contains(k.roles, s.role) {
			return usage("--%s is for %s, not for %s; leave it out", k.flag, strings.Join(k.roles, " and "), s.role)
		}
		f, _ := scenarios.Find(fields, k.key)
		f.Key = k.flag // which is what errors name
		into := &s.cell
		if k.flag == "front" || k.flag == "back" {
			into = new(results.Cell)
		}
		if err := f.Apply(into, scenarios.Value{Text: flag.Value.String(), At: scenarios.Place{Flag: "--" + k.flag}}); err != nil {
			return err
		}
		switch k.flag {
		case "front":
			s.front = into.Endpoints
		case "back":
			s.back = into.Endpoints
		}
	}
	return nil
}

// fits says why a pattern cannot be served in that role.
func (s *serving) fits() error {
	c := &s.cell
	if s.role == roleBroker {
		if c.Pattern == "" || len(s.front) == 0 || len(s.back) == 0 {
			return usage("serve broker needs --pattern, --front and --back, like --pattern broker --front tcp://127.0.0.1:5557 --back tcp://127.0.0.1:5558")
		}
	} else if c.Pattern == "" || len(c.Endpoints) == 0 {
		return usage("serve %s needs --pattern and --bind or --connect, like --pattern push-pull --bind tcp://127.0.0.1:5555", s.role)
	}
	s.row, _ = drivers.FindRow(c.Pattern)
	middle := s.row.Front != 0
	switch {
	case s.role == roleBroker && !middle:
		return usage("%s has no middle; serve a broker with --pattern broker, forwarder or pipeline", c.Pattern)
	case s.role == roleBroker:
	case middle:
		return usage("%s has a middle; serve that as a broker, and its other sides with the pattern that has the same socket types", c.Pattern)
	case s.role == roleEcho && !s.row.Echoes():
		return usage("%s sends nothing back; serve a sink", c.Pattern)
	case s.role == roleSink && !s.row.Sinks():
		return usage("the peer of %s answers; serve an echo", c.Pattern)
	case s.role == roleSource && s.row.Load == engines.ROUTER:
		return usage("%s: its load side addresses peers that announce themselves, which only those of one process do; use zbench run --pattern %s without --connect and --bind", c.Pattern, c.Pattern)
	case s.role == roleSource && !s.row.Sources():
		return usage("the load side of %s waits for answers; use zbench run --pattern %s with --connect or --bind", c.Pattern, c.Pattern)
	case strings.HasPrefix(c.Payload, drivers.TemplatePrefix):
		return usage("--payload %s: templates are for services that zbench run loads; use zero, random or file:PATH", c.Payload)
	case s.count > 0 && s.duration > 0:
		return usage("--count and --duration contradict each other: leave one out")
	}
	return nil
}

// resolve fills in what is open. The count and the duration are the service's:
// nobody knows those of the load.
func (s *serving) resolve() error {
	c := &s.cell
	if s.role == roleBroker {
		c.MiddleEngine, c.Engine, c.PeerEngine, c.Middles = c.PeerEngine, results.External, results.External, 1
		c.Endpoints, c.Listen = append(slices.Clone(s.front), s.back...), "middle"
		c.Transport, _, _ = engines.ParseEndpoint(s.front[0])
		c.Clients, c.Binds = max(1, c.Clients), []string{}
		return nil
	}
	if s.role != roleSource {
		c.Count, c.DurationS = 0, 0
	}
	if s.role == roleSink || s.role == roleSource && c.RateMsgsPerS == 0 {
		c.Loop = results.Max
	}
	if err := drivers.Resolve(c); err != nil {
		return err
	}
	if s.role == roleSource {
		c.Engine, c.PeerEngine = c.PeerEngine, results.External
		c.DurationS = s.duration.Seconds()
	}
	return nil
}

// secure makes what the sockets show their peers. Who listens with CURVE has
// keys of its own.
func (s *serving) secure() (err error) {
	listens := s.cell.Listen != "load"
	if s.security, err = drivers.SecurityOf(s.setup(), listens); listens {
		s.keys = s.security.Curve // which a sink makes no others beside
	}
	return err
}

// check asks the engine.
func (s *serving) check() error {
	switch s.role {
	case roleSink:
		return drivers.Check(s.setup())
	case roleEcho:
		return s.sockets().Check(services.EchoUse)
	case roleSource:
		return s.sockets().Check(services.SourceUse(s.row.Load))
	}
	b := s.broker()
	return b.Check()
}

// doubt is what may go wrong with that engine though nothing was asked of it
// that it refuses.
func (s *serving) doubt() error {
	switch s.role {
	case roleSink:
		return nil
	case roleEcho:
		return s.sockets().Doubt(services.EchoUse)
	case roleSource:
		return s.sockets().Doubt(services.SourceUse(s.row.Load))
	}
	b := s.broker()
	return b.Doubt()
}

// setup is a sink's.
func (s *serving) setup() drivers.Setup {
	setup := drivers.Setup{
		Scenario: "serve-" + s.role, Repeat: 1, Cell: s.cell, Seed: 1, Force: s.options.force, Peer: s.engine,
		Password: s.password, Keys: s.keys,
	}
	setup.ID = results.NewID(setup.Scenario, s.cell, 1)
	return setup
}

// sockets are those of an echo or a source.
func (s *serving) sockets() services.Setup {
	c := &s.cell
	set := services.Setup{
		Engine: s.engine, Kind: s.row.Peer, Sockets: c.Peers, Listen: c.Listen == "peer", Endpoints: c.Endpoints,
		Peers: c.Clients, Force: s.options.force,
		Until: services.Until{Count: s.count, Duration: s.duration},
	}
	if s.role == roleSource {
		mix, _ := drivers.ParseSizes(c.Size) // Resolve has read it
		set.Kind, set.Frames, set.MinFrame, set.MaxFrame = s.row.Load, c.Frames, mix.Min(), mix.Max()
	}
	if set.Kind == engines.PAIR {
		set.Peers = 1
	}
	set.Options = s.socketOptions(set.Kind)
	return set
}

func (s *serving) socketOptions(k engines.Kind) engines.Options {
	c := &s.cell
	o := engines.Options{
		SendBuf: c.SndBuf, RecvBuf: c.RcvBuf, IOThreads: c.IOThreads, Identity: []byte(c.Identity),
		NoDrop: c.AtHWM == drivers.AtHWMBlock, Security: s.security,
	}
	if k.CanSend() {
		o.SendHWM = c.HWM
	}
	if k.CanRecv() {
		o.RecvHWM = c.HWM
	}
	return o
}

// broker is the middle; its peers are as many as the engine lets them be.
func (s *serving) broker() services.Broker {
	side := func(k engines.Kind, endpoints []string) services.Setup {
		return services.Setup{
			Engine: s.engine, Kind: k, Listen: true, Endpoints: endpoints, Peers: s.cell.Clients, Force: s.options.force,
			Options: s.socketOptions(k), Until: services.Until{Count: s.count, Duration: s.duration},
		}
	}
	return services.Broker{Front: side(s.row.Front, s.front), Back: side(s.row.Back, s.back)}
}

// load is what a source sends.
func (s *serving) load(seed uint64) (services.Load, error) {
	c := &s.cell
	l := services.Load{
		Arrival: load.Arrival(c.Arrival), Frames: c.Frames, Payload: c.Payload, Topics: c.Topics,
		Name: results.NewID("serve-source", *c, 1), Seed: seed,
	}
	var err error
	if l.Sizes, err = drivers.ParseSizes(c.Size); err != nil {
		return l, err
	}
	if c.RateMsgsPerS > 0 {
		l.Rate, err = drivers.RateOf(c.RateMsgsPerS)
	}
	return l, err
}
