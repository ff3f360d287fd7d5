// Package perf stands in for the four tools with which libzmq measures itself:
// two for throughput, a PULL that binds and a PUSH that connects, and two for
// latency, a REP that binds and a REQ that connects. Either side of a pair may
// be libzmq's, or a binding's.
package perf

import (
	"context"
	"errors"
	"fmt"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"zbench/engines"
)

// Setup is what the tools are told.
type Setup struct {
	Engine   engines.Engine
	Endpoint string
	Size     int    // bytes of a message
	Count    uint64 // messages, or round trips
}

var (
	// ErrSize means that a message came which has not the size that was agreed.
	ErrSize = errors.New("message of incorrect size received")
	// ErrEnded means that a tool was ended before its count was reached.
	ErrEnded = errors.New("ended early")
)

const (
	burst = 256
	// lingerTime is how long what was sent may take to leave at the end.
	lingerTime = 30 * time.Second
	// graceTime is the same for an engine that does not linger.
	graceTime = 200 * time.Millisecond
)

// Throughput is what the receiving side measured from the first message to the
// last.
type Throughput struct {
	Elapsed   time.Duration
	PerSecond float64 // Count / Elapsed, as libzmq has it: one more than there are gaps
	// Blocks is the time that each Block messages took in turn, in ns. Gaps
	// between single messages would say how reads gather them.
	Blocks  *hdr.Histogram
	Block   uint64
	Longest time.Duration // gap between two arrivals
}

// Megabits per second, of the bodies.
func (t *Throughput) Megabits(size int) float64 { return t.PerSecond * float64(size) * 8 / 1e6 }

// Need is what the engine is asked for one of the four sockets.
func (s Setup) Need(k engines.Kind, u engines.Use) engines.Need {
	transport, _, _ := engines.ParseEndpoint(s.Endpoint)
	n := engines.Need{
		Kind: k, Transport: transport, Frames: 1, MinFrame: s.Size, MaxFrame: s.Size, Peers: 1,
		Options: engines.Options{Use: u, Payload: make([]byte, s.Size)},
	}
	if k == engines.PULL || k == engines.REP {
		n.Binds = 1
	}
	if k == engines.PUSH || k == engines.REP {
		n.Options.Linger = lingerTime
		if s.Engine.Supports(n) != nil {
			n.Options.Linger = 0
		}
	}
	return n
}

// open opens the socket and binds or connects it.
func (s Setup) open(ctx context.Context, k engines.Kind, u engines.Use) (engines.Socket, error) {
	n := s.Need(k, u)
	if err := s.Engine.Supports(n); err != nil {
		return nil, err
	}
	sock, err := s.Engine.Open(context.WithoutCancel(ctx), k, n.Options)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", k, err)
	}
	context.AfterFunc(ctx, func() { sock.Close() }) // which unblocks the tool
	if n.Binds > 0 {
		_, err = sock.Bind(s.Endpoint)
	} else {
		err = sock.Connect(s.Endpoint)
	}
	if err != nil {
		sock.Close()
		return nil, err // it names operation and endpoint
	}
	return sock, nil
}

// leave closes a socket once what it sent has had time to leave.
func (s Setup) leave(ctx context.Context, sock engines.Socket, k engines.Kind) error {
	if s.Need(k, engines.Turns).Options.Linger == 0 {
		time.Sleep(graceTime)
	}
	if err := shut(ctx, sock); err != nil {
		return s.ended(ctx, s.Count, err)
	}
	return nil
}

// shut closes a socket. Once ctx has ended it does not wait for what lingers,
// which nobody may ever take.
func shut(ctx context.Context, sock engines.Socket) error {
	closed := make(chan error, 1)
	go func() { closed <- sock.Close() }()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-closed:
		return err
	case <-time.After(graceTime):
		return ctx.Err()
	}
}

// ended says how far a tool came that ctx or a closed socket ended.
func (s Setup) ended(ctx context.Context, done uint64, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %d of %d", ErrEnded, done, s.Count)
	}
	return err
}
