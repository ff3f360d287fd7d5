package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zbench/drivers"
	"zbench/scenarios"
)

// documents are what a reader is told.
var documents = []string{"README.md", "CONTRIBUTING.md", "docs/design.md", "docs/measurement.md", "docs/decisions.md", "docs/pacing.md", "docs/services.md"}

// section is the text below a heading, up to the next one of its level.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("no %s", heading)
	}
	level, _, _ := strings.Cut(heading, " ")
	before, _, _ := strings.Cut(after, "\n"+level+" ")
	return before
}

// rows are the first cells of the tables in a text, without their heads.
func rows(text string) (names []string) {
	for _, m := range regexp.MustCompile("(?m)^\\| `?([^|`]+?)`? \\|").FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// TestReadmeTables: every pattern, shipped scenario and exit code is in its
// table, and nothing else is.
func TestReadmeTables(t *testing.T) {
	text := readDoc(t, "README.md")
	var codes []string
	for _, c := range append([]int{exitOK, exitUsage}, precedence...) {
		codes = append(codes, strconv.Itoa(c))
	}
	for _, c := range []struct {
		heading, head string
		want          []string
	}{
		{"## Patterns", "pattern", drivers.Patterns()},
		{"## Scenarios", "shipped", scenarios.Shipped()},
		{"## In CI", "exit", codes},
	} {
		got := slices.DeleteFunc(rows(section(t, text, c.heading)), func(s string) bool { return s == c.head })
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s has %v, want %v", c.heading, got, c.want)
		}
	}
}

// TestReadmeThresholds: what is shown as a threshold is one.
func TestReadmeThresholds(t *testing.T) {
	shown := regexp.MustCompile("`([a-z][a-z0-9_.]* [<>=!]=? [^`]+)`").FindAllStringSubmatch(readDoc(t, "README.md"), -1)
	if len(shown) < 4 {
		t.Fatalf("found %v", shown)
	}
	for _, m := range shown {
		if _, err := scenarios.ParseThreshold(m[1]); err != nil {
			t.Error(err)
		}
	}
}

// TestDocumentedFlags: no document names a flag that no command has.
func TestDocumentedFlags(t *testing.T) {
	known := map[string]bool{"help": true}
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newApp(nil, nil, nil).rootCommand())
	for _, name := range documents {
		for _, m := range regexp.MustCompile(`zbench [^\n]*|--[a-z-]+[^\n]*`).FindAllString(readDoc(t, name), -1) {
			for _, flag := range regexp.MustCompile(`(?:^|[\s(\x60])--([a-z]+(?:-[a-z]+)*)`).FindAllStringSubmatch(m, -1) {
				if !known[flag[1]] {
					t.Errorf("%s: unknown --%s", name, flag[1])
				}
			}
		}
	}
}

// TestLinks: what a document links to in the repository is there.
func TestLinks(t *testing.T) {
	for _, name := range documents {
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readDoc(t, name), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestNamedTests: a test that a document names as package.TestName is there.
func TestNamedTests(t *testing.T) {
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declaration.FindAllStringSubmatch(string(text), -1) {
			declared[filepath.Base(filepath.Dir(path))+"."+m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, name := range documents {
		for _, m := range regexp.MustCompile(`\b([a-z]+\.(?:Test|Fuzz|Benchmark)\w+)`).FindAllStringSubmatch(readDoc(t, name), -1) {
			if named++; !declared[m[1]] {
				t.Errorf("%s: no %s", name, m[1])
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d tests are named", named)
	}
}
