package engines

// Kind is a ZeroMQ socket type.
type Kind uint8

// Socket types of RFC 28 (request-reply), 29 (publish-subscribe),
// 30 (pipeline) and 31 (exclusive pair).
const (
	REQ Kind = iota + 1
	REP
	DEALER
	ROUTER
	PUB
	SUB
	XPUB
	XSUB
	PUSH
	PULL
	PAIR
)

var kinds = [...]struct {
	name       string
	send, recv bool
	peers      []Kind
}{
	REQ:    {"REQ", true, true, []Kind{REP, ROUTER}},
	REP:    {"REP", true, true, []Kind{REQ, DEALER}},
	DEALER: {"DEALER", true, true, []Kind{REP, DEALER, ROUTER}},
	ROUTER: {"ROUTER", true, true, []Kind{REQ, DEALER, ROUTER}},
	PUB:    {"PUB", true, false, []Kind{SUB, XSUB}},
	SUB:    {"SUB", false, true, []Kind{PUB, XPUB}},
	XPUB:   {"XPUB", true, true, []Kind{SUB, XSUB}},
	XSUB:   {"XSUB", true, true, []Kind{PUB, XPUB}},
	PUSH:   {"PUSH", true, false, []Kind{PULL}},
	PULL:   {"PULL", false, true, []Kind{PUSH}},
	PAIR:   {"PAIR", true, true, []Kind{PAIR}},
}

// Kinds returns all socket types.
func Kinds() []Kind {
	ks := make([]Kind, 0, len(kinds)-1)
	for k := REQ; k <= PAIR; k++ {
		ks = append(ks, k)
	}
	return ks
}

func (k Kind) valid() bool { return k >= REQ && k <= PAIR }

// String is the name on the wire (RFC 37, Socket-Type), "?" if unknown.
func (k Kind) String() string {
	if !k.valid() {
		return "?"
	}
	return kinds[k].name
}

// CanSend reports whether the driver may send on a socket of this kind.
func (k Kind) CanSend() bool { return k.valid() && kinds[k].send }

// CanRecv reports whether the driver may receive on a socket of this kind.
func (k Kind) CanRecv() bool { return k.valid() && kinds[k].recv }

// Accepts reports whether the two kinds may talk (RFC 37, socket types).
func (k Kind) Accepts(peer Kind) bool {
	if !k.valid() {
		return false
	}
	for _, p := range kinds[k].peers {
		if p == peer {
			return true
		}
	}
	return false
}

// ParseKind returns the kind of that name, as on the wire; ok is false if
// there is none.
func ParseKind(name string) (k Kind, ok bool) {
	for _, k := range Kinds() {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}
