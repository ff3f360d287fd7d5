// Command checkresult says whether a result.json can be right: its schema is
// known, every message of every run is accounted for, and no run failed or got
// damaged messages. Other verdicts are printed and pass, for they may come from
// a busy machine.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"zbench/results"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: checkresult RESULT.json")
		os.Exit(2)
	}
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "checkresult:", err)
		os.Exit(1)
	}
	defer f.Close()
	if !check(f, os.Stdout) {
		os.Exit(1)
	}
}

// check prints a line for every run and reports whether all of them can be right.
func check(r io.Reader, w io.Writer) bool {
	var file results.File
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		fmt.Fprintln(w, "not a result:", err)
		return false
	}
	if file.Schema != results.Schema || len(file.Runs) == 0 {
		fmt.Fprintf(w, "schema %q with %d runs, want %q and at least one\n", file.Schema, len(file.Runs), results.Schema)
		return false
	}
	good := true
	for _, run := range file.Runs {
		a, verdict := run.Accounting, run.Verdict
		ok := a.Closed() && a.Received > 0 && a.Corrupted == 0 && verdict != results.Failed && verdict != results.Corrupted
		// Nothing was run, and nothing is wrong.
		ok = ok || verdict == results.Refused && a.Closed()
		if !ok {
			good = false
		}
		fmt.Fprintf(w, "%-5t %-18s %-14s %-7s sent %d received %d lost %d duplicated %d reordered %d corrupted %d\n", ok,
			verdict, run.Cell.Pattern, run.Cell.Transport, a.Sent, a.Received, a.Lost, a.Duplicated, a.Reordered, a.Corrupted)
		for _, reason := range run.Reasons {
			fmt.Fprintf(w, "      %s: %s\n", reason.Verdict, reason.Detail)
		}
	}
	return good
}
