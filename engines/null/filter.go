package null

import (
	"maps"
	"slices"
	"strings"
)

// filter is a set of subscription prefixes (RFC 29). It is never changed, so
// that the publisher reads it without a lock.
type filter struct {
	prefixes []string // sorted, none a prefix of another
}

// newFilter returns the filter of a set of prefixes.
func newFilter(set map[string]int) *filter {
	f := &filter{}
	for _, p := range slices.Sorted(maps.Keys(set)) {
		// What begins with p sorts right behind it.
		if n := len(f.prefixes); n == 0 || !strings.HasPrefix(p, f.prefixes[n-1]) {
			f.prefixes = append(f.prefixes, p)
		}
	}
	return f
}

// match reports whether topic begins with one of the prefixes: as none begins
// another, only the greatest that does not sort behind topic can.
func (f *filter) match(topic []byte) bool {
	lo, hi := 0, len(f.prefixes)
	if hi == 1 && f.prefixes[0] == "" {
		return true
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if f.prefixes[mid] <= string(topic) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return false
	}
	p := f.prefixes[lo-1]
	return len(topic) >= len(p) && string(topic[:len(p)]) == p
}
