package scenarios

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"zbench/results"
)

var testFields = Fields([]string{"go-zeromq", "null", "zmtp"})

func over(key string, values ...string) Setting {
	s := Setting{Key: key}
	for _, v := range values {
		s.Values = append(s.Values, Value{v, Place{Flag: "--" + key}})
	}
	return s
}

// TestFlagsWin: a flag replaces its key and takes out those that cannot stand
// beside it.
func TestFlagsWin(t *testing.T) {
	s, err := Parse("x.yaml", []byte("defaults: {rate: 1k, duration: 10s}\nmatrix:\n  - {pattern: pair, transport: 'tcp, ipc'}\n  - {pattern: dealer-router, transport: tcp}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		flags []Setting
		want  string
	}{
		{"none", nil, "pair tcp open 1000 10s, pair ipc open 1000 10s, dealer-router tcp open 1000 10s"},
		{"rate", []Setting{over("rate", "5", "6")}, "pair tcp open 5 10s, pair tcp open 6 10s, pair ipc open 5 10s, pair ipc open 6 10s, dealer-router tcp open 5 10s, dealer-router tcp open 6 10s"},
		{"window over rate", []Setting{over("window", "4")}, "pair tcp window  10s, pair ipc window  10s, dealer-router tcp window  10s"},
		{"stages over rate and duration", []Setting{over("stages", "1s@1k")}, "pair tcp open  1s, pair ipc open  1s, dealer-router tcp open  1s"},
		{"count over duration", []Setting{over("count", "100")}, "pair tcp open 1000 , pair ipc open 1000 , dealer-router tcp open 1000 "},
		{"alike are one", []Setting{over("pattern", "pair"), over("transport", "tcp")}, "pair tcp open 1000 10s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells, err := s.Expand(testFields, c.flags)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, cell := range cells {
				got = append(got, strings.Join([]string{cell.Pattern, cell.Transport, string(cell.Loop), get(cell, "rate"), get(cell, "duration")}, " "))
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

func get(c Cell, key string) string {
	f, _ := Find(testFields, key)
	return f.Get(c.Cell)
}

// TestFlagMistakes: an error names the flag.
func TestFlagMistakes(t *testing.T) {
	s := &Spec{Runs: 1, Groups: []Group{{Settings: []Setting{over("pattern", "pair"), over("rate", "5"), over("window", "2")}}}}
	_, err := s.Expand(testFields, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "--window and rate contradict") {
		t.Errorf("got %v", err)
	}
	_, err = s.Expand(testFields, []Setting{over("pattern", "pare")})
	if err == nil || err.Error() != `--pattern: unknown "pare"; did you mean "pair"?` {
		t.Errorf("got %v", err)
	}
}

// TestFields: every field's example is accepted, comes back from Get, and is
// read again to the same cell; flags and YAML share keys, so they are checked
// for form.
func TestFields(t *testing.T) {
	for _, f := range testFields {
		var c, again results.Cell
		c, again = newCell(), newCell()
		if f.Key != strings.ToLower(f.Key) || strings.ContainsAny(f.Key, "_ ") || f.Doc == "" || f.Example == "" {
			t.Errorf("%q: a key is lower case with hyphens, and has doc and example", f.Key)
		}
		if err := f.Apply(&c, Value{Text: f.Example}); err != nil {
			t.Errorf("%s: %v", f.Key, err)
			continue
		}
		if f.Values != nil && !slices.Contains(f.Values, f.Example) {
			t.Errorf("%s: the example is none of its values", f.Key)
		}
		written := f.Get(c)
		if err := f.Apply(&again, Value{Text: written}); err != nil || !reflect.DeepEqual(c, again) {
			t.Errorf("%s: %s is written %q and read as %+v (%v)", f.Key, f.Example, written, again, err)
		}
		if open := f.Get(newCell()); open != "" {
			t.Errorf("%s: an open cell says %q", f.Key, open)
		}
		for _, x := range f.Excludes {
			if _, ok := Find(testFields, x); !ok {
				t.Errorf("%s excludes unknown %s", f.Key, x)
			}
		}
	}
}

// TestCellFlags: the command line of a cell makes that cell again.
func TestCellFlags(t *testing.T) {
	for _, name := range Shipped() {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := s.Expand(testFields, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			again, err := expandFlags(c.Flags(testFields))
			if err != nil {
				t.Fatalf("%v: %v", c.Flags(testFields), err)
			}
			if len(again) != 1 || !reflect.DeepEqual(again[0].Cell, c.Cell) {
				t.Errorf("%s: %v\nmakes %+v\nnot   %+v", name, c.Flags(testFields), again, c.Cell)
			}
		}
	}
}

func expandFlags(args []string) ([]Cell, error) {
	var g Group
	for i := 0; i < len(args); i += 2 {
		g.Settings = append(g.Settings, over(strings.TrimPrefix(args[i], "--"), args[i+1]))
	}
	return (&Spec{Runs: 1, Groups: []Group{g}}).Expand(testFields, nil)
}

func TestEndpoints(t *testing.T) {
	cells, err := expandText("matrix:\n  pattern: dealer-rep\n  connect: tcp://[::1]:1+tcp://a+b:2\n")
	if err == nil {
		c := cells[0]
		if !slices.Equal(c.Endpoints, []string{"tcp://[::1]:1", "tcp://a+b:2"}) || c.Placement != "external" || c.Transport != "tcp" || c.Listen != "peer" {
			t.Errorf("got %+v", c.Cell)
		}
	} else {
		t.Error(err)
	}
	cells, err = expandText("matrix:\n  pattern: push-pull\n  bind: ipc:///tmp/a,ipc:///tmp/b\n")
	if err != nil || len(cells) != 2 || cells[1].Endpoints[0] != "ipc:///tmp/b" || cells[1].Listen != "load" {
		t.Errorf("got %v, %v", cells, err)
	}
}

func TestPlan(t *testing.T) {
	steps := Plan(5, 3, 7)
	if len(steps) != 15 {
		t.Fatalf("%d steps", len(steps))
	}
	var seeds []uint64
	for i := 0; i < 15; i += 5 {
		seen := map[int]bool{}
		for _, s := range steps[i : i+5] {
			seen[s.Cell] = true
			if s.Repeat != i/5+1 || s.Seed != steps[i].Seed {
				t.Errorf("step %+v in repeat %d", s, i/5+1)
			}
		}
		if len(seen) != 5 {
			t.Errorf("repeat %d does not have all cells: %v", i/5+1, steps[i:i+5])
		}
		seeds = append(seeds, steps[i].Seed)
	}
	if seeds[0] != 7 || seeds[1] == seeds[0] || seeds[1] == seeds[2] {
		t.Errorf("seeds %v", seeds)
	}
	if !reflect.DeepEqual(steps, Plan(5, 3, 7)) || reflect.DeepEqual(steps, Plan(5, 3, 8)) {
		t.Error("the order is not the seed's")
	}
}
