package engines

import (
	"bytes"
	"slices"
	"testing"
)

type keeper struct{ batches [][]*Msg }

func (k *keeper) Free(ms []*Msg) { k.batches = append(k.batches, slices.Clone(ms)) }

func TestBody(t *testing.T) {
	if (&Msg{}).Body() != nil {
		t.Error("a message without frames has a body")
	}
	m := &Msg{Frames: [][]byte{[]byte("first"), []byte("last")}}
	if !bytes.Equal(m.Body(), []byte("last")) {
		t.Errorf("Body() = %q", m.Body())
	}
}

// Runs of one owner go back at once, in order, and nobody's are left alone.
func TestReleaseByOwner(t *testing.T) {
	a, b := &keeper{}, &keeper{}
	var ms []*Msg
	for _, o := range []Owner{a, a, nil, a, b, b, b, nil, nil, a} {
		ms = append(ms, &Msg{Owner: o})
	}
	Release(ms)
	check := func(name string, k *keeper, want ...[]*Msg) {
		t.Helper()
		if !slices.EqualFunc(k.batches, want, slices.Equal) {
			t.Errorf("owner %s got batches %v, want %v", name, k.batches, want)
		}
	}
	check("a", a, ms[0:2], ms[3:4], ms[9:10])
	check("b", b, ms[4:7])
	Release(nil)
}

type sinkhole struct{ freed int }

func (s *sinkhole) Free(ms []*Msg) { s.freed += len(ms) }

func TestReleaseDoesNotAllocate(t *testing.T) {
	s := &sinkhole{}
	ms := make([]*Msg, 64)
	for i := range ms {
		ms[i] = &Msg{Owner: s}
	}
	if a := testing.AllocsPerRun(100, func() { Release(ms) }); a != 0 {
		t.Errorf("%v allocations a batch", a)
	}
	if s.freed != 101*len(ms) {
		t.Errorf("%d messages freed", s.freed)
	}
}
