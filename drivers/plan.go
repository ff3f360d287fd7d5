package drivers

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// role is one side of a pattern.
type role uint8

const (
	roleLoad role = iota
	roleFront
	roleBack
	rolePeer
)

func (r role) String() string { return [...]string{"client", "middle", "middle", "peer"}[r] }

// end is one socket to be opened: which, with what needs, and who connects
// to whom.
type end struct {
	role  role
	index int
	need  engines.Need
}

func (e end) String() string { return fmt.Sprintf("%s %d (%s)", e.role, e.index+1, e.need.Kind) }

// plan is a cell worked out for the loops.
type plan struct {
	Setup
	pattern
	credentials credentials
	sizes       SizeMix
	spec        load.Spec
	delay       Delay
	stall       Stall
	payload     []byte
	template    *template // nil: all bodies begin with the payload
	run         uint32    // of the stamps
	stamped     bool      // every body has room for a stamp
	matching    matching
	roundTrip   bool
	handsUp     bool // the middle passes subscriptions upstream
	flowsEach   int  // flows of one client
	latencies   string
	timeout     time.Duration
}

func newPlan(s Setup) (*plan, error) {
	p := &plan{Setup: s}
	row, ok := findPattern(s.Cell.Pattern)
	if !ok {
		return nil, invalid("pattern %q", s.Cell.Pattern)
	}
	p.pattern = row
	c := s.Cell
	var err error
	if p.sizes, err = ParseSizes(c.Size); err != nil {
		return nil, err
	}
	if p.credentials, err = newCredentials(s); err != nil {
		return nil, err
	}
	if p.spec, err = schedule(c, s.Seed); err != nil {
		return nil, err
	}
	if p.delay, err = ParseDelay(c.PeerDelay); err != nil {
		return nil, err
	}
	if p.stall, err = ParseStall(c.PeerStall); err != nil {
		return nil, err
	}
	h := fnv.New32a()
	fmt.Fprint(h, s.ID, s.Seed)
	p.run = runID(h.Sum32())
	if p.template, err = templateOf(c.Payload); err != nil {
		return nil, err
	}
	p.stamped = p.sizes.Min() >= StampSize && p.template == nil
	if !p.stamped {
		p.matching = byNothing
	}
	p.roundTrip = row.roundTrip(c.Loop) && !p.serving() // a sink never answers
	p.latencies = "none"
	if p.stamped && (p.roundTrip || !p.external()) {
		p.latencies = row.latencyKind(c.Loop)
	}
	p.flowsEach = max(1, c.Topics)
	if row.addressed {
		p.flowsEach = c.Peers
	}
	p.timeout = s.Timeout
	if p.timeout <= 0 {
		p.timeout = 10 * time.Second
	}
	return p, nil
}

func schedule(c results.Cell, seed uint64) (load.Spec, error) {
	spec := load.Spec{
		Arrival: load.Arrival(c.Arrival),
		Warmup:  seconds(c.WarmupS),
		Count:   c.Count,
		Seed:    seed,
	}
	var err error
	switch {
	case c.Stages != "":
		spec.Stages, err = load.ParseStages(c.Stages)
	case c.RateMsgsPerS > 0:
		spec.Rate, err = RateOf(c.RateMsgsPerS)
		fallthrough
	default:
		spec.Duration = seconds(c.DurationS)
	}
	if err != nil {
		return spec, err
	}
	return spec, spec.Validate()
}

// RateOf is the rate with nine decimals, the finest that a schedule keeps.
func RateOf(perSecond float64) (load.Rate, error) {
	text := strings.TrimRight(strconv.FormatFloat(perSecond, 'f', 9, 64), "0")
	return load.ParseRate(strings.TrimSuffix(text, "."))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// external reports whether the peers are somebody else's.
func (p *plan) external() bool { return len(p.Cell.Endpoints) > 0 && !p.serving() }

// serving reports whether the load is somebody else's.
func (p *plan) serving() bool { return p.Cell.Placement == Served }

// linked reports whether that client and that peer talk to each other.
func (p *plan) linked(client, peer int) bool {
	return !p.paired || peer%p.Cell.Clients == client
}

// behind reports whether that peer sits behind that middle. With fan-out a
// peer has one middle, else it would get every message more than once.
func (p *plan) behind(middle, peer int) bool {
	return !p.fanOut || peer%p.Cell.Middles == middle
}

// wants reports whether that peer subscribes to that topic.
func (p *plan) wants(peer, topic int) bool {
	return p.Cell.Topics == 0 || peer%p.Cell.Topics == topic
}

func topicName(i int) []byte { return fmt.Appendf(nil, "topic-%04d", i) }

// subscriptions are the prefixes of a peer.
func (p *plan) subscriptions(peer int) [][]byte {
	if p.subscribes() {
		return prefixes(p.Cell.Subscribe)
	}
	if p.Cell.Topics == 0 {
		return [][]byte{{}}
	}
	return [][]byte{topicName(peer % p.Cell.Topics)}
}

// upstream are the prefixes that a middle subscribes to by itself where its
// engine does not hand subscriptions up.
func (p *plan) upstream(middle int) [][]byte {
	if p.Cell.Topics == 0 {
		return [][]byte{{}}
	}
	var all [][]byte
	for t := range p.Cell.Topics {
		for peer := range p.Cell.Peers {
			if p.behind(middle, peer) && p.wants(peer, t) {
				all = append(all, topicName(t))
				break
			}
		}
	}
	return all
}

// skip is the number of frames before the parts that the driver made, as a
// socket of that role receives them.
func (p *plan) skip(r role) int {
	switch {
	case r == rolePeer && p.peer == engines.SUB && p.Cell.Topics > 0:
		return 1 // topic
	case r == rolePeer && p.peer == engines.ROUTER && p.load == engines.REQ:
		return 2 // identity, delimiter
	case r == rolePeer && p.peer == engines.ROUTER:
		return 1
	case r == roleLoad && p.addressed:
		return 1 // identity
	case r == roleLoad && p.delimiter:
		return 1
	}
	return 0
}
