package zmtp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"zbench/engines"
)

// introduction is what a handshake finds out.
type introduction struct {
	version version
	metadata
	rest []byte // bytes read that belong to the traffic
}

// hands is a connection that shakes hands.
type hands struct {
	nc  net.Conn
	buf []byte // read and not yet used
}

// shake runs greeting and security handshake on nc and closes nothing.
// listener is the side that accepted the connection.
func shake(nc net.Conn, opt *settings, listener bool) (introduction, error) {
	if err := nc.SetDeadline(time.Now().Add(opt.HandshakeTimeout)); err != nil {
		return introduction{}, err
	}
	h := &hands{nc: nc}
	in, err := h.shake(opt, listener)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return introduction{}, fmt.Errorf("%w: %v", ErrHandshake, opt.HandshakeTimeout)
	}
	if err != nil {
		return introduction{}, named(err)
	}
	in.rest = h.buf
	return in, nc.SetDeadline(time.Time{})
}

func (h *hands) shake(opt *settings, listener bool) (introduction, error) {
	mech := opt.mechanism
	ours := appendGreeting(nil, mech.name(), listener && mech.roles())
	if err := h.send(ours[:versionLen]); err != nil {
		return introduction{}, err
	}
	first, err := h.signature()
	if err != nil {
		return introduction{}, err
	}
	revision, err := parseRevision(first)
	if err != nil {
		return introduction{}, err
	}
	if revision == revision20 {
		return h.shake20(opt)
	}
	if err := h.send(ours[versionLen:]); err != nil {
		return introduction{}, err
	}
	b, err := h.take(greetingLen)
	if err != nil {
		return introduction{}, err
	}
	g, err := parseGreeting(b)
	if err != nil {
		return introduction{}, err
	}
	return h.secure(opt, g, listener)
}

// secure runs the mechanism after two greetings of ZMTP 3.
func (h *hands) secure(opt *settings, g greeting, listener bool) (introduction, error) {
	mech := opt.mechanism
	if g.mechanism != mech.name() {
		return introduction{}, fmt.Errorf("%w: %s here, %s there", ErrMechanism, mech.name(), g.mechanism)
	}
	// libzmq never says as-server, so only two that do are an error.
	if mech.roles() && g.server && listener {
		return introduction{}, ErrRole
	}
	ours := appendMetadata(nil, opt.kind, opt.Identity)
	run := mech.client
	if listener {
		run = mech.server
	}
	theirs, err := run(h, ours)
	in := introduction{version: g.version}
	if err == nil {
		in.metadata, err = parseMetadata(theirs)
	}
	if err == nil {
		err = checkKinds(opt.kind, in.kind)
	}
	if err != nil {
		h.complain(err)
	}
	return in, err
}

func checkKinds(ours, theirs engines.Kind) error {
	if !ours.Accepts(theirs) {
		return fmt.Errorf("%w: %v here, %v there", ErrSocketType, ours, theirs)
	}
	return nil
}

// complain tells the peer why it is turned away, where the fault is its own.
func (h *hands) complain(err error) {
	for _, fault := range []error{ErrDenied, ErrMetadata, ErrCommand, ErrSocketType} {
		if errors.Is(err, fault) {
			_ = h.send(appendError(nil, err.Error())) // it is turned away either way
			return
		}
	}
}

// signature reads the first octets of the greeting, judging them as they come
// so that a stranger does not hold the connection until the deadline.
func (h *hands) signature() ([]byte, error) {
	for len(h.buf) < versionLen {
		if err := h.more(); err != nil {
			return nil, err
		}
		if err := checkSignature(h.buf); err != nil {
			return nil, err
		}
	}
	return h.buf[:versionLen], nil
}

func (h *hands) send(b []byte) error {
	_, err := h.nc.Write(b)
	return err
}

// oddError is how the PLAIN of libzmq 4.3 spells ERROR: in its source the
// length and the E run together into one escape.
const oddError = "\x5eRROR"

// expect implements exchange.
func (h *hands) expect(name string) ([]byte, error) {
	for {
		hd, err := parseHeader(h.buf, maxCommand)
		if err != nil {
			return nil, err
		}
		if hd.len == 0 || len(h.buf) < hd.len+hd.size {
			if err := h.more(); err != nil {
				return nil, err
			}
			continue
		}
		if !hd.command() {
			return nil, fmt.Errorf("%w: a message before %s", ErrCommand, name)
		}
		b, _ := h.take(hd.len + hd.size)
		if reason, ok := bytes.CutPrefix(b[hd.len:], []byte(oddError)); ok {
			return nil, parseError(reason)
		}
		got, data, err := splitCommand(b[hd.len:])
		switch {
		case err != nil:
			return nil, err
		case bytes.Equal(got, []byte(cmdError)):
			return nil, parseError(data)
		case string(got) != name:
			return nil, fmt.Errorf("%w: %s where %s is due", ErrCommand, got, name)
		}
		return data, nil
	}
}

// take reads until n bytes are there and removes them.
func (h *hands) take(n int) ([]byte, error) {
	for len(h.buf) < n {
		if err := h.more(); err != nil {
			return nil, err
		}
	}
	b := h.buf[:n:n]
	h.buf = h.buf[n:]
	return b, nil
}

func (h *hands) more() error {
	var b [2 << 10]byte
	n, err := h.nc.Read(b[:])
	h.buf = append(h.buf, b[:n]...)
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}
