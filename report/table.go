package report

import "strings"

// column of a text table.
type column struct {
	head  string
	right bool // aligned
	name  bool // its values may be shortened
	// drop says when the column goes where the width does not suffice: the
	// highest first, 0 never.
	drop int
}

// entry is one field of a row.
type entry struct {
	text  string
	style style
}

// textTable is laid out in columns that fit a width.
type textTable struct {
	columns []column
	rows    [][]entry
}

const (
	columnGap = 2
	// Names are shortened as far as they stay readable before a column goes
	// that matters, and then as far as it takes.
	readableName = 16
	leastName    = 4
)

// fit drops and shortens columns until the table has at most width columns of
// text, and returns the heads of those dropped.
func (t *textTable) fit(width int) (dropped []string) {
	drop := func(from int) {
		for t.width() > width {
			i := t.expendable()
			if i < 0 || t.columns[i].drop < from {
				return
			}
			dropped = append(dropped, t.columns[i].head)
			t.remove(i)
		}
	}
	shorten := func(least int) {
		for t.width() > width && t.shorten(least) {
		}
	}
	drop(dropP999)
	shorten(readableName)
	drop(1)
	shorten(leastName)
	return dropped
}

func (t *textTable) expendable() int {
	best := -1
	for i, c := range t.columns {
		if c.drop > 0 && (best < 0 || c.drop > t.columns[best].drop) {
			best = i
		}
	}
	return best
}

func (t *textTable) remove(i int) {
	t.columns = append(t.columns[:i:i], t.columns[i+1:]...)
	for r, row := range t.rows {
		t.rows[r] = append(row[:i:i], row[i+1:]...)
	}
}

// shorten takes one column of text from the widest column of names
// that has more than least.
func (t *textTable) shorten(least int) bool {
	widths := t.widths()
	widest := -1
	for i, c := range t.columns {
		if c.name && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	n := widths[widest] - 1
	t.columns[widest].head = cut(t.columns[widest].head, n)
	for _, row := range t.rows {
		row[widest].text = cut(row[widest].text, n)
	}
	return true
}

func (t *textTable) widths() []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = runes(c.head)
		for _, row := range t.rows {
			widths[i] = max(widths[i], runes(row[i].text))
		}
	}
	return widths
}

func (t *textTable) width() int {
	n := columnGap * max(0, len(t.columns)-1)
	for _, w := range t.widths() {
		n += w
	}
	return n
}

// lines writes the table, heads first.
func (t *textTable) lines(color bool) []string {
	widths := t.widths()
	heads := make([]entry, len(t.columns))
	for i, c := range t.columns {
		heads[i] = entry{c.head, faint}
	}
	lines := []string{t.line(heads, widths, color)}
	for _, row := range t.rows {
		lines = append(lines, t.line(row, widths, color))
	}
	return lines
}

func (t *textTable) line(row []entry, widths []int, color bool) string {
	last := len(row) - 1
	for last >= 0 && row[last].text == "" {
		last--
	}
	var b strings.Builder
	for i := 0; i <= last; i++ {
		e := row[i]
		if i > 0 {
			b.WriteString(strings.Repeat(" ", columnGap))
		}
		fill := strings.Repeat(" ", max(0, widths[i]-runes(e.text)))
		if t.columns[i].right {
			b.WriteString(fill)
		}
		b.WriteString(e.style.paint(e.text, color))
		if !t.columns[i].right && i < last {
			b.WriteString(fill)
		}
	}
	return b.String()
}
