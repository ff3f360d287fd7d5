package null

import (
	"strings"
	"testing"
)

func matchesAny(prefixes []string, topic string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(topic, p) {
			return true
		}
	}
	return false
}

func setOf(prefixes []string) map[string]int {
	set := map[string]int{}
	for _, p := range prefixes {
		set[p]++
	}
	return set
}

func TestFilter(t *testing.T) {
	for _, c := range []struct{ prefixes, topics string }{
		{"", "a  b"},
		{"a b", "a ab b c  A"},
		{"a ab abc b", "a ab abcd ac b"},
		{"b d f", "a b c d e f g ba da fa"},
		{"aa aab", "a aa aaa aab aabb ab"},
	} {
		prefixes := strings.Fields(c.prefixes)
		f := newFilter(setOf(prefixes))
		for _, topic := range strings.Split(c.topics, " ") {
			if got, want := f.match([]byte(topic)), matchesAny(prefixes, topic); got != want {
				t.Errorf("filter %q on topic %q: %v, want %v", prefixes, topic, got, want)
			}
		}
	}
	if !newFilter(map[string]int{"": 1, "a": 1}).match(nil) {
		t.Error("the empty prefix does not match the empty topic")
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("a,b,ab", "abc")
	f.Add("", "")
	f.Add("\x00,\xff,\x00\x01", "\x00\x01\x02")
	f.Fuzz(func(t *testing.T, list, topic string) {
		prefixes := strings.Split(list, ",")
		filter := newFilter(setOf(prefixes))
		if got, want := filter.match([]byte(topic)), matchesAny(prefixes, topic); got != want {
			t.Errorf("filter %q on topic %q: %v, want %v", prefixes, topic, got, want)
		}
	})
}
