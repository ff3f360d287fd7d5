package main

import (
	"context"
	"fmt"
	"io"
	"os"
)

// compare makes all rounds of the cells chosen and shows each cell when it is
// done. What was measured before an interrupt is shown and saved too.
func compare(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	h := readHost()
	if h.busy() {
		fmt.Fprintf(stderr, "warning: the load average is %.2f: other work takes part in every figure; wait until it is below %.1f\n",
			h.LoadAverage[0], idleLoad)
	}
	dir, err := os.MkdirTemp("", "sidebyside")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	contenders, err := prepare(ctx, o, dir)
	if err != nil {
		return err
	}
	doc := newDocument(o, h, contenders)
	writeHead(stdout, doc)
	for _, c := range o.cells {
		if ctx.Err() != nil {
			break
		}
		b := bench{
			cell: c, contenders: playing(contenders, c), rounds: o.rounds, duration: o.duration,
			places: &places{dir: dir}, progress: stderr,
		}
		m := b.measure(ctx)
		doc.add(m)
		writeCell(stdout, m)
	}
	if o.json != "" {
		if err := doc.save(o.json); err != nil {
			return err
		}
	}
	return ctx.Err()
}
