package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"zbench/scenarios"
)

// choose finds what to run: the scenario named, or the cells of the flags, or
// quickstart; and the settings that win over it.
func (a *app) choose(args []string, cells, own *pflag.FlagSet, o runOptions) (*scenarios.Spec, []scenarios.Setting, error) {
	settings, err := a.settings(cells)
	if err != nil {
		return nil, nil, err
	}
	var spec *scenarios.Spec
	switch {
	case len(args) > 0:
		spec, err = a.open(args[0])
	case len(settings) > 0:
		spec, settings, err = fromFlags(settings)
	default:
		spec, err = scenarios.Load("quickstart")
	}
	if err != nil {
		return nil, nil, err
	}
	if own.Changed("runs") {
		if spec.Runs, err = scenarios.ParseRuns(scenarios.Value{Text: o.runs, At: scenarios.Place{Flag: "--runs"}}); err != nil {
			return nil, nil, err
		}
	}
	if own.Changed("seed") {
		if spec.Seed, err = scenarios.ParseSeed(scenarios.Value{Text: o.seed, At: scenarios.Place{Flag: "--seed"}}); err != nil {
			return nil, nil, err
		}
	}
	return spec, settings, nil
}

// fromFlags is the scenario that flags alone make: one group.
func fromFlags(settings []scenarios.Setting) (*scenarios.Spec, []scenarios.Setting, error) {
	i := slices.IndexFunc(settings, func(s scenarios.Setting) bool { return s.Key == "pattern" })
	if i < 0 {
		return nil, nil, usage("no pattern and no scenario; add --pattern req-rep, or name the scenario that the flags shall change: zbench run quickstart %s …", "--"+settings[0].Key)
	}
	name := "cells"
	if len(settings[i].Values) == 1 {
		name = settings[i].Values[0].Text
	}
	return &scenarios.Spec{Name: name, Runs: 1, Seed: 1, Groups: []scenarios.Group{{Settings: settings}}}, nil, nil
}

// open reads a scenario: a shipped one by name, "-" from stdin, else a file.
func (a *app) open(name string) (*scenarios.Spec, error) {
	text, err := a.source(name)
	if err != nil {
		return nil, err
	}
	return scenarios.Parse(fileName(name), text)
}

func fileName(name string) string {
	switch {
	case name == "-":
		return "stdin"
	case slices.Contains(scenarios.Shipped(), name):
		return name + ".yaml"
	}
	return name
}

// maxSource is how much of a file is read; a scenario is refused long before.
const maxSource = 2 << 20

func (a *app) source(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(a.stdin, maxSource))
	}
	if slices.Contains(scenarios.Shipped(), name) {
		return scenarios.Source(name)
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(name)
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSource))
	if err != nil {
		return nil, unreadable(name, err)
	}
	return text, nil
}

func unreadable(name string, err error) error {
	return usage("scenario %s cannot be read: %v; name a YAML file, or one of %s", name, cause(err), strings.Join(scenarios.Shipped(), ", "))
}

func notFound(name string) error {
	if strings.ContainsAny(name, `/\`) || filepath.Ext(name) != "" {
		return usage("no file %s; name one that exists, or a shipped scenario: %s", name, strings.Join(scenarios.Shipped(), ", "))
	}
	return usage("no scenario %q, shipped or as a file; %s", name, scenarios.Unknown(name, scenarios.Shipped()))
}

// cause is the system's word for what went wrong, without the path again.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// scenarioNames are for shells.
func scenarioNames() []string { return scenarios.Shipped() }
