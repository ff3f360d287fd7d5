package scenarios

import "math/rand/v2"

// Step is one run to be made: a cell by its index, and the how-manieth repeat.
type Step struct {
	Cell   int
	Repeat int // 1, 2, …
	// Seed is the same for all cells of a repeat, so that they see the same
	// arrivals and payloads and their difference is their own.
	Seed uint64
}

// Plan orders the runs: every repeat goes through all cells in a new random
// order, so that whatever drifts on the host hits all cells alike. The same
// seed gives the same plan.
func Plan(cells, runs int, seed uint64) []Step {
	rng := rand.New(rand.NewPCG(seed, 0))
	steps := make([]Step, 0, cells*runs)
	for repeat := 1; repeat <= runs; repeat++ {
		runSeed := seed
		if repeat > 1 {
			runSeed = rng.Uint64()
		}
		for _, cell := range rng.Perm(cells) {
			steps = append(steps, Step{cell, repeat, runSeed})
		}
	}
	return steps
}
