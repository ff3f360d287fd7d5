package scenarios

import "strings"

// Blame finds the place of what an engine or the host refuses of a cell: the
// value of the key that the text begins with or that its mend names as a flag,
// else the pattern. It is one line, the mend after the first semicolon.
func (c *Cell) Blame(text string) *Error {
	at, width := c.blamed(text)
	what, mend, _ := strings.Cut(text, "; ")
	return mistake(at, width, what, mend)
}

func (c *Cell) blamed(text string) (at Place, width int) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" :;,", r) })
	for i, word := range words {
		key, flag := strings.CutPrefix(word, "--")
		if v, ok := c.from[key]; ok && (flag || i == 0) {
			return v.At, len([]rune(v.Text))
		}
	}
	if v, ok := c.from["pattern"]; ok {
		return v.At, len(v.Text)
	}
	return c.group, 1
}
