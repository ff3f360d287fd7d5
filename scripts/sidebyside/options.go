package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

var errUsage = errors.New("usage")

// options are what the command line asks for.
type options struct {
	rounds     int
	duration   time.Duration
	cells      []cell
	contenders []string
	json       string
	zbench     string // "": one built here
	before     string // "": nobody is compared with it
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	var filter, list string
	set := flag.NewFlagSet("sidebyside", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.IntVar(&o.rounds, "rounds", 9, "`N` times every contender runs each cell")
	set.DurationVar(&o.duration, "duration", 1500*time.Millisecond, "`TIME` that a run takes, about")
	set.StringVar(&filter, "cells", "", "only cells whose name contains one of these `WORDS`, commas between: "+strings.Join(cellNames(), ", "))
	set.StringVar(&list, "contenders", strings.Join(usualContenders(), ","), "`NAMES` of who takes part, commas between")
	set.StringVar(&o.zbench, "zbench", "", "`PATH` of a zbench that is compared instead of one built from this tree")
	set.StringVar(&o.before, "before", "", "`PATH` of an older zbench, that takes part as the contender before")
	set.StringVar(&o.json, "json", "", "`FILE` for all values, besides")
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, err
	} else if err != nil {
		return o, fmt.Errorf("%w: %w", errUsage, err)
	}
	switch {
	case set.NArg() > 0:
		return o, fmt.Errorf("%w: unexpected %q; there are only flags, see --help", errUsage, set.Arg(0))
	case o.rounds < 1 || o.rounds > 1000:
		return o, fmt.Errorf("%w: --rounds %d; choose 1 to 1000", errUsage, o.rounds)
	case o.before == "" && slices.Contains(strings.Split(list, ","), beforeName):
		return o, fmt.Errorf("%w: --contenders %s; say which it is with --before PATH", errUsage, beforeName)
	case o.duration < 10*time.Millisecond || o.duration > time.Minute:
		return o, fmt.Errorf("%w: --duration %v; choose 10ms to 1m", errUsage, o.duration)
	}
	var err error
	if o.cells, err = chooseCells(filter); err != nil {
		return o, err
	}
	if o.before != "" {
		list += "," + beforeName
		for i, c := range o.cells {
			o.cells[i] = c.since()
		}
	}
	o.contenders, err = chooseContenders(list)
	return o, err
}

func chooseCells(filter string) ([]cell, error) {
	words := strings.Split(filter, ",")
	var chosen []cell
	for _, c := range cells() {
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(c.name, word) }) {
			chosen = append(chosen, c)
		}
	}
	if chosen == nil {
		return nil, fmt.Errorf("%w: --cells %s: no such cell; there are %s", errUsage, filter, strings.Join(cellNames(), ", "))
	}
	return chosen, nil
}

// usualContenders are all that need no flag of their own.
func usualContenders() []string {
	return slices.DeleteFunc(contenderNames(), func(name string) bool { return name == beforeName })
}

// chooseContenders keeps the order that the tables show.
func chooseContenders(list string) ([]string, error) {
	wanted := strings.Split(list, ",")
	all := contenderNames()
	for _, name := range wanted {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("%w: --contenders: no %q; there are %s", errUsage, name, strings.Join(all, ", "))
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(wanted, name) }), nil
}
