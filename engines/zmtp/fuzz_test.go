package zmtp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"zbench/engines"
)

func FuzzGreeting(f *testing.F) {
	f.Add(appendGreeting(nil, "NULL", false))
	f.Add(appendGreeting(nil, "PLAIN", true))
	f.Add([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x08\x00\x02id"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := parseGreeting(b)
		if err != nil {
			if !errors.Is(err, ErrSignature) && !errors.Is(err, ErrVersion) && !errors.Is(err, ErrMechanism) {
				t.Errorf("unnamed error %v", err)
			}
			return
		}
		again, err := parseGreeting(appendGreeting(nil, g.mechanism, g.server))
		if err != nil || again.mechanism != g.mechanism || again.server != g.server {
			t.Errorf("%+v became %+v, %v", g, again, err)
		}
	})
}

func FuzzTail20(f *testing.F) {
	f.Add([]byte("\x08\x00\x02id"))
	f.Add([]byte("\x00\x00\x00rest"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, used, err := parseTail20(b)
		if err == nil && used > 0 && (len(m.identity) != used-3 || used > len(b)) {
			t.Errorf("%d bytes used, identity %q", used, m.identity)
		}
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add(appendMetadata(nil, engines.DEALER, []byte("me")))
	f.Add(appendProperty(appendMetadata(nil, engines.PUSH, nil), "X-other", []byte("value")))
	f.Add([]byte("\x01a\xff\xff\xff\xff"))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseMetadata(b)
		if err != nil {
			if !errors.Is(err, ErrMetadata) && !errors.Is(err, ErrSocketType) {
				t.Errorf("unnamed error %v", err)
			}
			return
		}
		if len(m.identity) > maxIdentity {
			t.Errorf("an identity of %d bytes", len(m.identity))
		}
	})
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte{0, 3, 'a', 'b', 'c'}, 10)
	f.Add(frameOf(flagMore, 300), 1000)
	f.Add(frameOf(0, 1<<63), 1000)
	f.Add([]byte{4, 5}, 1)
	f.Fuzz(func(t *testing.T, b []byte, limit int) {
		limit = max(0, limit)
		h, err := parseHeader(b, limit)
		switch {
		case err != nil:
			if !errors.Is(err, ErrFrame) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("unnamed error %v", err)
			}
		case h.len == 0:
			if len(b) >= longHeader {
				t.Errorf("%d bytes are not enough for a header", len(b))
			}
		case h.size < 0 || !h.command() && h.size > limit || h.command() && h.size > maxCommand:
			t.Errorf("%d bytes, %d may be", h.size, limit)
		}
	})
}

func FuzzCommand(f *testing.F) {
	for _, c := range [][]byte{
		appendPing(nil, time.Second), appendError(nil, "reason"), appendHello(nil, "user", "pass"),
		appendCommand(nil, cmdSubscribe, []byte("topic")), appendCommand(nil, cmdReady, appendMetadata(nil, engines.SUB, nil)),
	} {
		f.Add(c[shortHeader:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		name, data, err := splitCommand(b)
		if err != nil {
			if !errors.Is(err, ErrCommand) {
				t.Errorf("unnamed error %v", err)
			}
			return
		}
		if whole := appendCommand(nil, string(name), data); !bytes.HasSuffix(whole, b) {
			t.Errorf("%q became %q", b, whole)
		}
		if ttl, context, err := parsePing(data); err == nil && (ttl < 0 || len(context) > maxPingContext) {
			t.Errorf("ttl %v, context %q", ttl, context)
		}
		if user, pass, err := parseHello(data); err == nil {
			if again := appendHello(nil, user, pass); !bytes.HasSuffix(again, data) {
				t.Errorf("HELLO %q became %q", data, again)
			}
		}
		if err := parseError(data); !errors.Is(err, ErrPeerError) {
			t.Errorf("unnamed error %v", err)
		}
	})
}

// FuzzTraffic sends anything after a good handshake, cut anywhere: what the
// reader makes of it must not depend on the cuts.
func FuzzTraffic(f *testing.F) {
	multi := appendFrame(appendFrame(appendFrame(nil, flagMore, []byte("a")), flagMore, nil), 0, bytes.Repeat([]byte("b"), 300))
	f.Add(multi, 1)
	f.Add(append(multi, 0, 2, 'x', 'y'), 7)
	f.Add(appendFrame(nil, 0, bytes.Repeat([]byte("large"), 7_000)), 4096)
	f.Add(append(appendPing(nil, time.Second), 0, 0), 3)
	f.Add([]byte{1, 1, 'a', 4, 1, 1}, 2)
	f.Fuzz(func(t *testing.T, b []byte, step int) {
		step = max(1, step, len(b)/64)
		whole, werr := feedReader(t, b, max(1, len(b)))
		cut, cerr := feedReader(t, b, step)
		if !bytes.Equal(whole, cut) {
			t.Errorf("in one read: %q, by %d bytes: %q", whole, step, cut)
		}
		if (werr == nil) != (cerr == nil) {
			t.Errorf("in one read: %v, by %d bytes: %v", werr, step, cerr)
		}
	})
}

// feedReader parses b as if it arrived by step bytes and returns the messages
// as text.
func feedReader(t *testing.T, b []byte, step int) (text []byte, err error) {
	e := New().(*Engine)
	c := newCore(t.Context(), e, engines.PULL, engines.Options{})
	defer c.Close()
	ours, theirs := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, theirs) }() // PONGs
	defer theirs.Close()
	w := &wire{core: c, version: version{3, 1}, done: make(chan struct{})}
	w.io.nc = ours
	w.out.init(w, c.set)
	w.out.queue.dead = true // nothing is written
	w.peer = &peer{core: c, wire: w, out: &w.out}
	w.reader.start(w, c.set, nil)
	w.beats.Do(func() {})
	for len(b) > 0 && err == nil {
		n := min(step, len(b))
		n = w.reader.inject(b[:n])
		b = b[n:]
		for err == nil {
			burst := e.pools.newBurst(w.peer)
			err = w.reader.parse(burst, burstMsgs)
			for i := range burst.n {
				text = append(text, bytes.Join(burst.msgs[i].Frames, []byte("|"))...)
				text = append(text, '\n')
			}
			got := burst.n
			burst.letGo()
			if got == 0 {
				break
			}
		}
	}
	return text, err
}

// inject is fill with bytes that are given to it.
func (r *reader) inject(b []byte) int {
	if r.big == nil {
		r.room()
		n := copy(r.ck.buf[r.end:], b)
		r.end += n
		return n
	}
	if r.bigHave == len(r.big.buf) {
		r.growBig()
	}
	n := copy(r.big.buf[r.bigHave:min(r.bigSize, len(r.big.buf))], b)
	r.bigHave += n
	return n
}
