package engines

import "testing"

func TestKindNames(t *testing.T) {
	if n := len(Kinds()); n != 11 {
		t.Errorf("%d kinds, ZeroMQ has 11 that zbench drives", n)
	}
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if seen[k.String()] {
			t.Errorf("%s occurs twice", k)
		}
		seen[k.String()] = true
		if got, ok := ParseKind(k.String()); !ok || got != k {
			t.Errorf("ParseKind(%q) = %v, %v", k.String(), got, ok)
		}
	}
	for _, name := range []string{"", "?", "req", "STREAM"} {
		if k, ok := ParseKind(name); ok {
			t.Errorf("ParseKind(%q) = %s", name, k)
		}
	}
}

func TestUnknownKinds(t *testing.T) {
	for _, k := range []Kind{0, PAIR + 1, 255} {
		if k.String() != "?" || k.CanSend() || k.CanRecv() || k.Accepts(PAIR) || PAIR.Accepts(k) {
			t.Errorf("kind %d passes for a known one", k)
		}
	}
}

// Two kinds talk or do not, whichever of them connects; and one of the two must
// have something to say that the other one can hear.
func TestAcceptsIsMutual(t *testing.T) {
	pairs := 0
	for _, a := range Kinds() {
		for _, b := range Kinds() {
			if a.Accepts(b) != b.Accepts(a) {
				t.Errorf("%s accepts %s: %v, and back: %v", a, b, a.Accepts(b), b.Accepts(a))
			}
			if !a.Accepts(b) {
				continue
			}
			pairs++
			if !(a.CanSend() && b.CanRecv()) && !(b.CanSend() && a.CanRecv()) {
				t.Errorf("neither of %s and %s can tell the other anything", a, b)
			}
		}
	}
	if pairs == 0 {
		t.Error("no kinds talk")
	}
}

func TestDirections(t *testing.T) {
	for _, c := range []struct {
		kind       Kind
		send, recv bool
	}{
		{PUSH, true, false}, {PULL, false, true}, {PUB, true, false}, {SUB, false, true},
		{XPUB, true, true}, {XSUB, true, true}, {REQ, true, true}, {PAIR, true, true},
	} {
		if c.kind.CanSend() != c.send || c.kind.CanRecv() != c.recv {
			t.Errorf("%s: sends %v, receives %v", c.kind, c.kind.CanSend(), c.kind.CanRecv())
		}
	}
}
