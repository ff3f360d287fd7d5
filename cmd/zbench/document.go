package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"zbench/results"
)

// jsonFile is where --json goes: stdout, or a file that appears whole or not
// at all.
type jsonFile struct {
	name string
	temp *os.File // nil for stdout, and once it has its name
}

// openJSON finds out before the first run whether the file can be written.
func openJSON(name string) (*jsonFile, error) {
	j := &jsonFile{name: name}
	if name == "-" {
		return j, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, usage("--json %s is a directory; name a file, or - for stdout", name)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".zbench-*.json")
	if err != nil {
		return nil, usage("--json %s cannot be written: %v; name a file in a directory that can be, or - for stdout", name, cause(err))
	}
	j.temp = temp
	return j, nil
}

// write writes the document of all runs.
func (j *jsonFile) write(stdout io.Writer, runs []results.Run) error {
	if runs == nil {
		runs = []results.Run{}
	}
	text, err := json.MarshalIndent(results.File{Schema: results.Schema, Runs: runs}, "", "  ")
	if err != nil {
		return fmt.Errorf("--json %s: %w", j.name, err)
	}
	text = append(text, '\n')
	if j.temp == nil {
		_, err := stdout.Write(text)
		return err
	}
	if _, err := j.temp.Write(text); err != nil {
		return fmt.Errorf("--json %s: %w; make room there", j.name, err)
	}
	if err := j.temp.Chmod(0o644); err != nil {
		return fmt.Errorf("--json %s: %w", j.name, err)
	}
	if err := j.temp.Close(); err != nil {
		return fmt.Errorf("--json %s: %w; make room there", j.name, err)
	}
	temp := j.temp.Name()
	j.temp = nil
	if err := os.Rename(temp, j.name); err != nil {
		os.Remove(temp)
		return fmt.Errorf("--json %s: %w", j.name, err)
	}
	return nil
}

// close takes away a file that was never written.
func (j *jsonFile) close() {
	if j.temp != nil {
		j.temp.Close()
		os.Remove(j.temp.Name())
	}
}
