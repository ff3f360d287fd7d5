package results

import "testing"

// TestGateLeavesTheSwapToTheRecorder: it is the recorder that exchanges its
// interval wherever it has a burst, before or after it is asked.
func TestGateLeavesTheSwapToTheRecorder(t *testing.T) {
	for name, ask := range map[string]func(*gate){
		"asked in a burst":      func(g *gate) { g.enter(); g.ask() },
		"asked before a burst":  func(g *gate) { g.ask(); g.enter() },
		"asked twice":           func(g *gate) { g.ask(); g.ask(); g.enter(); g.ask() },
		"asked before and amid": func(g *gate) { g.ask(); g.enter(); g.ask() },
	} {
		g := &gate{}
		ask(g)
		if g.seize() {
			t.Errorf("%s: the collector took what is the recorder's", name)
		}
		if !g.leave() {
			t.Errorf("%s: the recorder was not asked", name)
		}
		g.free()
		g.enter()
		if g.leave() {
			t.Errorf("%s: the recorder swaps again, unasked", name)
		}
	}
}

func TestGateOfAQuietRecorder(t *testing.T) {
	g := &gate{}
	if g.seize() {
		t.Error("the collector holds a gate that it has not asked for")
	}
	g.ask()
	if !g.seize() {
		t.Fatal("no burst came, and the collector may not swap")
	}
	g.free()
	g.enter()
	if g.leave() {
		t.Error("swapped again")
	}
}
