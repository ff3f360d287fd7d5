package report

import (
	"strings"
	"unicode/utf8"
)

// style is how a piece of terminal text looks.
type style uint8

const (
	plain style = iota
	bold
	faint
	good
	bad
	doubtful
)

// escapes are the ANSI sequences (ECMA-48, SGR) of the styles.
var escapes = [...]string{plain: "", bold: "\x1b[1m", faint: "\x1b[2m", good: "\x1b[32m", bad: "\x1b[31m", doubtful: "\x1b[33m"}

// paint wraps s in its style where colour is wanted.
func (t style) paint(s string, color bool) string {
	if !color || t == plain || s == "" {
		return s
	}
	return escapes[t] + s + "\x1b[0m"
}

// runes is the width of s in columns; the report uses no wide characters.
func runes(s string) int { return utf8.RuneCountInString(s) }

// cut shortens s to n columns, with an ellipsis.
func cut(s string, n int) string {
	if runes(s) <= n {
		return s
	}
	rs := []rune(s)
	if n < 1 {
		return ""
	}
	return string(rs[:n-1]) + "…"
}

// wrap breaks s at spaces into lines of at most width columns; longer words
// are broken where the line ends. It keeps no runs of spaces.
func wrap(s string, width int) []string {
	width = max(width, 1)
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && runes(line)+1+runes(w) <= width {
			line += " " + w
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for runes(w) > width {
			rs := []rune(w)
			lines = append(lines, string(rs[:width]))
			w = string(rs[width:])
		}
		line = w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// hang wraps s below a lead: the first line starts with it, the others are
// indented as far.
func hang(lead, s string, width int) []string {
	n := runes(lead)
	lines := wrap(s, width-n)
	if len(lines) == 0 {
		return []string{strings.TrimRight(lead, " ")}
	}
	for i := range lines {
		if i == 0 {
			lines[i] = lead + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", n) + lines[i]
		}
	}
	return lines
}
