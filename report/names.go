package report

import "strings"

// nameCells gives every cell a name that no other has: what differs over the
// whole report, and the loop where that alone does not tell them apart.
func nameCells(cells []*Cell) {
	if len(cells) == 0 {
		return
	}
	vary := varying(cells)
	taken := map[string]int{}
	for _, c := range cells {
		c.Name = c.name(vary)
		taken[c.Name]++
	}
	for _, c := range cells {
		if taken[c.Name] > 1 {
			c.Name += " " + loopName(c.Loop)
		}
	}
}

// name joins what the cell is by the given dimensions, or else by its pattern
// and transport. What the cell does not have is left out.
func (c *Cell) name(of []dimension) string {
	var words []string
	for _, d := range of {
		if d.text(c) != "" {
			words = append(words, d.label(c))
		}
	}
	if len(words) == 0 {
		return c.Pattern + " " + c.Transport
	}
	return strings.Join(words, " ")
}
