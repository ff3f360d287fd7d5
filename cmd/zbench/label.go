package main

import (
	"slices"
	"strings"

	"zbench/report"
	"zbench/scenarios"
)

// labels name cells for people: always by pattern, transport and size, and by
// whatever else was written and differs between them.
func labels(fields []scenarios.Field, cells []scenarios.Cell) []string {
	var differing []scenarios.Field
	for _, f := range fields {
		if slices.Contains([]string{"pattern", "transport", "size"}, f.Key) {
			continue
		}
		differs := func(c scenarios.Cell) bool {
			return c.Written(f.Key) && f.Get(c.Cell) != f.Get(cells[0].Cell) || c.Written(f.Key) != cells[0].Written(f.Key)
		}
		if slices.ContainsFunc(cells, differs) {
			differing = append(differing, f)
		}
	}
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = label(differing, c)
	}
	return out
}

func label(differing []scenarios.Field, c scenarios.Cell) string {
	words := []string{c.Pattern, c.Transport, report.Size(c.Size)}
	if c.Subscribe != "" { // the size is the publisher's
		words = words[:2]
	}
	for _, f := range differing {
		if v := f.Get(c.Cell); v != "" && c.Written(f.Key) {
			words = append(words, f.Key+"="+v)
		}
	}
	return strings.Join(words, " ")
}
