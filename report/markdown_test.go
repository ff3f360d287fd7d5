package report

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestMarkdownGolden(t *testing.T) {
	for _, name := range []string{"transports", "fan-out", "sweep", "lost", "failed", "empty", "staged"} {
		golden(t, name+".md", render(t, Markdown(), docs()[name]()))
	}
}

// TestWriteAll finds every picture that report.md shows.
func TestWriteAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "for it")
	files, err := WriteAll(dir, docs()["bare"]())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, MarkdownName))
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`!\[[^\]]*\]\(([^)]+)\)`).FindAllStringSubmatch(string(text), -1)
	if len(links) == 0 {
		t.Error("no picture")
	}
	for _, l := range links {
		svg := filepath.Join(dir, filepath.FromSlash(l[1]))
		for _, name := range []string{svg, strings.TrimSuffix(svg, ".svg") + ".png"} {
			if _, err := os.Stat(name); err != nil {
				t.Error(err)
			}
		}
	}
	if want := 2*len(links) + 1; len(files) != want {
		t.Errorf("%d files named, want %d", len(files), want)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "charts", ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteAllWithoutCharts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if files, err := WriteAll(dir, New(failed())); err != nil || len(files) != 1 {
		t.Errorf("files %v, error %v", files, err)
	}
	if _, err := os.Stat(filepath.Join(dir, ChartDir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder of charts was made: %v", err)
	}
}

func TestWriteAllUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := WriteAll(filepath.Join(file, "below"), docs()["bare"]())
	if err == nil || !strings.Contains(err.Error(), "choose a directory") {
		t.Errorf("error %v names no mend", err)
	}
}
