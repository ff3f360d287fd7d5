package null

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"zbench/engines"
	"zbench/engines/ring"
)

var (
	errTurns  = errors.New("requests and replies take turns; finish the one before first")
	errFrames = errors.New("a message has at least one frame, an envelope not counted")
)

// socket is one end for the driver. Its sender's, its receiver's and the shared
// fields are used by those alone; Turns makes them one goroutine.
type socket struct {
	engine   *Engine
	kind     engines.Kind
	options  engines.Options
	do       *behaviour
	stop     func() bool // forgets the context
	closed   atomic.Bool
	live     atomic.Pointer[peers] // connections that stand
	sources  atomic.Pointer[peers] // those, and ended ones not read empty
	sendBell *ring.Bell
	recvBell *ring.Bell

	subscriptions map[string]int // of a SUB or XSUB, counted; under engine.mu
	named         uint32         // identities made up; under engine.mu

	pool      *pool    // the sender's, but for returned
	allocated *message // not sent yet; the sender's
	turn      int      // next connection to send on; the sender's
	chosen    *end     // by Alloc, has room; the sender's
	last      *end     // a ROUTER sent to; the sender's
	targets   []*end   // of one published message; the sender's

	nextSource int            // to receive from; the receiver's
	counts     map[string]int // subscriptions an XPUB showed; the receiver's
	unsent     []string       // prefixes it has yet to show as cancelled

	partner       *end     // of the request under way; REQ and REP
	envelope      [][]byte // of the request that a REP answers
	envelopeBytes []byte
}

func newSocket(ctx context.Context, e *Engine, k engines.Kind, o engines.Options) *socket {
	s := &socket{
		engine: e, kind: k, options: o, do: behaviours[k],
		sendBell: ring.NewBell(), recvBell: ring.NewBell(),
		pool:   &pool{payload: o.Payload},
		counts: map[string]int{},
	}
	s.live.Store(&peers{})
	s.sources.Store(&peers{})
	if s.subscribes() {
		s.subscriptions = map[string]int{}
		for _, prefix := range o.Subscribe {
			s.subscriptions[string(prefix)]++
		}
	}
	made := make(chan struct{})
	s.stop = context.AfterFunc(ctx, func() { <-made; s.Close() })
	close(made)
	return s
}

func (s *socket) subscribes() bool { return s.kind == engines.SUB || s.kind == engines.XSUB }

func (s *socket) showsSubscriptions() bool {
	return s.kind == engines.XPUB && s.options.Use != engines.SendOnly
}

// Bind takes a name.
func (s *socket) Bind(endpoint string) (string, error) { return s.engine.bind(s, endpoint) }

// Connect links to a name, now or when it is bound.
func (s *socket) Connect(endpoint string) error { return s.engine.connect(s, endpoint) }

// Close ends all connections and everything that waits. What peers have not
// received yet stays with them.
func (s *socket) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stop()
	s.engine.remove(s)
	s.sendBell.Ring()
	s.recvBell.Ring()
	return nil
}

// fail says which socket could not do what.
func (s *socket) fail(operation string, err error) error {
	return fmt.Errorf("null: %s %s: %w", s.kind, operation, err)
}

// behaviour is what sets a kind apart. A kind without send or receive has none.
type behaviour struct {
	// choose waits until a message with that envelope can go out.
	choose func(s *socket, env [][]byte) error
	// send hands a message over; on an error it is as it was.
	send func(s *socket, m *message) error
	// receive waits for messages.
	receive func(s *socket, ms []*engines.Msg) (int, error)
	// accept adapts messages from e in place and returns how many remain; nil
	// takes them as they are.
	accept func(s *socket, e *end, ms []*engines.Msg) int
	// queues: receive takes from all connections in turn.
	queues bool
}

var behaviours = [...]*behaviour{
	engines.REQ:    {choose: chooseForRequest, send: sendRequest, receive: receiveReply},
	engines.REP:    {choose: chooseForReply, send: sendReply, receive: receiveRequest, accept: acceptRequest, queues: true},
	engines.DEALER: {choose: chooseNext, send: sendNext, receive: receiveFair, queues: true},
	engines.ROUTER: {choose: chooseRoute, send: sendRoute, receive: receiveFair, accept: acceptRouted, queues: true},
	engines.PUB:    {choose: chooseAll, send: publish},
	engines.SUB:    {receive: receiveFair, queues: true},
	engines.XPUB:   {choose: chooseAll, send: publish, receive: receiveSubscriptions, accept: acceptSubscriptions, queues: true},
	engines.XSUB:   {choose: chooseAll, send: sendSubscription, receive: receiveFair, queues: true},
	engines.PUSH:   {choose: chooseNext, send: sendNext},
	engines.PULL:   {receive: receiveFair, queues: true},
	engines.PAIR:   {choose: chooseNext, send: sendNext, receive: receiveFair, queues: true},
}
