package main

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zbench/drivers"
	"zbench/results"
)

// root of the repository, seen from this package.
const root = "../.."

// readDoc is a document of the repository.
func readDoc(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shown is a command that a document shows, and what it says comes of it.
type shown struct {
	command string
	output  []string
}

// notOurs are the commands of a document that run no zbench.
var notOurs = []string{"go test ./...", "go build ./cmd/zbench"}

var (
	fence  = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	inline = regexp.MustCompile("`(zbench [^`]+)`")
)

// blocks are the contents of the fenced blocks of a language.
func blocks(text, language string) (found []string) {
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	return found
}

// commands are those of all blocks and lines of a document, in its order.
func commands(text string) (found []shown) {
	at := 0
	prose := func(to int) {
		for _, m := range inline.FindAllStringSubmatch(text[at:to], -1) {
			found = append(found, shown{command: m[1]})
		}
	}
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		prose(m[0])
		at = m[1]
		language, body := text[m[2]:m[3]], text[m[4]:m[5]]
		for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
			command, prompted := strings.CutPrefix(line, "$ ")
			switch {
			case language == "console" && !prompted && len(found) > 0:
				last := &found[len(found)-1]
				last.output = append(last.output, line)
			case language == "console", language == "sh":
				command, _, _ = strings.Cut(command, "#")
				found = append(found, shown{command: strings.TrimSpace(command)})
			}
		}
	}
	prose(len(text))
	return found
}

// TestReadmeCommands runs every command of the README, but for the load: runs
// are made up.
func TestReadmeCommands(t *testing.T) {
	text := readDoc(t, "README.md")
	all := commands(text)
	scenario := blocks(text, "yaml")
	if len(all) < 20 || len(scenario) != 1 {
		t.Fatalf("%d commands and %d scenarios", len(all), len(scenario))
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("requests.yaml", []byte(scenario[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		t.Run(s.command, func(t *testing.T) { s.run(t) })
	}
}

func (s shown) run(t *testing.T) {
	if slices.Contains(notOurs, s.command) {
		return
	}
	args, into := s.args(t)
	r := zbenchWith(t, context.Background(), func(d drivers.Setup, _ drivers.Output) (results.Run, error) {
		return made(d, results.Valid), nil
	}, args...)
	refused := len(s.output) > 0 && strings.HasPrefix(s.output[0], "zbench: ")
	switch {
	case refused != (r.code == exitUsage), r.code == exitFailed:
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	case into != "":
		if err := os.WriteFile(into, []byte(r.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
	case refused:
		s.compare(t, r.stderr)
	case args[0] != "run" && args[0] != "report":
		s.compare(t, r.stdout)
	}
}

// args are those of zbench, and the file that its output goes to.
func (s shown) args(t *testing.T) (args []string, into string) {
	line, into, _ := strings.Cut(s.command, " > ")
	rest, ok := strings.CutPrefix(line, "zbench ")
	if !ok {
		rest, ok = strings.CutPrefix(line, "go run ./cmd/zbench ")
	}
	if !ok {
		t.Fatal("neither zbench nor known")
	}
	args = strings.Fields(rest)
	if args[0] == "run" && !slices.Contains(args, "--out") {
		args = append(args, "--overwrite") // no time passes between made-up runs
	}
	return args, into
}

// compare looks for the lines shown in what was printed, in their order; "…"
// stands for whatever was left out.
func (s shown) compare(t *testing.T, printed string) {
	rest := printed
	for _, line := range s.output {
		for _, part := range strings.Split(line, "…") {
			_, after, ok := strings.Cut(rest, strings.TrimSpace(part))
			if !ok {
				t.Fatalf("%q is not, or not there, in\n%s", part, printed)
			}
			rest = after
		}
	}
}
