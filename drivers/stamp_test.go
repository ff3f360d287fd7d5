package drivers

import (
	"bytes"
	"testing"
)

func TestStampRoundTrip(t *testing.T) {
	for _, want := range []stamp{
		{run: 1, flow: 0, seq: 0, due: 0, sent: 0},
		{run: 1<<32 - 1, flow: maxFlows - 1, seq: mask40, lag: lagOf(lagMost), due: 1 << 62, sent: 1<<62 + mask48},
		{run: 7, flags: flagProbe | flagAnnounce, flow: 5, lag: 120, middle: 65535, peer: 1, due: 100, sent: 100},
	} {
		b := bytes.Repeat([]byte{0xff}, StampSize+3)
		want.put(b)
		if want.middle > 0 {
			markMiddle(b, int(want.middle)-1)
		}
		if want.peer > 0 {
			markPeer(b, int(want.peer)-1)
		}
		var got stamp
		if !got.read(b, want.run) || got != want {
			t.Errorf("read %+v, want %+v", got, want)
		}
		if !bytes.Equal(b[StampSize:], []byte{0xff, 0xff, 0xff}) {
			t.Errorf("put wrote beyond %d bytes", StampSize)
		}
		if got.read(b, want.run+1) || carries(b, want.run+1) || !carries(b, want.run) {
			t.Error("a stamp of another run was taken for this one's")
		}
	}
	var s stamp
	if s.read(make([]byte, StampSize-1), 0) || carries(make([]byte, StampSize-1), 0) {
		t.Error("a body too short for a stamp was read")
	}
}

func TestStampDoesNotAllocate(t *testing.T) {
	b := make([]byte, StampSize)
	if n := testing.AllocsPerRun(100, func() {
		s := stamp{run: 1, flow: 2, seq: 3, due: 4, sent: 5}
		s.put(b)
		s.read(b, 1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzStamp(f *testing.F) {
	f.Add(make([]byte, StampSize), uint32(0))
	f.Add([]byte("short"), uint32(9))
	f.Fuzz(func(t *testing.T, b []byte, run uint32) {
		var s stamp
		if s.read(b, run) != carries(b, run) {
			t.Fatal("read and carries disagree")
		}
		if len(b) < StampSize || !carries(b, run) {
			return
		}
		again := bytes.Clone(b)
		s.put(again)
		markMiddle(again, int(s.middle)-1)
		markPeer(again, int(s.peer)-1)
		if !bytes.Equal(again, b) {
			t.Fatalf("%x became %x", b, again)
		}
	})
}
