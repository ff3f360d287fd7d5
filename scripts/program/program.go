// Package program is zbench as the scripts use it: built from this tree, or
// given, and read by its result document.
package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"zbench/results"
)

// ExitNotValid is zbench's exit code for a run that is done but in doubt.
const ExitNotValid = 3

var (
	// ErrResult means that a document of zbench holds no figure that counts.
	ErrResult = errors.New("no result")
	// ErrEngine means that a program has no engine of a name.
	ErrEngine = errors.New("zbench has no such engine")
)

// Build builds the command of this module with these tags into dir.
func Build(ctx context.Context, dir, tags string) (path string, err error) {
	path = filepath.Join(dir, "zbench"+tags)
	out, err := exec.CommandContext(ctx, "go", "build", "-tags", tags, "-o", path, "zbench/cmd/zbench").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build zbench/cmd/zbench: %w; start this inside the module: %s", err, out)
	}
	return path, nil
}

// Offers reports whether a program has an engine of that name.
func Offers(ctx context.Context, path, engine string) error {
	out, err := exec.CommandContext(ctx, path, "engines").Output()
	if err != nil {
		return fmt.Errorf("%s engines: %w", path, err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, engine+" ") {
			return nil
		}
	}
	return fmt.Errorf("%w: %s", ErrEngine, engine)
}

// ReadRun takes the only run out of a result document.
func ReadRun(document []byte) (*results.Run, error) {
	var file results.File
	if err := json.NewDecoder(bytes.NewReader(document)).Decode(&file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrResult, err)
	}
	if file.Schema != results.Schema || len(file.Runs) != 1 {
		return nil, fmt.Errorf("%w: schema %q with %d runs", ErrResult, file.Schema, len(file.Runs))
	}
	return &file.Runs[0], nil
}

// Reasons are why a run is not valid.
func Reasons(r *results.Run) string {
	text := string(r.Verdict)
	for _, reason := range r.Reasons {
		text += fmt.Sprintf("; %s: %s", reason.Verdict, reason.Detail)
	}
	return text
}
