package scenarios

import "testing"

// TestEveryEngine: "all" is every engine but the one that nobody reaches, and
// interop crosses them in every pattern.
func TestEveryEngine(t *testing.T) {
	fields := Fields([]string{"alpha", "beta", Aloof})
	s, err := Load("interop")
	if err != nil {
		t.Fatal(err)
	}
	if !s.SkipRefused {
		t.Error("a refusal would keep interop from starting")
	}
	cells, err := s.Expand(fields, nil)
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]int{}
	for _, c := range cells {
		if c.Engine == Aloof || c.PeerEngine == Aloof {
			t.Errorf("%s against %s", c.Engine, c.PeerEngine)
		}
		met[c.Pattern]++
	}
	if len(met) != 12 {
		t.Errorf("%d patterns", len(met))
	}
	for pattern, n := range met {
		if n != 4 {
			t.Errorf("%s: %d pairs of two engines", pattern, n)
		}
	}
}

// TestRefused: the choices, and nothing else.
func TestRefused(t *testing.T) {
	for text, skip := range map[string]bool{"fail": false, "skip": true} {
		s, err := Parse("s.yaml", []byte("refused: "+text+"\nmatrix: {pattern: pair}\n"))
		if err != nil || s.SkipRefused != skip {
			t.Errorf("refused: %s: %v", text, err)
		}
	}
	if _, err := Parse("s.yaml", []byte("refused: skp\nmatrix: {pattern: pair}\n")); err == nil {
		t.Error("refused: skp is taken")
	}
}
