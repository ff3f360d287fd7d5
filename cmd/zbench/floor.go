package main

import (
	"context"
	"encoding/json"

	"zbench/drivers"
	"zbench/engines/null"
	"zbench/results"
)

// floors are those measured so far, by the cell that made them.
type floors map[string]*results.Floor

// moreFloors is how often a floor is measured again that a run beats.
const moreFloors = 3

// floor gives what the load of a run takes on the engine null, measured once for
// all cells that differ in what null knows nothing of; nil: not known. A floor that
// the run beats was disturbed: it is measured again, in the time of that run, and
// the best stands from then on.
func (a *app) floor(ctx context.Context, known floors, run *results.Run) *results.Floor {
	c, ok := floorCell(run.Cell)
	if !ok || a.makeFloor == nil {
		return nil
	}
	key, err := json.Marshal(c)
	if err != nil {
		return nil
	}
	f, ok := known[string(key)]
	if !ok {
		f = a.makeFloor(ctx, c)
	}
	for range moreFloors {
		rate, p50 := run.Beats(f)
		if !rate && !p50 || ctx.Err() != nil {
			break
		}
		f = f.Better(a.makeFloor(ctx, c))
	}
	known[string(key)] = f
	return f
}

// floorCell is the same load for a moment, in memory; not ok where a moment
// says nothing about it.
func floorCell(c results.Cell) (results.Cell, bool) {
	const seconds, warmup, least, longest = 0.2, 0.1, 50, 1
	name := null.New().Name()
	f := drivers.NewCell()
	f.Engine, f.PeerEngine, f.Transport = name, name, "inproc"
	f.Pattern, f.Size, f.Frames, f.Payload, f.Topics = c.Pattern, c.Size, c.Frames, c.Payload, c.Topics
	f.Clients, f.Connections, f.Middles, f.Peers = c.Clients, c.Connections, c.Middles, c.Peers
	f.Loop, f.Window, f.RateMsgsPerS, f.Arrival = c.Loop, c.Window, c.RateMsgsPerS, c.Arrival
	f.DurationS, f.WarmupS = seconds, warmup
	if c.RateMsgsPerS > 0 {
		f.DurationS = max(seconds, least/c.RateMsgsPerS)
	}
	if c.Stages != "" || c.Engine == name || f.DurationS > longest {
		return f, false
	}
	return f, drivers.Resolve(&f) == nil
}

// measureFloor makes the run; what fails here fails no other.
func measureFloor(ctx context.Context, c results.Cell) *results.Floor {
	e := null.New()
	s := drivers.Setup{ID: "floor", Scenario: "floor", Repeat: 1, Cell: c, Seed: 1, Load: e, Middle: e, Peer: e}
	if drivers.Check(s) != nil {
		return nil
	}
	made, err := drivers.Run(ctx, s, drivers.Output{})
	if err != nil || made.Verdict == results.Failed || made.Verdict == results.Interrupted {
		return nil
	}
	return results.FloorOf(&made)
}
