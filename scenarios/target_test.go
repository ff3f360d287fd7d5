package scenarios

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"zbench/targets"
)

const withTarget = `matrix:
  pattern: req-rep
  connect: tcp://127.0.0.1:5555
target:
`

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		text string
		want targets.Spec
	}{
		{"  command: [./server, --port, 5555]\n", targets.Spec{Command: []string{"./server", "--port", "5555"}}},
		{"  command: ./server --port 5555\n", targets.Spec{Command: targets.Shell("./server --port 5555")}},
		{"  command: [python3, '{script}']\n  script: |\n    import zmq\n    print(1)\n  dir: /srv\n  env: {PORT: 5555, EMPTY: }\n" +
			"  ready: {line: listening, timeout: 3s}\n  stop: {signal: SIGINT, grace: 1s}\n",
			targets.Spec{Command: []string{"python3", "{script}"}, Script: "import zmq\nprint(1)", Dir: "/srv", Env: []string{"PORT=5555", "EMPTY="},
				Ready: targets.Ready{Line: "listening", Timeout: 3 * time.Second}, Stop: targets.Stop{Signal: "INT", Grace: time.Second}}},
		{"  command: [x]\n  ready:\n    after: 1s\n", targets.Spec{Command: []string{"x"}, Ready: targets.Ready{After: time.Second}}},
	} {
		s, err := Parse("x.yaml", []byte(withTarget+c.text))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if !reflect.DeepEqual(*s.Target, c.want) {
			t.Errorf("got  %+v\nwant %+v", *s.Target, c.want)
		}
	}
}

func TestTargetMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"  dir: x\n", "no command; name the program"},
		{"  comand: x\n", `x.yaml:5:3: unknown key "comand"; did you mean "command"?`},
		{"  command: x\n  ready: {lines: a}\n", `unknown key "lines"; did you mean "line"?`},
		{"  command: x\n  ready: soon\n", "here stands a value where a map belongs"},
		{"  command: x\n  ready: {after: soon}\n", `after "soon": not a duration`},
		{"  command: x\n  ready: {line: a, after: 1s}\n", "more than one"},
		{"  command: x\n  stop: {signal: STOP}\n", `unknown signal "STOP"`},
		{"  command: x\n  env: {A-B: 1}\n", `"A-B" is no variable`},
		{"  command: {a: b}\n", "command is a map"},
		{"  command: [[a]]\n", "an argument is a list"},
	} {
		_, err := Parse("x.yaml", []byte(withTarget+c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
	s, err := Parse("x.yaml", []byte("matrix: {pattern: req-rep}\ntarget: {command: x}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expand(testFields, nil); err == nil || !strings.Contains(err.Error(), "add connect:") {
		t.Errorf("a target beside peers of ours: %v", err)
	}
	for _, c := range []struct {
		flags []Setting
		want  string
	}{
		{[]Setting{over("connect", "tcp://127.0.0.1:1"), over("target-pid", "7")}, "leave one out"},
		{[]Setting{over("connect", "tcp://127.0.0.1:1")}, ""},
	} {
		_, err := s.Expand(testFields, c.flags)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	s.Target = nil
	if _, err := s.Expand(testFields, []Setting{over("target-pid", "7")}); err == nil || !strings.Contains(err.Error(), "--target-pid names a service") {
		t.Errorf("the process of a peer of ours: %v", err)
	}
}
