package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"zbench/drivers"
	"zbench/results"
)

// Cell is one combination of a scenario, resolved, with what its runs must
// meet and where its values were written.
type Cell struct {
	results.Cell
	Thresholds []Threshold
	from       map[string]Value
	group      Place
}

func newCell() results.Cell { return drivers.NewCell() }

// Expand makes the cells of a scenario: for every group the cross product of
// its values, over the defaults and under the flags, in the order of the file
// and of the table of fields. Cells that come out alike are one. The error is
// an *Error.
func (s *Spec) Expand(fields []Field, flags []Setting) ([]Cell, error) {
	var cells []Cell
	seen := map[string]bool{}
	for _, g := range s.Groups {
		settings := spread(fields, layer(fields, layer(fields, s.Defaults, g.Settings), flags))
		if err := s.checkSize(g, settings, len(cells)); err != nil {
			return nil, err
		}
		if err := checkTwice(fields, settings); err != nil {
			return nil, err
		}
		expanded, err := expandGroup(fields, settings, g.At)
		if err != nil {
			return nil, err
		}
		for _, c := range expanded {
			if err := s.checkTarget(&c); err != nil {
				return nil, err
			}
			c.Thresholds = slices.Concat(s.Thresholds, g.Thresholds)
			if key := c.identity(fields, s.Thresholds); !seen[key] {
				seen[key] = true
				cells = append(cells, c)
			}
		}
	}
	return cells, nil
}

// layer puts settings over others: a key replaces the same key below and takes
// out those it excludes.
func layer(fields []Field, below, above []Setting) []Setting {
	var out []Setting
	for _, b := range below {
		covered := slices.ContainsFunc(above, func(a Setting) bool {
			f, _ := Find(fields, a.Key)
			return a.Key == b.Key || slices.Contains(f.Excludes, b.Key)
		})
		if !covered {
			out = append(out, b)
		}
	}
	return append(out, above...)
}

// checkSize counts before anything is made, for a matrix multiplies quickly.
func (s *Spec) checkSize(g Group, settings []Setting, before int) error {
	n := 1
	for _, set := range settings {
		if n *= len(set.Values); n > maxRuns {
			break
		}
	}
	if before+n > maxRuns/s.Runs {
		return mistake(g.At, 1, fmt.Sprintf("the matrix makes more than %d runs", maxRuns),
			"give keys fewer values, ask for fewer runs, or make several scenarios")
	}
	return nil
}

// expandGroup goes through the product like an odometer whose last wheel is
// the last field of the table.
func expandGroup(fields []Field, settings []Setting, at Place) ([]Cell, error) {
	wheels := slices.Clone(settings)
	slices.SortStableFunc(wheels, func(a, b Setting) int {
		return slices.Index(keys(fields), a.Key) - slices.Index(keys(fields), b.Key)
	})
	var cells []Cell
	turn := make([]int, len(wheels))
	for {
		c := Cell{Cell: newCell(), from: map[string]Value{}, group: at}
		for i, w := range wheels {
			f, _ := Find(fields, w.Key)
			v := w.Values[turn[i]]
			c.from[w.Key] = v
			if err := f.Apply(&c.Cell, v); err != nil {
				return nil, err
			}
		}
		if err := c.resolve(fields); err != nil {
			return nil, err
		}
		cells = append(cells, c)
		i := len(wheels) - 1
		for ; i >= 0; i-- {
			if turn[i]++; turn[i] < len(wheels[i].Values) {
				break
			}
			turn[i] = 0
		}
		if i < 0 {
			return cells, nil
		}
	}
}

// Engines of a cell that names none. What loads a service must be faster than
// the service.
const (
	DefaultEngine = "go-zeromq"
	LoadEngine    = "zmtp" // where the peer is somebody else's
)

func (c *Cell) chooseEngine() {
	switch {
	case c.Engine != "":
	case len(c.Endpoints) > 0:
		c.Engine = LoadEngine
	default:
		c.Engine = DefaultEngine
	}
}

// resolve lets the drivers fill in and judge the cell, and finds the place of
// what they refuse: their message begins with the key.
func (c *Cell) resolve(fields []Field) error {
	if c.Pattern == "" {
		return mistake(c.group, 1, "no pattern", "add pattern: "+strings.Join(drivers.Patterns(), ", "))
	}
	c.chooseEngine()
	err := drivers.Resolve(&c.Cell)
	if err == nil {
		return nil
	}
	what := strings.TrimPrefix(err.Error(), drivers.ErrInvalid.Error()+": ")
	at, width := c.group, 1
	for _, word := range strings.FieldsFunc(what, func(r rune) bool { return r == ' ' || r == ':' || r == ',' }) {
		if v, ok := c.from[word]; ok {
			at, width = v.At, len(v.Text)
			break
		}
	}
	why, mend, ok := strings.Cut(what, "; ")
	if !ok {
		why, mend = what, ""
	}
	return mistake(at, width, why, mend)
}

// identity is the same for cells that would run alike.
func (c *Cell) identity(fields []Field, common []Threshold) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Get(c.Cell) + "\x00")
	}
	for _, t := range c.Thresholds[len(common):] {
		b.WriteString(t.Expr + "\x00")
	}
	return b.String()
}

// Written reports whether a scenario or a flag gave the key, rather than the
// cell's own default.
func (c *Cell) Written(key string) bool {
	_, ok := c.from[key]
	return ok
}

// Flags are the command line that makes the cell alone, what was left open
// filled in.
func (c *Cell) Flags(fields []Field) []string {
	excluded := func(key string) bool {
		for written := range c.from {
			if f, _ := Find(fields, written); slices.Contains(f.Excludes, key) {
				return true
			}
		}
		return false
	}
	var out []string
	for _, f := range fields {
		v := f.Get(c.Cell)
		derived := !c.Written(f.Key) && excluded(f.Key) || len(f.Values) > 0 && !slices.Contains(f.Values, v)
		if v != "" && !derived {
			out = append(out, "--"+f.Key, v)
		}
	}
	return out
}
