// Package services is the other side of a pattern for clients in any language
// and of any implementation: an echo, a source, and the middle of a broker.
// (A sink that measures is drivers.Serve.) A service knows nothing of what
// comes and takes every message as it is.
//
// Each socket has a loop of its own. A supervisor looks every few milliseconds
// whether the count or the time is reached, and tells once a second what was
// done.
package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zbench/drivers"
	"zbench/engines"
	"zbench/results"
)

// Setup is one service. Its sockets, all of one kind, bind or connect to every
// endpoint.
type Setup struct {
	Engine    engines.Engine
	Kind      engines.Kind
	Sockets   int // 0: 1
	Listen    bool
	Endpoints []string
	Peers     int // that each socket is expected to have, for Supports; 0: 1
	Frames    int // parts of the messages, with their sizes, for Supports; 0: not known
	MinFrame  int // bytes
	MaxFrame  int
	Options   engines.Options // but for Use; several sockets number the identity
	Force     bool            // open what Supports refuses

	Until
}

// Until is when a service ends by itself, and how it reports. Zero is no limit,
// and the functions may be nil.
type Until struct {
	Count    uint64        // messages of all sockets together
	Duration time.Duration // from the first message on
	OnReady  func(bound []string)
	OnTick   func(drivers.Tick) // once a second
}

// Summary is what a service did.
type Summary struct {
	Bound         []string
	Messages      uint64 // sent back, sent, or passed from front to back
	Bytes         uint64 // of all their frames
	Back          uint64 // of a broker: passed from back to front
	Undeliverable uint64 // replies to clients that had gone
	Errors        uint64 // other operations of sockets that failed
	Elapsed       time.Duration
	Late          *results.Summary // of a source with a rate: sent − due
	Unsent        uint64           // of a source with a rate: due and not sent
}

// PerSecond is the rate from the first message to the last, 0 where there were
// fewer than two.
func (s Summary) PerSecond() float64 {
	if s.Messages < 2 || s.Elapsed <= 0 {
		return 0
	}
	return float64(s.Messages-1) / s.Elapsed.Seconds()
}

// Need is what the engine is asked before a service opens a socket.
func (s Setup) Need(u engines.Use) engines.Need {
	o := s.Options
	o.Use = u
	binds := 0
	if s.Listen {
		binds = len(s.Endpoints)
	}
	transport := ""
	if len(s.Endpoints) > 0 {
		transport, _, _ = engines.ParseEndpoint(s.Endpoints[0])
	}
	return engines.Need{
		Kind: s.Kind, Transport: transport, Frames: s.Frames, MinFrame: s.MinFrame, MaxFrame: s.MaxFrame,
		Peers: max(1, s.Peers), Binds: binds, Options: o,
	}
}

// Check refuses endpoints that nobody elsewhere can reach and what the engine
// cannot do.
func (s Setup) Check(u engines.Use) error {
	for _, e := range s.Endpoints {
		transport, _, err := engines.ParseEndpoint(e)
		if err != nil {
			return fmt.Errorf("%w: %w", drivers.ErrInvalid, err)
		}
		if transport == "inproc" {
			return fmt.Errorf("%w: endpoint %q: inproc ends at this process, so nobody else can be there; use tcp or ipc", drivers.ErrInvalid, e)
		}
		n := s.Need(u)
		n.Transport = transport
		if err := s.Engine.Supports(n); err != nil && !s.Force {
			return err
		}
	}
	return nil
}

// Doubt is what the engine cannot do of that which may come though nobody said
// so: several peers, and where bodies are not known, empty ones and parts.
func (s Setup) Doubt(u engines.Use) error {
	n := s.Need(u)
	if s.Kind != engines.PAIR {
		n.Peers = max(2, n.Peers)
	}
	if n.Frames == 0 {
		n.Frames = 2
	}
	return s.Engine.Supports(n)
}

// open opens the sockets and binds or connects them.
func (s Setup) open(ctx context.Context, u engines.Use) (socks []engines.Socket, bound []string, err error) {
	defer func() {
		if err != nil {
			closeAll(socks)
			socks = nil
		}
	}()
	if err := s.Check(u); err != nil {
		return nil, nil, err
	}
	for i := range max(1, s.Sockets) {
		o := s.Need(u).Options
		if len(o.Identity) > 0 && s.Sockets > 1 {
			o.Identity = fmt.Appendf(nil, "%s-%d", o.Identity, i+1)
		}
		sock, err := s.Engine.Open(ctx, s.Kind, o)
		if err != nil {
			return socks, bound, fmt.Errorf("open %s: %w", s.Kind, err)
		}
		socks = append(socks, sock)
		for _, e := range s.Endpoints {
			if !s.Listen {
				err = sock.Connect(e)
			} else if at, failed := sock.Bind(e); failed == nil {
				bound = append(bound, at)
			} else {
				err = failed
			}
			if err != nil {
				return socks, bound, err // it names operation and endpoint
			}
		}
	}
	return socks, bound, nil
}

// closeTimeout is how long sockets may take to close, and loops to end.
const closeTimeout = 10 * time.Second

// closeAll closes all at once, for one that lingers must not hold up the others.
func closeAll(socks []engines.Socket) error {
	closed := make(chan struct{}, len(socks))
	for _, s := range socks {
		go func() { s.Close(); closed <- struct{}{} }()
	}
	late := time.After(closeTimeout)
	for range socks {
		select {
		case <-closed:
		case <-late:
			return errStuck
		}
	}
	return nil
}

var errStuck = errors.New("a socket did not close in time")
