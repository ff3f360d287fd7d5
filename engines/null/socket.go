package null

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"zbench/engines"
)

var (
	errTurns  = errors.New("requests and replies take turns; finish the one before first")
	errFrames = errors.New("a message has at least one frame, an envelope not counted")
)

// socket is one end for the driver. Its sender's, its receiver's and the shared
// fields are used by those alone; Turns and a host make them one goroutine.
type socket struct {
	engine   *Engine
	kind     engines.Kind
	options  engines.Options
	do       *behaviour
	stop     func() bool // forgets the context
	closed   atomic.Bool
	live     atomic.Pointer[peers]    // connections that stand
	groups   atomic.Pointer[[]*group] // those to receive from, and ended ones not read empty
	sendBell *bell
	recvBell *bell

	// Under engine.mu.
	subscriptions map[string]int // of a SUB or XSUB, counted
	named         uint32         // identities made up
	sources       int            // connections to receive from
	wanted        map[string]int // by the peers of an XPUB, prefixes counted by peer
	news          []*engines.Msg // of wanted, for an XPUB to receive
	heard         atomic.Bool    // there are some

	_       [padBytes]byte // the sender's
	draft   engines.Msg    // what Alloc returned
	out     *lane          // that it lies in; nil: it was sent, or never was
	sole    *end           // the only connection, see knowSole
	soleOf  *peers         // live, when it was that
	scratch *lane          // for messages of no connection, or of several
	turnOut int            // next connection to send on
	chosen  *end           // has room, and the turn
	last    *end           // a ROUTER sent to
	targets []*lane        // of one published message
	view    [][]byte       // frames of a ROUTER's draft
	unshown []*lane        // to flush
	passed  []*engines.Msg // sent and copied, to give back

	_      [padBytes]byte // the receiver's
	turnIn int            // connection to receive from next

	partner  *end            // of the request under way; REQ and REP
	envelope [][]byte        // of the request that a REP answers
	bytes    []byte          // of envelope
	stale    [1]*engines.Msg // answer that came too late
	reply    [][]byte        // envelope, and the reply's own frames
	_        [padBytes]byte
}

func newSocket(ctx context.Context, e *Engine, k engines.Kind, o engines.Options) *socket {
	s := &socket{
		engine: e, kind: k, options: o, do: behaviours[k],
		sendBell: newBell(o.Host), recvBell: newBell(o.Host),
		wanted: map[string]int{},
		passed: make([]*engines.Msg, 0, segmentSlots),
	}
	s.draft.Owner = unsent{}
	s.scratch = newLane(s, nil, o.Payload)
	s.scratch.per, s.scratch.at = 1, 1 // nothing ever leaves
	s.live.Store(&peers{})
	s.groups.Store(&[]*group{})
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

// aside is where a message is made that goes to no lane, or to several.
func (s *socket) aside() *lane {
	s.scratch.room()
	return s.scratch
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
	s.sendBell.ring()
	s.recvBell.ring()
	return nil
}

// fail says which socket could not do what.
func (s *socket) fail(operation string, err error) error {
	if err == engines.ErrWait {
		return err
	}
	return fmt.Errorf("null: %s %s: %w", s.kind, operation, err)
}

// behaviour is what sets a kind apart. A kind without choose or receive does
// not send or receive.
type behaviour struct {
	// choose waits for a lane that takes a message with that envelope, and
	// returns what of it the lane is to be given.
	choose func(s *socket, env [][]byte) (*lane, [][]byte, error)
	// leave is told that the message goes; nil: there is nothing to note.
	leave func(s *socket)
	// deliver sends a message that does not simply go to the lane chosen; in is
	// where it lies, nil if not here. On an error it is as it was.
	deliver func(s *socket, m *engines.Msg, in *lane) error
	// hasty: messages are published at once, for one is all that comes.
	hasty bool

	// receive waits for messages.
	receive func(s *socket, ms []*engines.Msg) (int, error)
	// accept adapts messages from e in place and returns how many remain; nil
	// takes them as they are.
	accept func(s *socket, e *end, ms []*engines.Msg) int
}

var behaviours = [...]*behaviour{
	engines.REQ:    {choose: chooseForRequest, leave: leaveRequest, hasty: true, receive: receiveReply, accept: acceptReply},
	engines.REP:    {choose: chooseForReply, leave: leaveReply, hasty: true, receive: receiveRequest, accept: acceptRequest},
	engines.DEALER: {choose: chooseNext, leave: leaveNext, receive: receiveFair},
	engines.ROUTER: {choose: chooseRoute, receive: receiveFair},
	engines.PUB:    {choose: chooseAll, deliver: publish},
	engines.SUB:    {receive: receiveFair},
	engines.XPUB:   {choose: chooseAll, deliver: publish, receive: receiveSubscriptions},
	engines.XSUB:   {choose: chooseNone, deliver: sendSubscription, receive: receiveFair},
	engines.PUSH:   {choose: chooseNext, leave: leaveNext},
	engines.PULL:   {receive: receiveFair},
	engines.PAIR:   {choose: chooseNext, leave: leaveNext, receive: receiveFair},
}

// unsent owns what Alloc returned, which stays with the socket.
type unsent struct{}

func (unsent) Free([]*engines.Msg) {}
