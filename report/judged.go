package report

import (
	"slices"

	"zbench/results"
)

// judged says what is known of the messages of a flawless group, once for
// each way in which they were told apart.
func (g *Group) judged() (words []string) {
	for _, c := range g.Cells {
		if s := c.judged(); !slices.Contains(words, s) {
			words = append(words, s)
		}
	}
	return words
}

// judged is no more than what can be seen of messages without a stamp.
func (c *Cell) judged() string {
	matched := ""
	for _, s := range c.Sources {
		if by := s.Run.Latency.MatchedBy; by != "" && by != "stamp" {
			matched = by
		}
	}
	switch {
	case matched == "":
		return "Nothing lost, duplicated, reordered or corrupted."
	case c.Subscribe != "" || c.Engine == results.External:
		return "Messages were counted as they came; what was lost, duplicated or reordered is not known."
	case c.PeerEngine == results.External:
		return "Every request was answered once; what the replies hold was not judged."
	}
	return "As many messages came as were sent, and whole; their order was not judged."
}
