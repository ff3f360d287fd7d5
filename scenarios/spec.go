// Package scenarios is what to run: scenario files, the keys that cells have,
// the expansion of a matrix to cells, the order of runs, and thresholds.
//
// Every key of a cell is a row of one table (Fields), which flags, YAML,
// editors' schema and documentation share.
package scenarios

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"zbench/drivers/load"
	"zbench/targets"
)

// Spec is a scenario as written. It expands to cells.
type Spec struct {
	Name        string
	Description string
	Runs        int    // repeats of every cell; at least 1
	Seed        uint64 // of payloads, Poisson arrivals and the order of runs
	Defaults    []Setting
	Groups      []Group // each expands by itself
	Thresholds  []Threshold
	SkipRefused bool          // cells that an engine refuses are shown, and do not fail
	Target      *targets.Spec // the service under test; nil: none is started
}

// Group is one entry of the matrix: the cross product of its settings.
type Group struct {
	Settings   []Setting
	Thresholds []Threshold
	At         Place
}

// Setting is one key and the values it takes in turn.
type Setting struct {
	Key    string
	Values []Value
}

// Value is one value as written, and where.
type Value struct {
	Text string
	At   Place
}

const maxRuns = 10_000 // of a whole scenario: a day of ten-second runs

// topKeys are the keys of a scenario itself.
var topKeys = []string{"name", "description", "defaults", "matrix", "thresholds", "runs", "seed", "target", "refused"}

// byteOrderMark is what some editors put before a text in UTF-8.
var byteOrderMark = []byte("\uFEFF")

// Parse reads a scenario file; name is the file's and appears in errors. The
// error is an *Error.
func Parse(name string, content []byte) (*Spec, error) {
	root, err := readNodes(name, bytes.TrimPrefix(content, byteOrderMark))
	if err != nil {
		return nil, err
	}
	if root.kind == emptyNode {
		return nil, mistake(root.at, 1, "the scenario is empty", "see `zbench scenarios show quickstart`")
	}
	if root.kind != mapNode {
		return nil, mistake(root.at, 1, "a scenario is a map of keys, this is "+root.kind.String(), "begin with matrix: and a list of groups")
	}
	s := &Spec{Name: baseName(name), Runs: 1, Seed: 1}
	fields := Fields(nil)
	for _, e := range root.entries {
		if err := s.readTop(fields, e); err != nil {
			return nil, err
		}
	}
	if len(s.Groups) == 0 {
		if len(s.Defaults) == 0 {
			return nil, mistake(root.at, 1, "nothing to run", "add matrix: with a list of groups, each a map of cell keys")
		}
		s.Groups = []Group{{At: root.at}}
	}
	return s, nil
}

func baseName(file string) string {
	base := filepath.Base(file)
	return strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
}

func (s *Spec) readTop(fields []Field, e entry) (err error) {
	switch e.key.text {
	case "name":
		s.Name, err = readName(e)
	case "description":
		s.Description, err = readScalar(e)
	case "runs":
		s.Runs, err = readRuns(e)
	case "seed":
		s.Seed, err = readSeed(e)
	case "defaults":
		s.Defaults, _, err = readSettings(fields, e.value, false)
	case "matrix":
		s.Groups, err = readGroups(fields, e.value)
	case "thresholds":
		s.Thresholds, err = readThresholds(e.value)
	case "refused":
		s.SkipRefused, err = readRefused(e)
	case "target":
		s.Target, err = readTarget(e.value)
	default:
		return unknownTop(fields, e.key)
	}
	return err
}

func unknownTop(fields []Field, key node) error {
	what := fmt.Sprintf("unknown key %q", key.text)
	mend := Unknown(key.text, topKeys)
	if _, ok := Find(fields, key.text); ok {
		what, mend = fmt.Sprintf("%q is a key of a cell", key.text), "put it under defaults: or into a group of matrix:"
	} else if key.text == "cells" {
		mend = "write matrix:"
	}
	return mistake(key.at, len(key.text), what, mend)
}

// safeName is what a directory can be called everywhere.
var safeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func readName(e entry) (string, error) {
	name, err := readScalar(e)
	if err == nil && !safeName.MatchString(name) {
		err = mistake(e.value.at, len(name), fmt.Sprintf("name %q: not fit for a directory", name), "use up to 64 letters, digits, dots and hyphens")
	}
	return name, err
}

func readRuns(e entry) (int, error) {
	text, err := readScalar(e)
	if err != nil {
		return 0, err
	}
	return ParseRuns(Value{text, e.value.at})
}

// ParseRuns reads the number of repeats, from a scenario or a flag.
func ParseRuns(v Value) (int, error) {
	n, err := load.ParseCount(v.Text)
	if err != nil || n < 1 || n > maxRuns {
		return 0, mistake(v.At, len(v.Text), fmt.Sprintf("runs %q: not a number of runs", v.Text), fmt.Sprintf("write a number from 1 to %d", maxRuns))
	}
	return int(n), nil
}

func readSeed(e entry) (uint64, error) {
	text, err := readScalar(e)
	if err != nil {
		return 0, err
	}
	return ParseSeed(Value{text, e.value.at})
}

// ParseSeed reads a seed, from a scenario or a flag.
func ParseSeed(v Value) (uint64, error) {
	n, err := strconv.ParseUint(v.Text, 10, 64)
	if err != nil {
		return 0, mistake(v.At, len(v.Text), fmt.Sprintf("seed %q: not a seed", v.Text), "write a whole number from 0 to 18446744073709551615")
	}
	return n, nil
}
