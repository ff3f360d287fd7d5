package zmtp

import (
	"fmt"

	"zbench/engines"
)

// kinds20 are the socket types of ZMTP 2.0 by their octet (RFC 15); XPUB and
// XSUB say that they are PUB and SUB.
var kinds20 = [...]engines.Kind{
	engines.PAIR, engines.PUB, engines.SUB, engines.REQ, engines.REP,
	engines.DEALER, engines.ROUTER, engines.PULL, engines.PUSH,
	engines.XPUB, engines.XSUB, // not in the RFC, but in libzmq and JeroMQ
}

// octet20 is the octet of a socket type.
func octet20(k engines.Kind) byte {
	switch k {
	case engines.XPUB:
		k = engines.PUB
	case engines.XSUB:
		k = engines.SUB
	}
	for i, v := range kinds20 {
		if v == k {
			return byte(i)
		}
	}
	return 0xff
}

// parseTail20 reads what follows a 2.0 peer's revision: its socket type and
// its identity as a short frame. used is 0 where more bytes are needed.
func parseTail20(b []byte) (m metadata, used int, err error) {
	if len(b) > 0 && int(b[0]) >= len(kinds20) {
		return metadata{}, 0, fmt.Errorf("%w: unknown type %d", ErrSocketType, b[0])
	}
	if len(b) > 1 && b[1] != 0 {
		return metadata{}, 0, fmt.Errorf("%w: flags %#02x of an identity", ErrFrame, b[1])
	}
	if len(b) < 3 || len(b) < 3+int(b[2]) {
		return metadata{}, 0, nil
	}
	used = 3 + int(b[2])
	return metadata{kinds20[b[0]], append([]byte(nil), b[3:used]...)}, used, nil
}

// shake20 goes on as ZMTP 2.0 after the peer's revision; there is no security
// in it.
func (h *hands) shake20(opt *settings) (introduction, error) {
	if opt.mechanism.roles() {
		return introduction{}, fmt.Errorf("%w: %s here, ZMTP 2.0 there", ErrMechanism, opt.mechanism.name())
	}
	h.buf = h.buf[versionLen:]
	ours := appendFrame([]byte{octet20(opt.kind)}, 0, opt.Identity)
	if err := h.send(ours); err != nil {
		return introduction{}, err
	}
	for {
		m, used, err := parseTail20(h.buf)
		if err != nil {
			return introduction{}, err
		}
		if used > 0 {
			h.buf = h.buf[used:]
			return introduction{version: version{2, 0}, metadata: m}, checkKinds(opt.kind, m.kind)
		}
		if err := h.more(); err != nil {
			return introduction{}, err
		}
	}
}
