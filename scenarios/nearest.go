package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// Unknown words the mend for a name that is none of known: the nearest one
// where there is one, else all of them.
func Unknown(name string, known []string) string {
	if slices.Contains(tagged, name) && slices.Contains(known, DefaultEngine) {
		return "this build lacks it; get it with: go build -tags libzmq ./cmd/zbench"
	}
	if near, ok := nearest(name, known); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "there are " + strings.Join(known, ", ")
}

// tagged are the engines that only a build with the tag libzmq has.
var tagged = []string{"libzmq", "pebbe"}

// nearest returns the known name that needs the fewest edits, if they are few
// enough for a slip of the fingers.
func nearest(name string, known []string) (string, bool) {
	if len(name) > 64 {
		return "", false
	}
	best, bestEdits := "", max(2, len(name)/3)+1
	for _, k := range known {
		if e := edits(fold(name), fold(k)); e < bestEdits && e < len(k) {
			best, bestEdits = k, e
		}
	}
	return best, best != ""
}

// fold takes away what people write differently: case, "_" and spaces.
func fold(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s))
}

// edits is the Levenshtein distance in bytes, where two neighbours that
// changed places are one edit.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
