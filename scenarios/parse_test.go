package scenarios

import (
	"errors"
	"strings"
	"testing"
)

// TestMistakes: where, what and the mend, in one line.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"empty", "", `x.yaml: the scenario is empty; see`},
		{"only comments", "# nothing\n", `x.yaml: the scenario is empty; see`},
		{"a list", "- a\n", `x.yaml:1:1: a scenario is a map of keys, this is a list; begin with matrix:`},
		{"a word", "hello", `x.yaml:1:1: a scenario is a map of keys, this is a value; begin with matrix:`},
		{"nothing to run", "runs: 2\n", `x.yaml:1:1: nothing to run; add matrix:`},
		{"unknown top key", "matrx:\n  - pattern: pair\n", `x.yaml:1:1: unknown key "matrx"; did you mean "matrix"?`},
		{"cells for matrix", "cells:\n  - pattern: pair\n", `x.yaml:1:1: unknown key "cells"; write matrix:`},
		{"cell key on top", "pattern: pair\n", `x.yaml:1:1: "pattern" is a key of a cell; put it under defaults:`},
		{"unknown cell key", "matrix:\n  - pattern: pair\n    patern: pair\n", `x.yaml:3:5: unknown key "patern"; did you mean "pattern"?`},
		{"underscore", "matrix:\n  - peer_delay: 1ms\n", `x.yaml:2:5: unknown key "peer_delay"; did you mean "peer-delay"?`},
		{"unknown pattern", "matrix:\n  - pattern: pair, reqrep\n", `x.yaml:2:20: unknown pattern "reqrep"; did you mean "req-rep"?`},
		{"unknown in quotes", "matrix:\n  - pattern: \"pair, reqrep\"\n", `x.yaml:2:21: unknown pattern "reqrep"`},
		{"unknown in a list", "matrix:\n  - pattern: [pair, reqrep]\n", `x.yaml:2:21: unknown pattern "reqrep"`},
		{"unknown transport", "matrix:\n  - {pattern: pair, transport: tpc}\n", `x.yaml:2:32: unknown transport "tpc"; did you mean "tcp"?`},
		{"unknown engine", "matrix:\n  - pattern: pair\n    engine: zmq\n", `x.yaml:3:13: unknown engine "zmq"; did you mean "zmtp"?`},
		{"malformed size", "matrix:\n  - pattern: pair\n    size: 64:70%\n", `x.yaml:3:11: size "64:70%": `},
		{"malformed rate", "matrix:\n  - pattern: pair\n    rate: fast\n", `x.yaml:3:11: rate "fast": not a number; write it like`},
		{"malformed stage", "matrix:\n  - pattern: pair\n    stages: 10s\n", `x.yaml:3:13: stages "10s": stage "10s": no @`},
		{"malformed duration", "matrix:\n  - pattern: pair\n    duration: 10\n", `x.yaml:3:15: duration "10": not a duration; write it like 10s`},
		{"malformed endpoint", "matrix:\n  - pattern: pair\n    connect: 127.0.0.1\n", `x.yaml:3:14: connect "127.0.0.1": no transport; write it like tcp://`},
		{"negative warm-up", "matrix:\n  - pattern: pair\n    warmup: -1s\n", `x.yaml:3:13: warmup "-1s": out of range`},
		{"no clients", "matrix:\n  - pattern: pair\n    clients: 0\n", `x.yaml:3:14: clients "0": out of range; write a number from 1 on`},
		{"no messages", "matrix:\n  - pattern: pair\n    count: 0\n", `x.yaml:3:12: count "0": nothing would be measured`},
		{"whole loss", "matrix:\n  - pattern: pub-sub\n    allow-loss: 100%\n", `x.yaml:3:17: allow-loss "100%": not a fraction`},
		{"rate with window", "matrix:\n  - pattern: pair\n    rate: 10\n    window: 4\n", `x.yaml:4:13: window and rate contradict`},
		{"rate with stages", "matrix:\n  - pattern: pair\n    rate: 10\n    stages: 1s@1k\n", `rate and stages contradict`},
		{"stages with duration", "matrix:\n  - pattern: pair\n    stages: 1s@1k\n    duration: 2s\n", `x.yaml:3:13: stages say how long`},
		{"count with duration", "matrix:\n  - pattern: pair\n    count: 10\n    duration: 2s\n", `x.yaml:3:12: count and duration contradict`},
		{"no max loop", "matrix:\n  - pattern: req-rep\n    rate: 0\n", `x.yaml:3:11: rate 0: req-rep has no max loop`},
		{"connect and bind", "matrix:\n  - pattern: pair\n    connect: tcp://a:1\n    bind: tcp://a:2\n", `connect and bind contradict each other; leave one out`},
		{"connect and transport", "matrix:\n  - pattern: pair\n    transport: ipc\n    connect: tcp://a:1\n", `transport ipc contradicts it`},
		{"no pattern", "matrix:\n  - size: 64\n", `x.yaml:2:5: no pattern; add pattern:`},
		{"a map in a list", "matrix:\n  - pattern: [pair, {a: 1}]\n", `x.yaml:2:21: pattern has a map in its list`},
		{"no value", "matrix:\n  - size:\n    pattern: pair\n", `x.yaml:2:5: size is empty; write one value`},
		{"empty part", "matrix:\n  - pattern: pair,\n", `pattern has an empty value; leave it out`},
		{"a group that is a word", "matrix:\n  - pair\n", `x.yaml:2:5: here stands a value where a map of cell keys belongs`},
		{"empty matrix", "matrix: []\n", `x.yaml:1:9: matrix is empty`},
		{"twice", "matrix:\n  - pattern: pair\n    pattern: pair\n", `x.yaml:3:5: mapping key "pattern" already defined`},
		{"anchor", "matrix:\n  - &a {pattern: pair}\n", `x.yaml:2:5: anchors, aliases and tags are not used here`},
		{"open bracket", "matrix: [", `x.yaml:1:9: sequence end token ']' not found`},
		{"tab", "matrix:\n\t- pattern: pair\n", `x.yaml:2:1: found character '\t'`},
		{"two documents", "runs: 1\n---\nruns: 2\n", `x.yaml:3:1: a second document begins here`},
		{"binary", "\xff\xfe", `x.yaml: the file is not UTF-8 text`},
		{"runs", "runs: none\nmatrix: {pattern: pair}\n", `x.yaml:1:7: runs "none": not a number of runs; write a number from 1 to 10000`},
		{"seed", "seed: -1\nmatrix: {pattern: pair}\n", `x.yaml:1:7: seed "-1": not a seed`},
		{"name", "name: a/b\nmatrix: {pattern: pair}\n", `x.yaml:1:7: name "a/b": not fit for a directory`},
		{"description", "description: [a]\nmatrix: {pattern: pair}\n", `description is a list; write one value`},
		{"threshold", "matrix: {pattern: pair}\nthresholds:\n  - response.p9 < 2ms\n", `x.yaml:3:5: threshold "response.p9 < 2ms": unknown figure "response.p9"; did you mean "response.p90"?`},
		{"threshold in defaults", "defaults:\n  thresholds: lost == 0\nmatrix: {pattern: pair}\n", `unknown key "thresholds"; put it beside defaults:`},
		{"too many", "runs: 10000\nmatrix: {pattern: pair, size: [1, 2]}\n", `x.yaml:2:9: the matrix makes more than 10000 runs; give keys fewer values`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := expandText(c.yaml)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, ErrInvalid) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if !strings.HasPrefix(e.Error(), c.want) && !strings.Contains(e.Error(), c.want) || strings.Contains(e.Error(), "\n") {
				t.Errorf("got  %s\nwant %s", e.Error(), c.want)
			}
		})
	}
}

