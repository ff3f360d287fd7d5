// Package report is how results are shown: one Doc is built from the runs,
// then rendered for the terminal, as Markdown and as charts. It imports
// nothing of zbench but results.
package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Renderer writes a Doc in one form. It changes nothing and touches no file.
type Renderer func(w io.Writer, d *Doc) error

// MarkdownName is the file that WriteAll puts beside the charts.
const MarkdownName = "report.md"

// WriteAll writes report.md and charts/*.svg|png below dir, which is made if
// it is missing, and returns the files written.
func WriteAll(dir string, d *Doc) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("write %s: %w; choose a directory that can be written", MarkdownName, err)
	}
	files, err := WriteCharts(dir, d)
	if err != nil {
		return files, err
	}
	name := filepath.Join(dir, MarkdownName)
	if err := writeFile(name, func(w io.Writer) error { return Markdown()(w, d) }); err != nil {
		return files, err
	}
	return append(files, name), nil
}

// writeFile writes a file whole or not at all: into a sibling first, which
// then takes the name.
func writeFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w; choose a directory that can be written", name, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
