package results

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// NewID makes a run id that is readable, safe as a file name and, by eight
// random digits, unique: push-pull-tcp-64-r1-3f9c0a1b. A scenario's name comes
// first where there is one.
func NewID(scenario string, cell Cell, repeat int) string {
	var parts []string
	for _, p := range []string{scenario, cell.Pattern, cell.Transport, cell.Size} {
		if p = plain(p); p != "" {
			parts = append(parts, p)
		}
	}
	parts = append(parts, fmt.Sprintf("r%d-%08x", repeat, rand.Uint32()))
	return strings.Join(parts, "-")
}

// longestPart keeps names within what every file system takes.
const longestPart = 32

// plain keeps lower-case letters and digits; all else becomes one dash.
func plain(s string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= longestPart {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