func expandText(yaml string) ([]Cell, error) {
	s, err := Parse("x.yaml", []byte(yaml))
	if err != nil {
		return nil, err
	}
	return s.Expand(Fields([]string{"go-zeromq", "null", "zmtp"}), nil)
}

func TestExcerpt(t *testing.T) {
	_, err := expandText("matrix:\n  - pattern: pair, reqrep # here\n")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := "  2 |   - pattern: pair, reqrep # here\n    |                    ^^^^^^\n"
	if got := e.Excerpt(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	flag := &Error{At: Place{Flag: "--rate"}, What: "wrong"}
	if flag.Excerpt() != "" || flag.Error() != "--rate: wrong" {
		t.Errorf("a flag: %q, excerpt %q", flag.Error(), flag.Excerpt())
	}
}

// TestShapes: the same matrix, written in each way that is allowed.
func TestShapes(t *testing.T) {
	for _, yaml := range []string{
		"matrix:\n  - pattern: pair\n    transport: tcp, ipc\n    window: 1,2\n",
		"matrix:\n- pattern: [pair]\n  transport: [tcp, ipc]\n  window: [1, 2]\n",
		"matrix:\n  pattern: pair\n  transport:\n    - tcp\n    - ipc\n  window: 1, 2\n",
		"defaults: {pattern: pair, transport: 'tcp,ipc'}\nmatrix: [{window: '1,2'}]\n",
		"defaults: {pattern: req-rep, rate: 5}\nmatrix: {pattern: pair, transport: 'tcp,ipc', window: '1,2'}\n",
		"description: |\n  two\n  lines\ndefaults: {pattern: pair, transport: 'tcp,ipc', window: '1,2'}\r\n",
	} {
		cells, err := expandText(yaml)
		if err != nil {
			t.Errorf("%v\n%s", err, yaml)
			continue
		}
		var got []string
		for _, c := range cells {
			got = append(got, c.Pattern+" "+c.Transport+" "+strings.Repeat("w", c.Window))
		}
		if s := strings.Join(got, ", "); s != "pair tcp w, pair tcp ww, pair ipc w, pair ipc ww" {
			t.Errorf("got %s\n%s", s, yaml)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Shipped() {
		b, err := Source(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range []string{"a: [", "? a\n: b", "matrix: &a [*a]", "matrix:\n  - pattern: pair, ,\n", "- - -", "!!set {a}", "<<: {a: b}", "a: |\n  x", "\"", "'a': 'b", "{"} {
		f.Add([]byte(s))
	}
	fields := Fields([]string{"go-zeromq", "null", "zmtp"})
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse("f.yaml", text)
		if err == nil {
			_, err = s.Expand(fields, nil)
		}
		if err == nil {
			return
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%T: %v", err, err)
		}
		e.Excerpt()
	})
}

// TestTemplatePayload: a template may hold commas, wherever it is written.
func TestTemplatePayload(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"payload: 'template:{\"id\": {seq}, \"n\": 1}'", `template:{"id": {seq}, "n": 1}`},
		{"payload: zero, template:a, b", "zero|template:a, b"},
		{"payload: [template:a, zero]", "template:a|zero"},
		{"payload: zero, random", "zero|random"},
		{"engine: null, template:a", "null|template:a"},
	} {
		s, err := Parse("x.yaml", []byte("defaults:\n  pattern: req-rep\n  "+c.text+"\n"))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var got []string
		for _, v := range s.Defaults[1].Values {
			got = append(got, v.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q", c.text, got)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	const text = "matrix:\n  - pattern: pair\n"
	plain, err := Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	marked, err := Parse("a.yaml", []byte("\uFEFF"+text))
	if err != nil || len(marked.Groups) != len(plain.Groups) {
		t.Errorf("%v, %+v", err, marked)
	}
}
