// Command truth measures what is known beforehand and prints both: queues whose
// latencies follow from arithmetic, the generator's own lag, and the harness's
// floor. It runs in real time, on an otherwise idle host, for about twelve
// minutes; each figure is the median of five runs.
//
//	go run ./scripts/truth [-runs 5] [-only stall]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"zbench/drivers"
	"zbench/engines"
	"zbench/engines/gozeromq"
	"zbench/engines/null"
	"zbench/results"
)

// figure is one number of a run and what it must be.
type figure struct {
	name        string
	of          func(results.Run) *float64
	least, most float64
	unit        string
}

// truth is a cell, or a run of two processes, whose figures are known.
type truth struct {
	name    string
	cell    func(*results.Cell)
	hold    *hold // instead of a cell
	figures []figure
}

func main() {
	runs := flag.Int("runs", 5, "runs of each cell")
	only := flag.String("only", "", "those whose name contains this")
	flag.Parse()
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("load average before: %s", load)
	}
	missed := 0
	for _, t := range truths {
		if !strings.Contains(t.name, *only) {
			continue
		}
		n, err := t.measure(os.Stdout, *runs)
		if err != nil {
			fmt.Fprintln(os.Stderr, "truth:", err)
			os.Exit(1)
		}
		missed += n
	}
	if missed > 0 {
		fmt.Printf("%d figures missed\n", missed)
		os.Exit(3)
	}
}

// measure prints a line for each figure and counts those that were missed.
func (t truth) measure(w io.Writer, runs int) (missed int, err error) {
	values := make([][]float64, len(t.figures))
	for i := range runs {
		r, err := t.run(i)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", t.name, err)
		}
		if i == 0 {
			fmt.Fprintf(w, "%s: %s, %s, verdict %s\n", t.name, r.Cell.Pattern, strings.ReplaceAll(string(r.Cell.Loop), "_", " "), r.Verdict)
		}
		for k, f := range t.figures {
			if v := f.of(r); v != nil {
				values[k] = append(values[k], *v)
			}
		}
	}
	for k, f := range t.figures {
		if len(values[k]) == 0 {
			fmt.Fprintf(w, "  missed  %-16s was not published; expected %g to %g %s\n", f.name, f.least, f.most, f.unit)
			missed++
			continue
		}
		slices.Sort(values[k])
		mid, word := values[k][len(values[k])/2], "reached"
		if mid < f.least || mid > f.most {
			word = "missed "
			missed++
		}
		fmt.Fprintf(w, "  %s %-16s %10.3f %s  expected %g to %g  (runs %.3f to %.3f)\n", word, f.name, mid, f.unit,
			f.least, f.most, values[k][0], values[k][len(values[k])-1])
	}
	return missed, nil
}

func (t truth) run(i int) (results.Run, error) {
	if t.hold != nil {
		return t.hold.run()
	}
	c := drivers.NewCell()
	t.cell(&c)
	if err := drivers.Resolve(&c); err != nil {
		return results.Run{}, err
	}
	e := map[string]func() engines.Engine{
		"null":      func() engines.Engine { return null.New() },
		"go-zeromq": gozeromq.New,
	}[c.Engine]()
	return drivers.Run(context.Background(), drivers.Setup{
		ID: fmt.Sprint(t.name, i), Cell: c, Load: e, Peer: e, Seed: uint64(i + 1),
	}, drivers.Output{})
}
