package scenarios

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"zbench/targets"
)

var (
	targetKeys = []string{"command", "script", "env", "dir", "ready", "stop"}
	readyKeys  = []string{"line", "endpoint", "after", "timeout"}
	stopKeys   = []string{"signal", "grace"}
)

// readTarget reads the service under test.
func readTarget(n node) (*targets.Spec, error) {
	t := &targets.Spec{}
	err := readMap(n, targetKeys, func(e entry) (err error) {
		switch e.key.text {
		case "command":
			t.Command, err = readCommand(e)
		case "script":
			t.Script, err = readScalar(e)
		case "dir":
			t.Dir, err = readScalar(e)
		case "env":
			t.Env, err = readEnv(e.value)
		case "ready":
			err = readMap(e.value, readyKeys, func(e entry) error { return setReady(&t.Ready, e) })
		case "stop":
			err = readMap(e.value, stopKeys, func(e entry) error { return setStop(&t.Stop, e) })
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := t.Validate(); err != nil {
		what, mend, _ := strings.Cut(err.Error(), "; ")
		return nil, mistake(n.at, 1, what, mend)
	}
	return t, nil
}

// readMap hands each entry of a map to set, if its key is among those known.
func readMap(n node, known []string, set func(entry) error) error {
	if n.kind != mapNode {
		return mistake(n.at, max(1, len(n.text)), "here stands "+describe(n)+" where a map belongs", "write KEY: VALUE, with "+strings.Join(known, ", "))
	}
	for _, e := range n.entries {
		found := false
		for _, k := range known {
			found = found || k == e.key.text
		}
		if !found {
			return mistake(e.key.at, len(e.key.text), fmt.Sprintf("unknown key %q", e.key.text), Unknown(e.key.text, known))
		}
		if err := set(e); err != nil {
			return err
		}
	}
	return nil
}

// readCommand takes a list of arguments, or a line for the shell.
func readCommand(e entry) ([]string, error) {
	if e.value.kind != listNode {
		line, err := readScalar(e)
		return targets.Shell(line), err
	}
	var args []string
	for _, item := range e.value.items {
		if item.kind != scalarNode {
			return nil, mistake(item.at, 1, "an argument is "+describe(item), "write one value, in quotes where it is empty or holds a colon")
		}
		args = append(args, item.text)
	}
	return args, nil
}

var goodVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func readEnv(n node) (env []string, err error) {
	if n.kind != mapNode {
		return nil, mistake(n.at, 1, "env is "+describe(n), "write a map of variables, such as PORT: 5555")
	}
	for _, e := range n.entries {
		if !goodVariable.MatchString(e.key.text) {
			return nil, mistake(e.key.at, len(e.key.text), fmt.Sprintf("%q is no variable", e.key.text), "use letters, digits and _")
		}
		if e.value.kind != scalarNode && e.value.kind != emptyNode {
			return nil, mistake(e.value.at, 1, e.key.text+" is "+describe(e.value), "write one value")
		}
		env = append(env, e.key.text+"="+e.value.text)
	}
	return env, nil
}

func setReady(r *targets.Ready, e entry) (err error) {
	switch e.key.text {
	case "line":
		r.Line, err = readScalar(e)
	case "endpoint":
		r.Endpoint, err = readScalar(e)
	case "after":
		r.After, err = readTime(e)
	case "timeout":
		r.Timeout, err = readTime(e)
	}
	return err
}

func setStop(s *targets.Stop, e entry) (err error) {
	switch e.key.text {
	case "signal":
		s.Signal, err = readScalar(e)
		s.Signal = strings.TrimPrefix(s.Signal, "SIG")
	case "grace":
		s.Grace, err = readTime(e)
	}
	return err
}

func readTime(e entry) (time.Duration, error) {
	text, err := readScalar(e)
	if err != nil {
		return 0, err
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, mistake(e.value.at, len(text), fmt.Sprintf("%s %q: not a duration", e.key.text, text), "write it like 500ms or 10s")
	}
	return d, nil
}

// checkTarget refuses a target beside peers of zbench's own, which would be
// loaded instead.
func (s *Spec) checkTarget(c *Cell) error {
	switch own := len(c.Endpoints) == 0; {
	case s.Target != nil && own:
		return mistake(c.group, 1, "target: starts a service, and this loads zbench's own peers", "add connect: or bind: with the service's endpoint")
	case s.Target != nil && c.TargetPID > 0:
		return mistake(c.from["target-pid"].At, 1, "target-pid names a service that runs, and target: starts one", "leave one out")
	case c.TargetPID > 0 && own:
		return mistake(c.from["target-pid"].At, 1, "target-pid names a service, and this loads zbench's own peers", "add connect or bind with the service's endpoint")
	}
	return nil
}

// targetSchema is the JSON schema of target:.
func targetSchema() object {
	str := func(doc string) object {
		return object{"type": []string{"string", "number"}, "description": doc}
	}
	return object{
		"type": "object", "additionalProperties": false, "required": []string{"command"},
		"description": "the service under test, which every run starts and ends",
		"properties": object{
			"command": object{"description": "program and arguments as a list, or a line for /bin/sh; {script} is the path of the script",
				"anyOf": []any{object{"type": "string"}, object{"type": "array", "minItems": 1, "items": object{"type": []string{"string", "number"}}}}},
			"script": str("text of a file that is there while the service runs"),
			"env":    object{"type": "object", "description": "environment variables"},
			"dir":    str("working directory"),
			"ready": object{"type": "object", "additionalProperties": false,
				"description": "how to know that it can be loaded (default: the endpoint of connect accepts)",
				"properties": object{
					"line": str("part of a line that it prints"), "endpoint": str("tcp or ipc endpoint that accepts"),
					"after": str("time since its start"), "timeout": str("how long to wait (default 10s)")}},
			"stop": object{"type": "object", "additionalProperties": false, "description": "how to end it",
				"properties": object{
					"signal": object{"enum": targets.Signals(), "description": "to its process group (default TERM)"},
					"grace":  str("time until SIGKILL (default 2s)")}},
		},
	}
}
