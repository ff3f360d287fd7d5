package scenarios

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrInvalid is what every Error wraps: the scenario or a flag is wrong, and
// nothing has been started.
var ErrInvalid = errors.New("invalid scenario")

// Place is where a value was written: in a file, or as a flag. The zero value
// is nowhere.
type Place struct {
	File         string
	Line, Column int    // from 1; characters, not bytes
	Source       string // the whole line
	Flag         string // "--rate"; then the rest is empty
}

// String is "FILE:LINE:COLUMN" or the flag.
func (p Place) String() string {
	if p.Flag != "" || p.Line == 0 {
		return p.Flag + p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error is a mistake in a scenario or a flag: where, what and the mend.
type Error struct {
	At    Place
	Width int // characters that the excerpt underlines; at least 1 are
	What  string
	Mend  string // may be empty where What already says it
}

// Error is one line: "tails.yaml:3:12: unknown pattern …; write …".
func (e *Error) Error() string {
	var b strings.Builder
	what, key := e.What, strings.TrimPrefix(e.At.Flag, "--")
	if rest, ok := strings.CutPrefix(what, key); key != "" && ok && strings.IndexAny(rest, " :") == 0 {
		b.WriteString("--") // the flag and its value, not the flag twice
	} else if at := e.At.String(); at != "" {
		b.WriteString(at + ": ")
		if rest, ok := strings.CutPrefix(what, "unknown "+key+" "); ok && key != "" {
			what = "unknown " + rest
		}
	}
	b.WriteString(what)
	if e.Mend != "" {
		b.WriteString("; " + e.Mend)
	}
	return b.String()
}

// Unwrap returns ErrInvalid.
func (e *Error) Unwrap() error { return ErrInvalid }

// Excerpt is the line of the file with the mistake underlined, empty where the
// mistake is in no file.
func (e *Error) Excerpt() string {
	if e.At.Line == 0 {
		return ""
	}
	number := strconv.Itoa(e.At.Line)
	line := []rune(strings.ReplaceAll(e.At.Source, "\t", " "))
	before := min(max(e.At.Column-1, 0), len(line))
	width := max(1, min(e.Width, len(line)-before))
	return fmt.Sprintf("  %s | %s\n  %s | %s%s\n", number, string(line),
		strings.Repeat(" ", len(number)), strings.Repeat(" ", before), strings.Repeat("^", width))
}

func mistake(at Place, width int, what, mend string) *Error {
	return &Error{At: at, Width: width, What: what, Mend: mend}
}
