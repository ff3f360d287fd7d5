package services

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// Load is what a source sends. Bodies of drivers.StampSize and more begin with
// zbench's stamp, so that its sink can time them.
type Load struct {
	Rate    load.Rate // of all sockets; zero: as fast as it goes
	Arrival load.Arrival
	Sizes   drivers.SizeMix
	Frames  int    // parts of a message, all alike but for the stamp; 0: 1
	Payload string // as in a cell
	Topics  int    // sent in turn as a first frame; 0: none
	Name    string // of the stamps; sources that send at once differ in it
	Seed    uint64
}

// SourceUse is how a source uses sockets of that kind.
func SourceUse(k engines.Kind) engines.Use {
	if k.CanRecv() {
		return engines.Duplex // replies, which it throws away
	}
	return engines.SendOnly
}

// source is one socket that sends.
type source struct {
	*service
	Load
	sock      engines.Socket
	count     *meter
	arrivals  load.Arrivals
	pacer     *load.Pacer
	stamps    []drivers.Stamper // by topic
	next      func() int        // size of the body
	payload   []byte
	until     time.Duration
	begin     func() int64 // waits for the peers; clock reading of the start
	late      *hdr.Histogram
	offered   uint64
	scheduled bool // messages have due times of their own
}

// Source sends from the moment on at which every socket has a peer, as far as
// the engine can tell.
func Source(ctx context.Context, set Setup, l Load) (Summary, error) {
	spec, err := l.schedule(set.Until)
	if err != nil {
		return Summary{}, err
	}
	payload, err := l.stamper(0).Payload(l.Payload, max(l.Sizes.Max(), drivers.StampSize))
	if err != nil {
		return Summary{}, err
	}
	set.Options.Payload = payload
	use := SourceUse(set.Kind)
	lingers := set
	lingers.Options.Linger = lingerTime
	if lingers.Check(use) == nil {
		set = lingers
	}
	opened, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	socks, bound, err := set.open(opened, use)
	if err != nil {
		return Summary{}, err
	}
	s := newService(socks, bound, len(socks))
	all := s.sources(l, spec, payload, set.Duration)
	for i, sock := range socks {
		s.loops.Go(func() {
			all[i].send()
			if set.Options.Linger == 0 {
				time.Sleep(graceTime)
			}
		})
		if set.Kind.CanRecv() {
			go drain(sock)
		}
	}
	sum, err := s.attend(ctx, Until{OnReady: set.OnReady, OnTick: set.OnTick})
	limited := set.Count > 0 || set.Duration > 0
	if err == nil && limited && ctx.Err() != nil && !(set.Count > 0 && sum.Messages >= set.Count) {
		err = drivers.ErrNotServed
	}
	sum.weigh(all)
	return sum, err
}

// schedule is when messages are due; without a limit, for ever.
func (l Load) schedule(u Until) (load.Spec, error) {
	spec := load.Spec{Rate: l.Rate, Arrival: l.Arrival, Count: u.Count, Duration: u.Duration, Seed: l.Seed}
	switch {
	case !spec.Scheduled():
	case spec.Count == 0 && spec.Duration == 0:
		spec.Duration = longest
	default:
		if err := spec.Validate(); err != nil {
			return spec, fmt.Errorf("%w: %w", drivers.ErrInvalid, err)
		}
	}
	return spec, nil
}

// sources makes one for each socket; they start together.
func (s *service) sources(l Load, spec load.Spec, payload []byte, until time.Duration) []*source {
	pacers := load.NewPacers(len(s.socks), &s.stop)
	var start startLine
	all := make([]*source, len(s.socks))
	for i, sock := range s.socks {
		all[i] = &source{
			service: s, Load: l, sock: sock, count: s.meters[i], arrivals: spec.Client(i, len(s.socks)), pacer: pacers[i],
			next: drivers.Sizes(l.Sizes, l.Seed, uint64(i)), payload: payload, until: until,
			begin: func() int64 { return start.wait(s) }, late: hdr.New(1, int64(time.Hour), 3),
			scheduled: spec.Scheduled(),
		}
		for t := range max(1, l.Topics) {
			all[i].stamps = append(all[i].stamps, l.stamper(uint32(i*max(1, l.Topics)+t)))
		}
	}
	return all
}

const (
	// lingerTime is how long what was sent may take to leave at the end.
	lingerTime = 5 * time.Second
	// graceTime is the same for an engine that does not linger.
	graceTime = 200 * time.Millisecond
)

// longest is the schedule of a source that only ctx ends.
const longest = 365 * 24 * time.Hour

func (l *Load) stamper(flow uint32) drivers.Stamper {
	return drivers.NewStamper(l.Name, l.Seed, flow, !l.Rate.IsZero())
}

// weigh adds what the sources know of their schedule.
func (s *Summary) weigh(all []*source) {
	if all[0].Rate.IsZero() {
		return
	}
	late := hdr.New(1, int64(time.Hour), 3)
	offered := uint64(0)
	for _, o := range all {
		late.Merge(o.late)
		offered += o.offered
	}
	s.Unsent = offered - min(s.Messages, offered)
	p50, p99, most := late.ValueAtQuantile(50), late.ValueAtQuantile(99), late.Max()
	s.Late = &results.Summary{Count: uint64(late.TotalCount()), P50NS: &p50, P99NS: &p99, MaxNS: &most}
}

// startLine is the start that all sockets share: the first to come fixes it.
type startLine struct{ at atomic.Int64 }

// subscribeTime is what subscribers get to join a publisher that does not know
// them.
const subscribeTime = 500 * time.Millisecond

// wait returns when every socket has a peer.
func (l *startLine) wait(s *service) int64 {
	since := time.Now()
	for !s.stop.Load() {
		n := 0
		for _, sock := range s.socks {
			if a, ok := sock.(engines.Attended); ok && a.Peers() > 0 || !ok && time.Since(since) >= subscribeTime {
				n++
			}
		}
		if n == len(s.socks) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	l.at.CompareAndSwap(0, load.Now())
	return l.at.Load()
}

// drain throws away what comes back.
func drain(sock engines.Socket) {
	ms := make([]*engines.Msg, burst)
	for {
		n, err := sock.Recv(ms)
		if err != nil {
			return
		}
		engines.Release(ms[:n])
	}
}
