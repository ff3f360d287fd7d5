package drivers

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"zbench/results"
)

func cellOf(change func(*results.Cell)) results.Cell {
	c := NewCell()
	c.Engine = "null"
	change(&c)
	return c
}

func TestResolveChoosesTheLoop(t *testing.T) {
	for _, c := range []struct {
		pattern string
		window  int
		rate    float64
		given   results.Loop
		want    results.Loop
	}{
		{"req-rep", 0, 0, "", results.Lockstep},
		{"req-rep", 0, 10, "", results.ScheduledLockstep},
		{"broker", 0, 0, "", results.Lockstep},
		{"broker-dealer", 8, 0, "", results.Window},
		{"dealer-router", 0, 0, "", results.Window},
		{"dealer-rep", 0, 5, "", results.Open},
		{"router-dealer", 64, 0, "", results.Window},
		{"pub-sub", 0, 0, "", results.Max},
		{"forwarder", 0, 1, "", results.Open},
		{"push-pull", 0, 0, results.Max, results.Max},
		{"pipeline", 0, 0, "", results.Max},
		{"pair", 0, 0, "", results.Window},
		{"pair", 0, 0, results.Max, results.Max},
		{"pair", 0, 9, "", results.Open},
	} {
		cell := cellOf(func(r *results.Cell) {
			r.Pattern, r.Window, r.RateMsgsPerS, r.Loop = c.pattern, c.window, c.rate, c.given
		})
		if err := Resolve(&cell); err != nil || cell.Loop != c.want {
			t.Errorf("%s window %d rate %g: loop %q, %v; want %q", c.pattern, c.window, c.rate, cell.Loop, err, c.want)
			continue
		}
		again := cell
		if err := Resolve(&again); err != nil || !reflect.DeepEqual(again, cell) {
			t.Errorf("%s: resolving again gives %+v, %v; had %+v", c.pattern, again, err, cell)
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	for want, change := range map[string]func(*results.Cell){
		`pattern "req-rap"`:                   func(c *results.Cell) { c.Pattern = "req-rap" },
		"window and rate contradict":          func(c *results.Cell) { c.Pattern, c.Window, c.RateMsgsPerS = "pair", 2, 3 },
		"rate and stages contradict":          func(c *results.Cell) { c.Stages, c.RateMsgsPerS = "1s@1k", 3 },
		"rate 0: req-rep has no max loop":     func(c *results.Cell) { c.Loop = results.Max },
		"rate 0: dealer-rep has no max loop":  func(c *results.Cell) { c.Pattern, c.Loop = "dealer-rep", results.Max },
		"use pattern broker-dealer":           func(c *results.Cell) { c.Pattern, c.Window = "broker", 4 },
		"a REQ has one request in flight":     func(c *results.Cell) { c.Window = 4 },
		"count and duration contradict":       func(c *results.Cell) { c.Count, c.DurationS = 5, 5 },
		"stages say how long":                 func(c *results.Cell) { c.Stages, c.Count = "1s@1k", 5 },
		"arrival \"poisson\" says how":        func(c *results.Cell) { c.Arrival = "poisson" },
		"middle-engine: req-rep has no":       func(c *results.Cell) { c.MiddleEngine = "null" },
		"middles: req-rep has no middle":      func(c *results.Cell) { c.Middles = 2 },
		"in broker the middle listens":        func(c *results.Cell) { c.Pattern, c.Listen = "broker", "load" },
		`listen "both"`:                       func(c *results.Cell) { c.Listen = "both" },
		"topics: req-rep has none":            func(c *results.Cell) { c.Topics = 2 },
		"each PAIR talks to one other":        func(c *results.Cell) { c.Pattern, c.Clients, c.Peers = "pair", 2, 3 },
		"every subscriber each message twice": func(c *results.Cell) { c.Pattern, c.Connections = "pub-sub", 2 },
		`transport "udp"`:                     func(c *results.Cell) { c.Transport = "udp" },
		`payload "ones"`:                      func(c *results.Cell) { c.Payload = "ones" },
		"frames -1":                           func(c *results.Cell) { c.Frames = -1 },
		"push-pull promises delivery":         func(c *results.Cell) { c.Pattern, c.AllowLoss = "push-pull", 0.01 },
		"allow-loss 100%":                     func(c *results.Cell) { c.AllowLoss = 1 },
		"peer-stall":                          func(c *results.Cell) { c.PeerStall = "1s" },
		"peer-delay":                          func(c *results.Cell) { c.PeerDelay = "fast" },
		"no transport; write it like":         func(c *results.Cell) { c.Endpoints = []string{"localhost:1"} },
		"inproc ends at this process":         func(c *results.Cell) { c.Endpoints = []string{"inproc://x"} },
		"rate -1":                             func(c *results.Cell) { c.RateMsgsPerS = -1 },
	} {
		cell := cellOf(func(c *results.Cell) { c.Pattern = "req-rep"; change(c) })
		err := Resolve(&cell)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q, want one line with %q", err, want)
		}
	}
}

func TestMiddlesAreNotSomebodyElses(t *testing.T) {
	c := results.Cell{Pattern: "forwarder", Engine: "null", Endpoints: []string{"tcp://127.0.0.1:1"}, Listen: "peer"}
	if err := Resolve(&c); err == nil || !strings.Contains(err.Error(), "use pub-sub") || strings.Contains(err.Error(), "listen") {
		t.Errorf("refused with %v", err)
	}
}
