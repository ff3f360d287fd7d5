package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
)

// aloneShare of the runs that nothing disturbs shall be called valid.
const aloneShare = 0.95

// aloneCase is a load that is far below what its engine carries here.
type aloneCase struct {
	load
	engine, transport string
}

func (c aloneCase) name() string {
	return fmt.Sprintf("%s, %s, %s, %d/s, %d clients", c.engine, c.pattern, c.transport, c.rate, c.clients)
}

// aloneCases stay below 70 % of what the slowest pattern of an engine carries on
// two small cores: some 300,000/s of zmtp's, 25,000/s of go-zeromq's round trips
// and 8,000/s of libzmq's.
func aloneCases() []aloneCase {
	rates := []struct {
		engine string
		perS   []int
	}{{"zmtp", []int{600, 2000, 10_000, 40_000}}, {"go-zeromq", []int{600, 2000, 5000}}, {"libzmq", []int{600, 2000}}}
	var all []aloneCase
	for _, r := range rates {
		for i, rate := range r.perS {
			for j, pattern := range []string{"req-rep", "dealer-router", "push-pull", "pair", "router-dealer", "pub-sub"} {
				clients := 1
				if pattern == "req-rep" && i%2 == 1 {
					clients = 4
				}
				all = append(all, aloneCase{load{pattern, rate, clients}, r.engine, []string{"tcp", "ipc"}[(i/2+j)%2]})
			}
		}
	}
	return all
}

// measureAlone counts, by engine, the runs that are called valid though nothing
// else runs.
func measureAlone(ctx context.Context, k *kit, o options, w io.Writer) (missed int, err error) {
	fmt.Fprintf(w, "\nalone: runs that nothing disturbs, below 70 %% of what can be carried\n")
	runs, valid, cases := map[string]int{}, map[string]int{}, aloneCases()
	for i := range o.runs {
		c := cases[i%len(cases)]
		f, err := zbench(c.engine, "--transport", c.transport).run(ctx, k, c.load, "", c.lasts(o.duration), disturbance{})
		runs[c.engine]++
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err != nil:
			fmt.Fprintf(w, "  %s: %v\n", c.name(), err)
		case f.valid():
			valid[c.engine]++
		default:
			fmt.Fprintf(w, "  %s: %s\n", c.name(), f.reasons)
		}
		fmt.Fprintf(k.report, "run %d/%d: %s: %s\n", i+1, o.runs, c.name(), f.verdict)
	}
	for _, engine := range slices.Sorted(maps.Keys(runs)) {
		word := "reached"
		if float64(valid[engine]) < aloneShare*float64(runs[engine]) {
			word = "missed"
			missed++
		}
		fmt.Fprintf(w, "%-7s  %s: %d of %d runs called valid; wanted %g %%\n", word, engine, valid[engine], runs[engine], 100*aloneShare)
	}
	return missed, nil
}
